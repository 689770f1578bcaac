"""What each person wants to be told of the rooms, how, and what they have been told."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Q

from members.models import Mandate, User
from messaging.enums import DEFAULT_LEVELS, STATEMENTS, Absence, Level, Rhythm, RoomKind
from messaging.models.mentions import Mention
from messaging.models.messages import Message
from messaging.models.records import Record
from messaging.models.rooms import Room


class NotificationLevelQuerySet(models.QuerySet["NotificationLevel"]):
    def of(self, user: User, room: Room) -> Level:
        """What `user` is told about in `room`: as they chose, else as rooms of its kind have it."""
        chosen = self.filter(user=user, room=room).first()
        return Level(chosen.level) if chosen else default_level(room)

    def of_person(self, user: User) -> Self:
        """Where they chose, with the rooms."""
        return self.filter(user=user).select_related("room").order_by("pk")

    def of_many(self, users: Iterable[int], rooms: Iterable[Room]) -> dict[tuple[int, int], Level]:
        """(person, room) -> what they chose, where they did."""
        found = self.filter(user__in=users, room__in=rooms)
        return {(u, r): Level(level) for u, r, level in found.values_list("user", "room", "level")}


class NotificationLevel(models.Model):
    """What a person has chosen to be told about in a room."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Level)

    objects = NotificationLevelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="one_level")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.room_id} {self.level}"


def default_level(room: Room) -> Level:
    return DEFAULT_LEVELS.get(RoomKind(room.kind), Level.MENTIONS)


class NotificationSettingsQuerySet(models.QuerySet["NotificationSettings"]):
    def of(self, user: User) -> "NotificationSettings":
        """As the person has them, or as they are for who has chosen nothing (not saved)."""
        found = self.filter(user=user).select_related("user").first()
        return found or NotificationSettings(user=user)

    def quiet(self, users: Iterable[int], now: datetime) -> set[int]:
        """Those of `users` who want to hear nothing now."""
        found = self.filter(user__in=list(users)).select_related("user")
        return {each.user_id for each in found if each.is_quiet(now)}

    def missing(self) -> list[int]:
        """People with a running mandate who have none yet."""
        running = Mandate.objects.running().values("user")
        people = User.objects.filter(pk__in=running, notification_settings=None)
        return list(people.values_list("pk", flat=True))

    def written_to(self, now: datetime) -> list["NotificationSettings"]:
        """Those to whom an e-mail may be written now, if there is something new."""
        found = self.exclude(rhythm=Rhythm.NEVER).filter(user__is_active=True)
        return [s for s in found.select_related("user").order_by("user") if s.may_write(now)]

    def locked(self, users: Iterable[int]) -> list["NotificationSettings"]:
        """Until the end of the transaction: who holds them moves these people's told marks."""
        found = self.filter(user__in=users, user__is_active=True).select_related("user")
        return list(found.order_by("user").select_for_update(of=("self",), no_key=True))


