from typing import Self

from django.conf import settings
from django.db import models

from members.models.applications import Application


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def of_person(self, user_id: int) -> Self:
        return self.filter(user_id=user_id).select_related("application").order_by("pk")


class Declaration(models.Model):
    """What somebody declared when an application was submitted: never changed."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="declaration"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)  # as they were called then
    capacity = models.CharField(max_length=150)  # as they wrote it
    words = models.TextField()  # as they stood on the page
    language = models.CharField(max_length=10)  # of `words`
    at = models.DateTimeField(auto_now_add=True)

    objects = DeclarationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"
