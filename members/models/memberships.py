from typing import Self

from django.db import models

from members.models.institutions import Membership
from records.models import StoredFile

MAX_MEMBERSHIP_DOCUMENTS = 10  # of one act


class MembershipDocumentQuerySet(models.QuerySet["MembershipDocument"]):
    def find(self, pk: int) -> "MembershipDocument | None":
        return self.with_institution().filter(pk=pk).first()

    def with_institution(self) -> Self:
        return self.select_related("file", "membership__institution")


class MembershipDocument(models.Model):
    """A file that an act on a membership rests on, with the name it was sent under."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    objects = MembershipDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "file"], name="membership_document_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
