"""The calendar of a group."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from members.models.groups import Group
from members.models.people import Mandate, User
from records.languages import Shown, in_language

YEAR = timedelta(days=366)


class GroupDateQuerySet(models.QuerySet["GroupDate"]):
    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def of_groups(self, groups: Collection[int]) -> Self:
        return self.filter(group__in=groups)

    def told(self, places: Any, *, office: bool) -> Self:
        """Of the groups in `places` (ids, or a query for them), for the `office` of those too that
        it chairs; over since a year at the most. With the group, in order.
        """
        chaired = Q(group__secretariat_chairs=True) if office else Q()
        found = self.filter(Q(group__in=places) | chaired, ends_at__gt=timezone.now() - YEAR)
        return found.select_related("group").in_order()

    def upcoming(self) -> Self:
        """Not over, cancelled ones too; the next first."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def past(self) -> Self:
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def with_group(self) -> Self:
        return self.select_related("group")

    def in_order(self) -> Self:
        return self.order_by("starts_at", "pk")

    def of_form(self, group: Group, client_id: UUID | None) -> "GroupDate | None":
        """What was set by the form of this number."""
        return self.of_group(group).filter(client_id=client_id).first() if client_id else None

    def find(self, group: Group, pk: int) -> "GroupDate | None":
        return self.of_group(group).filter(pk=pk).first() if 0 < pk < 2**63 else None


class Occasion(models.Model):
    """A date as it stands, or stood in one version: what, when, where."""

    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    # Of whole days: from the midnight that begins the first until the one that ends the last, by
    # the clocks of `zone`.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    has_hours = models.BooleanField(default=True)
    zone = models.CharField(max_length=60)
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    number = models.PositiveIntegerField(default=1)  # of the version
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)
    saved_by = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @property
    def title(self) -> Shown:
        return in_language(self.titles)

    @property
    def description(self) -> Shown:
        return in_language(self.descriptions)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def clocks(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def first_day(self) -> date:
        """By its own clocks."""
        return self.starts_at.astimezone(self.clocks).date()

    @property
    def last_day(self) -> date:
        last = self.ends_at if self.has_hours else self.ends_at - timedelta(seconds=1)
        return last.astimezone(self.clocks).date()

    @property
    def first_hour(self) -> time | None:
        return self._hour(self.starts_at)

    @property
    def last_hour(self) -> time | None:
        return self._hour(self.ends_at)

    def _hour(self, moment: datetime) -> time | None:
        return moment.astimezone(self.clocks).time() if self.has_hours else None


class GroupDate(Occasion):
    """A date of a group, as its last version has it. Cancelled, it stays in the calendar."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="dates")
    client_id = models.UUIDField(null=True, blank=True, editable=False)  # as `Group.client_id`

    objects = GroupDateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "starts_at"], name="group_date_by_start")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="group_date_ends_after_start"
            ),
            models.UniqueConstraint(fields=["group", "client_id"], name="group_date_set_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.pk}"


class GroupDateVersionQuerySet(models.QuerySet["GroupDateVersion"]):
    def of_date(self, date: GroupDate) -> Self:
        """The latest first."""
        return (
            self.filter(date=date)
            .select_related("saved_by__user", "saved_by__institution")
            .order_by("-number")
        )

    def saved_by_person(self, user: User) -> Self:
        """In whose name ever, in order, with the group; `.said_before`: what the description of the
        version before was.
        """
        earlier = GroupDateVersion.objects.filter(
            date=OuterRef("date"), number__lt=OuterRef("number")
        ).order_by("-number")
        found = self.filter(saved_by__user=user).select_related("date__group").order_by("pk")
        return found.annotate(said_before=Subquery(earlier.values("descriptions")[:1]))

    def find(self, pk: int) -> "GroupDateVersion | None":
        return self.select_related("date__group", "saved_by").filter(pk=pk).first()

    def first_of(self, date: GroupDate) -> "GroupDateVersion":
        return self.get(date=date, number=1)

    def is_last_news(self, version: "GroupDateVersion") -> bool:
        """Whether nothing that members were told of came after it."""
        later = self.filter(date=version.date_id, number__gt=version.number).exclude(told="")
        return not later.exists()


class GroupDateVersion(Occasion):
    """What a date was from one change to the next. Never changed, never removed."""

    date = models.ForeignKey(GroupDate, on_delete=models.PROTECT, related_name="versions")
    told = models.CharField(max_length=10, blank=True)  # the letter about it (see `emails_dates`)

    objects = GroupDateVersionQuerySet.as_manager()
    said_before: dict[str, str] | None  # set by `saved_by_person()`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date", "number"], name="group_date_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.date_id}/{self.number}"
