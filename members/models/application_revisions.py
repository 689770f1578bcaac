from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models.applications import Application


class ApplicationRevisionQuerySet(models.QuerySet["ApplicationRevision"]):
    def in_order(self) -> Self:
        """With who made it, the first first."""
        return self.select_related("actor").order_by("number")

    def made_by_person(self, user_id: int) -> Self:
        """With the applications."""
        return self.filter(actor=user_id).select_related("application").order_by("at", "pk")

    def standing_at(
        self, applications: Collection[int], until: datetime
    ) -> dict[int, dict[str, Any]]:
        """What each of these applications (ids) said before a moment: one that is not there was
        never changed. Number 0, whenever it was kept, is how it was submitted.
        """
        found = (
            self.filter(Q(at__lt=until) | Q(number=0), application__in=applications)
            .order_by("application", "-number")
            .distinct("application")
        )
        return {each.application_id: each.contents for each in found}


class ApplicationRevision(models.Model):
    """What an application said: number 0 as it was submitted, then as each change left it.

    Never changed itself.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contents = models.JSONField()

    objects = ApplicationRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="one_application_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number}"
