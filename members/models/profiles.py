from typing import Any, Self

from django.db import models

from members.models.institutions import Institution
from members.models.people import Mandate, User
from records.models import StoredFile


class ProfileVersionQuerySet(models.QuerySet["ProfileVersion"]):
    def in_order(self) -> Self:
        """With who saved it, the latest first."""
        return self.select_related("actor", "mandate__institution").order_by("-number")

    def find(self, number: int) -> "ProfileVersion | None":
        return self.filter(number=number).first()

    def with_logos(self) -> Self:
        return self.select_related("logo")

    def of_logo(self, institution_id: int, sha256: str) -> Self:
        """Those in which the institution had this logo."""
        return self.filter(institution=institution_id, logo__sha256=sha256)


class ProfileVersion(models.Model):
    """The profile of an institution as it stood once: number 0 before its first change, then as
    each change left it. Never changed itself.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="profile_versions"
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    profile = models.JSONField()  # see `Institution.profile()`
    logo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ProfileVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="one_profile_version")
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.number}"

    @property
    def contents(self) -> dict[str, Any]:
        """The profile with its logo, by its digest."""
        return {**self.profile, "logo": self.logo.sha256 if self.logo else ""}
