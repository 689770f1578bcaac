from typing import Self

from django.conf import settings
from django.db import models

from members.models.applications import Application
from records.models import StoredFile


class DossierFileQuerySet(models.QuerySet["DossierFile"]):
    def of(self, application_id: int, user_id: int) -> Self:
        found = self.filter(application_id=application_id, user_id=user_id)
        return found.select_related("file").order_by("language")

    def find(self, pk: int, user_id: int) -> "DossierFile | None":
        found = self.filter(pk=pk, user_id=user_id)
        return found.select_related("application__contact", "file", "user").first()


class DossierFile(models.Model):
    """The dossier as one PDF, made for a reader by a job. One a reader and language: the latest."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="dossiers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)  # with no file: it could not be made
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DossierFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "language"], name="dossier_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id} {self.language}"
