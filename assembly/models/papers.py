"""The dossier of a question as one PDF, for those who decide it."""

from typing import Self

from django.db import models

from assembly.models.meetings import AgendaItem
from records.models import StoredFile


class ItemDossierQuerySet(models.QuerySet["ItemDossier"]):
    def of(self, item_id: int) -> Self:
        return self.filter(item=item_id).select_related("file").order_by("language")

    def in_language(self, item_id: int, language: str) -> "ItemDossier | None":
        return self.of(item_id).filter(language=language).first()

    def find(self, pk: int) -> "ItemDossier | None":
        found = self.filter(pk=pk)
        return found.select_related("item__application", "item__poll", "file").first()


class ItemDossier(models.Model):
    """One a question and language, for all who may read it: an application before a meeting does
    not change.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="dossiers")
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)  # with no file: it could not be made
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemDossierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "language"], name="item_dossier_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.language}"
