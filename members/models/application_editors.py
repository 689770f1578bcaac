from typing import Self

from django.conf import settings
from django.db import models

from members.models.applications import Application


class ApplicationEditorQuerySet(models.QuerySet["ApplicationEditor"]):
    def in_order(self) -> Self:
        """With the person, the longest there first."""
        return self.select_related("user").order_by("added_at", "pk")

    def of_person(self, application: Application, user_id: int) -> Self:
        return self.filter(application=application, user_id=user_id)

    def numbered(self, application_id: int, pk: int) -> "ApplicationEditor | None":
        return (
            self.select_related("user", "application")
            .filter(application_id=application_id, pk=pk)
            .first()
        )


class ApplicationEditor(models.Model):
    """A person who writes an application together with its contact, and reads all its contact
    reads.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="editors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edited_applications"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ApplicationEditorQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"], name="one_editor_of_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.application_id}"
