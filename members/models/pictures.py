"""Pictures of institutions: what is kept of each, and which of them a person goes on from."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.institutions import Institution
from members.models.people import Mandate, User
from records.models import StoredFile

MOST_PICTURES = 12  # that are shown of one institution
MOST_KEPT = 200  # of one institution, those that were taken out too


class InstitutionPictureQuerySet(models.QuerySet["InstitutionPicture"]):
    def with_files(self) -> Self:
        return self.select_related("institution", "small", "large")

    def of_file(self, institution_id: int, sha256: str) -> Self:
        """Those of the institution that have this file in one of their sizes."""
        return self.filter(
            Q(small__sha256=sha256) | Q(large__sha256=sha256), institution=institution_id
        )

    def find(self, institution: Institution, pk: int) -> "InstitutionPicture | None":
        found = self.filter(institution=institution, pk=pk)
        return found.first() if 0 < pk < 2**63 else None

    def same(self, institution: Institution, large: StoredFile) -> "InstitutionPicture | None":
        return self.filter(institution=institution, large=large).first()

    def added_by_person(self, user: User) -> Self:
        return self.filter(added_by=user).with_files().order_by("pk")

    def beside(self, institution: Institution, entries: list[dict[str, Any]]) -> Self:
        """Those of the institution that are not among `entries`, the last added first."""
        among = [entry["id"] for entry in entries]
        return self.filter(institution=institution).exclude(pk__in=among).order_by("-pk")


class InstitutionPicture(models.Model):
    """A picture that an institution has sent, in two sizes. It is never deleted: which are shown,
    in what order and with which words, is `Institution.pictures`, of which versions are kept.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="pictures_kept"
    )
    small = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    large = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    entry = models.JSONField(default=dict)  # of `Institution.pictures`, as it was said last
    version = models.PositiveIntegerField(default=1)  # of its words
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = InstitutionPictureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "large"], name="one_picture_of_an_institution"
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution_id}/{self.pk}"

    @property
    def is_published(self) -> bool:
        return any(entry["id"] == self.pk for entry in self.institution.pictures)

    def file_of(self, sha256: str) -> StoredFile:
        return self.small if self.small.sha256 == sha256 else self.large


def pictures_to_change(institution: Institution, *, waits: bool) -> list[dict[str, Any]]:
    """What a person goes on from: where what they say `waits`, what is proposed; else what stands.

    As `Institution.pictures` has it.
    """
    proposal = institution.profile_proposals.open().first() if waits else None
    entries: list[dict[str, Any]] = (
        proposal.profile["pictures"] if proposal else institution.pictures
    )
    return entries
