from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Prefetch, Q
from django.utils import timezone
from django_countries.fields import CountryField

from members.enums import InstitutionKind, MembershipClass, MembershipState
from records.languages import Shown, in_language


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def with_membership(self) -> Self:
        """Each with its current memberships (none or one) in `.current_memberships`."""
        return self.prefetch_related(
            Prefetch(
                "memberships",
                queryset=Membership.objects.current(),
                to_attr="current_memberships",
            )
        )

    def active(self) -> Self:
        """Institutions that are part of the network today."""
        return self.filter(
            memberships__until=None, memberships__state=MembershipState.ACTIVE
        ).distinct()

    def in_directory(self) -> Self:
        """What the directory lists, in the official order (English name of the country)."""
        return self.active().with_membership().order_by("country", "pk")

    def find(self, pk: int) -> "Institution | None":
        return self.filter(pk=pk).first()

    def matching(self, folded: str) -> Self:
        """Those whose folded names hold every word of `folded` (see `records.folding`)."""
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found


class Institution(models.Model):
    """An organisation that is, was or asks to be part of the network."""

    names = models.JSONField(default=dict)  # language code -> official name
    acronym = models.CharField(max_length=40, blank=True)
    country = CountryField(blank=True)  # blank for an international organisation
    kind = models.CharField(max_length=40, choices=InstitutionKind, blank=True)
    website = models.URLField(blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True, editable=False)  # folded names and country
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InstitutionQuerySet.as_manager()
    current_memberships: list["Membership"]

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Shown:
        return in_language(self.names)

    @property
    def membership(self) -> "Membership | None":
        """The current membership. Costs a query unless read through `with_membership()`."""
        if not hasattr(self, "current_memberships"):
            self.current_memberships = list(self.memberships.current())
        return self.current_memberships[0] if self.current_memberships else None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def public(self) -> Self:
        """Standing that everyone may know: a candidate is not a member yet."""
        return self.exclude(state=MembershipState.CANDIDATE)

    def active(self) -> Self:
        return self.current().filter(state=MembershipState.ACTIVE)

    def entitled_to_vote(self) -> Self:
        """Active full members: who decides in the assembly (one institution, one vote)."""
        return self.active().filter(membership_class=MembershipClass.FULL)


class Membership(models.Model):
    """An institution's standing over a time. A change closes the row and opens the next."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="memberships"
    )
    membership_class = models.CharField(max_length=20, choices=MembershipClass)
    state = models.CharField(max_length=20, choices=MembershipState)
    since = models.DateField(null=True, blank=True)  # null: the source does not say
    until = models.DateField(null=True, blank=True)  # null: it still stands
    reason = models.TextField(blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution"], condition=Q(until=None), name="one_current_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.membership_class} {self.state}"


class PresidencyQuerySet(models.QuerySet["Presidency"]):
    def running(self, on: date | None = None) -> Self:
        """The presidency of a day (default: today, UTC)."""
        day = on or timezone.now().date()
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Presidency(models.Model):
    """The institution that presides, both days included. Its office is the secretariat."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="presidencies"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    interim = models.BooleanField(default=False)

    objects = PresidencyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "presidencies"
        constraints = [
            ExclusionConstraint(
                name="presidencies_do_not_overlap",
                expressions=[
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.starts_on}–{self.ends_on or ''}"
