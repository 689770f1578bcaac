"""Who presides, from which moment to which."""

from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone

from members.models.institutions import Institution


def network_zone() -> ZoneInfo:
    """The zone in which the days of a term are said, and of what is due."""
    return ZoneInfo(settings.NETWORK_TIME_ZONE)


def network_day(at: datetime) -> date:
    """The day of a moment, as the network says days: of terms, of memberships and of dues."""
    return at.astimezone(network_zone()).date()


def network_today() -> date:
    """The day of the network: what is due on a day is due until its end there."""
    return network_day(timezone.now())


class PresidencyQuerySet(models.QuerySet["Presidency"]):
    def running(self, at: datetime | None = None) -> Self:
        """The presidency of a moment (default: now)."""
        now = at or timezone.now()
        return self.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))

    def unended(self, at: datetime | None = None) -> Self:
        """Running at a moment (default: now), or beginning later."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at or timezone.now()))

    def coming(self, at: datetime | None = None) -> Self:
        return self.filter(starts_at__gt=at or timezone.now())

    def begun(self, at: datetime | None = None) -> Self:
        """Running and past ones."""
        return self.filter(starts_at__lte=at or timezone.now())

    def over(self, at: datetime | None = None) -> Self:
        return self.filter(ends_at__lte=at or timezone.now())

    def by_hand(self) -> Self:
        """Terms that are over and that no handover began or ended: they were written down."""
        return self.over().filter(handed_over=None, received_by=None)

    def same_as(self, term: "Presidency") -> "Presidency | None":
        """One that says the very same."""
        said = {"institution": term.institution, "interim": term.interim}
        return self.filter(**said, starts_at=term.starts_at, ends_at=term.ends_at).first()

    def overlapping(self, term: "Presidency") -> Self:
        """Others in its time; it has an end."""
        others = self.exclude(pk=term.pk).filter(starts_at__lt=term.ends_at)
        return others.filter(Q(ends_at=None) | Q(ends_at__gt=term.starts_at)).for_timeline()

    def find(self, pk: int) -> "Presidency | None":
        return self.select_related("institution").filter(pk=pk).first()

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def for_timeline(self) -> Self:
        """All of them with their institutions, the latest first."""
        return self.select_related("institution").order_by("-starts_at")


class Presidency(models.Model):
    """The institution that presides, from a moment until before another. Its office is the
    secretariat.

    `starts_on` and `ends_on` are its first and last day in the network's zone; to set one is to
    say that the term begins, or ends, with the whole day.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="presidencies"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    interim = models.BooleanField(default=False)

    objects = PresidencyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name_plural = "presidencies"
        constraints = [
            ExclusionConstraint(
                name="presidencies_do_not_overlap",
                expressions=[
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="presidency_ends_after_start",  # an empty range overlaps nothing
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.starts_at}–{self.ends_at or ''}"

    @property
    def starts_on(self) -> date:
        return self.starts_at.astimezone(network_zone()).date()

    @starts_on.setter
    def starts_on(self, day: date) -> None:
        self.starts_at = datetime.combine(day, time(), network_zone())

    @property
    def ends_on(self) -> date | None:
        """Its last day; that of a term which ends at midnight is the day before."""
        if self.ends_at is None:
            return None
        return (self.ends_at - timedelta(microseconds=1)).astimezone(network_zone()).date()

    @ends_on.setter
    def ends_on(self, day: date | None) -> None:
        self.ends_at = day and datetime.combine(day + timedelta(days=1), time(), network_zone())

    @property
    def mark(self) -> str:
        """What it says, to tell whether it was changed since somebody looked."""
        return f"{self.institution_id} {self.starts_at} {self.ends_at} {int(self.interim)}"

    @property
    def last_day(self) -> date | None:
        """Its last day, once it is over: until then the end can be moved."""
        return None if self.runs_at() else self.ends_on

    def runs_at(self, at: datetime | None = None) -> bool:
        now = at or timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)
