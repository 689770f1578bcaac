from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApplicationFormVersionQuerySet(models.QuerySet["ApplicationFormVersion"]):
    def published(self) -> Self:
        """The latest first: the first is the form of today."""
        return self.exclude(published_at=None).order_by("-number")

    def in_preparation(self) -> "ApplicationFormVersion | None":
        return self.filter(published_at=None).first()

    def current(self) -> "ApplicationFormVersion | None":
        return self.published().first()

    def of_number(self, number: int) -> "ApplicationFormVersion | None":
        return self.published().filter(number=number).first()

    def labels_of(self, keys: Collection[str]) -> dict[str, dict[str, str]]:
        """What questions (by their keys) were called when they were asked last."""
        found: dict[str, dict[str, str]] = {}
        for version in self.order_by("number") if keys else ():
            for question in version.definition.get("questions", []):
                if question["key"] in keys:
                    found[question["key"]] = question["labels"]
        return found

    def labels(self) -> dict[str, dict[str, str]]:
        """Of every question and kind of document, by the name of its part, as it was put last."""
        found: dict[str, dict[str, str]] = {}
        for said in self.order_by("number").values_list("definition", flat=True):
            for question in said.get("questions", []):
                found[f"question:{question['key']}"] = question["labels"]
            for document in said.get("documents", []):
                found[f"document:form:{document['key']}"] = document["labels"]
        return found

    def latest_number(self) -> int:
        return self.aggregate(most=models.Max("number"))["most"] or 0


class ApplicationFormVersion(models.Model):
    """What the network asks of applicants, the fields that every application has included.

    See `members.application_definitions` for `definition`. A published one never changes; at most
    one is in preparation.
    """

    number = models.PositiveIntegerField(unique=True)
    definition = models.JSONField(default=dict)
    changes = models.PositiveIntegerField(default=0)  # made while in preparation
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ApplicationFormVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(published_at=None),
                name="one_application_form_in_preparation",
            )
        ]

    def __str__(self) -> str:
        return str(self.number)