class NotificationSettings(models.Model):
    """When a person is told. Hours and days are those of the person's own time zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings"
    )
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.ABSENCE)
    rhythm_before = models.CharField(max_length=10, choices=Rhythm, blank=True)  # it was stopped
    absence = models.PositiveSmallIntegerField(choices=Absence, default=Absence.HALF_HOUR)
    daily_hour = models.PositiveSmallIntegerField(default=8)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_days = ArrayField(  # 1 Monday … 7 Sunday, whole days
        models.PositiveSmallIntegerField(), default=list, blank=True
    )
    written_at = models.DateTimeField(null=True, editable=False)  # the last e-mail

    objects = NotificationSettingsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(daily_hour__lt=24), name="hour_of_the_day"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"

    def is_quiet(self, now: datetime) -> bool:
        """Whether the person wants to hear nothing now. From 22:00 until 07:00 is over midnight."""
        local = now.astimezone(ZoneInfo(self.user.time_zone))
        if local.isoweekday() in self.quiet_days:
            return True
        if self.quiet_from is None or self.quiet_until is None:
            return False
        hour = local.time()
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def boundary(self, now: datetime) -> datetime:
        """What was said after this moment does not yet call for an e-mail."""
        if self.rhythm == Rhythm.ABSENCE:
            return now - timedelta(minutes=self.absence)
        local = now.astimezone(ZoneInfo(self.user.time_zone))
        hour = local.replace(minute=0, second=0, microsecond=0)
        if self.rhythm == Rhythm.HOURLY:
            return hour
        hour = hour.replace(hour=self.daily_hour)
        return hour if hour <= local else hour - timedelta(days=1)

    def may_write(self, now: datetime) -> bool:
        """Whether the time for an e-mail has come, as far as the clock says."""
        if self.rhythm == Rhythm.NEVER or self.is_quiet(now):
            return False
        return self.written_at is None or self.written_at <= self.boundary(now)


class ToldMarkQuerySet(models.QuerySet["ToldMark"]):
    def mailed(self, users: Iterable[int], rooms: Iterable[int]) -> dict[tuple[int, int], int]:
        return self._marks("mailed_seq", users, rooms)

    def pushed(self, users: Iterable[int], rooms: Iterable[int]) -> dict[tuple[int, int], int]:
        return self._marks("pushed_seq", users, rooms)

    def of_person(self, user: User) -> Self:
        """In every room, with the rooms."""
        return self.filter(user=user).select_related("room").order_by("pk")

    def _marks(
        self, name: str, users: Iterable[int], rooms: Iterable[int]
    ) -> dict[tuple[int, int], int]:
        """(person, room) -> up to which record they have been told."""
        found = self.filter(user__in=users, room__in=rooms)
        return {(u, r): seq for u, r, seq in found.values_list("user", "room", name)}


class ToldMark(models.Model):
    """Up to which record of a room a person was told what is new: nothing is told twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    mailed_seq = models.PositiveBigIntegerField(default=0)
    pushed_seq = models.PositiveBigIntegerField(default=0)

    objects = ToldMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="one_told_mark")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.room_id} {self.mailed_seq} {self.pushed_seq}"


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user).order_by("-pk")

    def of_many(self, users: Iterable[int]) -> list["PushDevice"]:
        return list(self.filter(user__in=users).order_by("pk"))

    def people(self) -> list[int]:
        """Who has a device that is told, by their ids."""
        return list(self.order_by("user").values_list("user", flat=True).distinct())

    def find(self, pk: int) -> "PushDevice | None":
        return self.filter(pk=pk).select_related("user").first()

    def of_session(self, session_key: str) -> Self:
        return self.filter(session_key=session_key)


class PushDevice(models.Model):
    """A browser that a person has asked to tell them, by its maker's push service.

    `p256dh` and `auth` are its keys (RFC 8291), in unpadded base64url. It is told while the web
    session in which it was added lives.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_devices"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=90)
    auth = models.CharField(max_length=30)
    session_key = models.CharField(max_length=40, db_index=True)
    user_agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PushDeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"


def new_messages(
    spans: Mapping[int, tuple[int | None, int | None]], users: Iterable[int], after: datetime
) -> models.QuerySet[Message]:
    """Messages that stand and were posted `after` a moment, in order: in each of the rooms, all
    past the first of its two numbers, and past the second those that are statements or call upon
    one of `users`. Each with `.is_statement` and `.calls`.
    """
    of = {"message": models.OuterRef("pk")}
    wanted = Q(pk=None)
    for room, (every, some) in spans.items():
        if every is not None:
            wanted |= Q(room=room, seq__gt=every)
        if some is not None:
            wanted |= Q(room=room, seq__gt=some) & (Q(is_statement=True) | Q(calls=True))
    return (
        Message.objects.filter(deletion=None, posted_at__gt=after)
        .annotate(
            is_statement=Exists(Record.objects.filter(**of, kind__in=STATEMENTS)),
            calls=Exists(Mention.objects.filter(**of, user__in=list(users))),
        )
        .filter(wanted)
        .order_by("room", "seq")
    )
