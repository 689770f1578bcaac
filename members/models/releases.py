from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from members.enums_standing import ProposalState
from members.models.institutions import Institution
from members.models.people import Mandate, User
from members.models.profiles import ProfileVersion
from records.models import StoredFile


class ReleaseRule(models.Model):
    """Whether changes to profiles wait for the secretariat's release: one row at the most; no row
    says no.
    """

    is_only = models.BooleanField(default=True, unique=True, editable=False)
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="one_release_rule")]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"

    @classmethod
    def holds(cls) -> bool:
        return cls.objects.filter(is_on=True).exists()


class ProfileProposalQuerySet(models.QuerySet["ProfileProposal"]):
    def open(self) -> Self:
        """What waits, or was returned and is to be written on: one an institution at the most."""
        return self.filter(is_open=True)

    def waiting(self) -> Self:
        return self.filter(state=ProposalState.WAITING)

    def returned_to(self, institution: Institution) -> Self:
        """What its people are asked to write on."""
        return self.open().filter(state=ProposalState.RETURNED, institution=institution)

    def longest_first(self) -> Self:
        return self.order_by("at", "pk")

    def in_order(self) -> Self:
        """The latest first."""
        return self.order_by("-number")

    def for_display(self) -> Self:
        return self.select_related(
            "institution__logo", "logo", "actor", "mandate__institution", "decided_by"
        )

    def of_logo(self, institution_id: int, sha256: str) -> Self:
        """Those by which the institution was to have this logo."""
        return self.filter(institution=institution_id, logo__sha256=sha256).select_related("logo")

    def made_by_person(self, user: User) -> Self:
        """With institution and logo; `.seen`: the profile that stood then, where a version of it
        was kept; `.before` and `.logo_before`: what was proposed before, perhaps by others.
        """
        of = {"institution": OuterRef("institution")}
        stood = ProfileVersion.objects.filter(**of, number=OuterRef("seen_version"))
        earlier = ProfileProposal.objects.filter(**of, number__lt=OuterRef("number"))
        earlier = earlier.order_by("-number")
        found = self.filter(actor=user).select_related("institution", "logo").order_by("pk")
        return found.prefetch_related("institution__fields_of_work").annotate(
            seen=Subquery(stood.values("profile")[:1]),
            before=Subquery(earlier.values("profile")[:1]),
            logo_before=Subquery(earlier.values("logo")[:1]),
        )

    def find(self, number: int) -> "ProfileProposal | None":
        return self.filter(number=number).first()

    def by_id(self, pk: int) -> "ProfileProposal | None":
        return self.filter(pk=pk).first()


class ProfileProposal(models.Model):
    """A profile as an institution wishes it to stand, and what became of it. None is ever deleted;
    a newer one closes the one that is open.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="profile_proposals"
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    profile = models.JSONField()  # see `Institution.profile()`
    changes_logo = models.BooleanField(default=False)  # else the one that stands stays
    logo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    seen_version = models.PositiveIntegerField()  # of the profile that stood then
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.WAITING)
    is_open = models.BooleanField(default=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reasons = models.TextField(blank=True)  # of a return

    objects = ProfileProposalQuerySet.as_manager()
    seen: dict[str, Any] | None  # set by `made_by_person()`, as are:
    before: dict[str, Any] | None
    logo_before: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"], name="one_profile_proposal_number"
            ),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(is_open=True), name="one_open_profile_proposal"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned", reasons=""), name="profile_is_returned_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, state__in=("waiting", "returned"))
                | Q(is_open=False) & ~Q(state="waiting"),
                name="open_profile_proposal_is_undone",
            ),
            models.CheckConstraint(
                condition=Q(changes_logo=True) | Q(logo=None), name="proposed_logo_changes_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.number}"

    @property
    def contents(self) -> dict[str, Any]:
        """As `ProfileVersion.contents`."""
        logo = self.logo_to_stand
        return {**self.profile, "logo": logo.sha256 if logo else ""}

    @property
    def has_new_logo(self) -> bool:
        """Whether it brought a logo; of one read through `made_by_person()`."""
        return self.logo_id is not None and self.logo_id != self.logo_before

    @property
    def logo_to_stand(self) -> StoredFile | None:
        return self.logo if self.changes_logo else self.institution.logo

    @property
    def standing(self) -> ProposalState:
        return ProposalState(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING
