from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery

from members.models.institutions import Institution
from members.models.people import Mandate, User
from records.models import StoredFile


class ProfileVersionQuerySet(models.QuerySet["ProfileVersion"]):
    def in_order(self) -> Self:
        """With who saved it, the latest first."""
        return self.select_related("actor", "mandate__institution").order_by("-number")

    def find(self, number: int) -> "ProfileVersion | None":
        return self.filter(number=number).first()

    def saved_by_person(self, user: User) -> Self:
        """With institution and logo; `.before`: the profile of the version before, and
        `.logo_before` the number of its logo.
        """
        earlier = ProfileVersion.objects.filter(
            institution=OuterRef("institution"), number__lt=OuterRef("number")
        ).order_by("-number")
        found = self.filter(actor=user).select_related("institution", "logo").order_by("pk")
        return found.annotate(
            before=Subquery(earlier.values("profile")[:1]),
            logo_before=Subquery(earlier.values("logo")[:1]),
        )

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
    before: dict[str, Any] | None  # set by `saved_by_person()`, as is:
    logo_before: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="one_profile_version")
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.number}"

    @property
    def has_new_logo(self) -> bool:
        """Whether it brought a logo; of one read through `saved_by_person()`."""
        return self.logo_id is not None and self.logo_id != self.logo_before

    @property
    def contents(self) -> dict[str, Any]:
        """The profile with its logo, by its digest."""
        return {**self.profile, "logo": self.logo.sha256 if self.logo else ""}
