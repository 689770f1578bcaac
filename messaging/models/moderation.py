"""Who may not write for a time, what was reported, what is to be erased, what must be kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import Mandate, User
from messaging.enums import ErasureState, LegalGround, ReportOutcome, ReportReason
from messaging.models.messages import Message

if TYPE_CHECKING:
    from messaging.models.records import Record
    from messaging.models.rooms import Room


class MuteQuerySet(models.QuerySet["Mute"]):
    def standing(self, room: "Room", at: datetime | None = None) -> Self:
        """Those that are not over by their time."""
        return self.filter(room=room).filter(Q(until=None) | Q(until__gt=at or timezone.now()))

    def of(self, room: "Room", users: Iterable[int], at: datetime) -> dict[int, "Mute"]:
        """By person, those of `users` who may not write in `room`."""
        return {mute.user_id: mute for mute in self.standing(room, at).filter(user__in=users)}

    def by_room(self, user: User, rooms: "Iterable[Room]", at: datetime) -> dict[int, "Mute"]:
        """By room, of `rooms` those in which the person may not write."""
        found = self.filter(user=user, room__in=rooms).filter(Q(until=None) | Q(until__gt=at))
        return {mute.room_id: mute for mute in found}

    def find(self, room: "Room", user: User) -> "Mute | None":
        """The last one, be it over by its time; none where it was lifted."""
        return self.filter(room=room, user=user).first()

    def of_room(self, room: "Room") -> Self:
        """With those that are over by their time: what the room's record amounts to."""
        return self.filter(room=room)

    def of_person(self, user: User) -> Self:
        """In every room, with the rooms; with those that are over by their time."""
        return self.filter(user=user).select_related("room").order_by("pk")

    def for_list(self, room: "Room") -> Self:
        return self.standing(room).select_related("user", "mandate__institution").order_by("pk")


class Mute(models.Model):
    """A person who reads a room and may not write there: until a time, or until it is lifted.

    What the record of the room amounts to: one row for a person and room at most, gone when it is
    lifted. The reason is the text of the record.
    """

    room = models.ForeignKey("messaging.Room", on_delete=models.PROTECT, related_name="mutes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mutes"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")  # by which
    until = models.DateTimeField(null=True)
    since = models.DateTimeField()

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.user_id} {self.until}"


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(outcome="")

    def settled(self) -> Self:
        return self.exclude(outcome="")

    def in_rooms(self, rooms: "Iterable[Room]") -> Self:
        return self.filter(message__room__in=rooms)

    def shown_to(self, user: User) -> Self:
        """Nobody sees or settles what was reported of themselves."""
        return self.exclude(message__author=user)

    def of_message(self, message: Message) -> Self:
        return self.filter(message=message)

    def made_by(self, user: User) -> Self:
        return self.filter(reporter=user)

    def by(self, user: User, message: Message) -> "Report | None":
        return self.filter(reporter=user, message=message).first()

    def for_list(self) -> Self:
        return self.select_related(
            "message__room",
            "message__author",
            "message__mandate__institution",
            "message__deletion",
            "reporter",
            "mandate__institution",
            "settled_by",
        )

    def find(self, room: "Room", pk: int) -> "Report | None":
        return self.for_list().filter(message__room=room, pk=pk).first()


class Report(models.Model):
    """A reader calls the attention of who runs the room to a message. In no room's record, which
    everybody there reads.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ReportReason)
    words = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=20, choices=ReportOutcome, blank=True)
    note = models.TextField(blank=True)  # to the reporter
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # words and note, for law's sake

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "reporter"], name="reported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.reporter_id} {self.outcome}"

    @property
    def is_open(self) -> bool:
        return self.outcome == ""

    @property
    def has_words(self) -> bool:
        """Whether a person wrote anything into it."""
        return bool(self.words or self.note)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def waiting(self) -> Self:
        return self.filter(state=ErasureState.ASKED)

    def in_rooms(self, rooms: "Iterable[Room]") -> Self:
        return self.filter(
            Q(message__room__in=rooms)
            | Q(record__room__in=rooms)
            | Q(report__message__room__in=rooms)
        )

    def shown_to(self, user: User) -> Self:
        """As reports: what was reported of oneself one does not see."""
        return self.exclude(report__message__author=user)

    def for_second(self, user: User) -> Self:
        """Those that somebody else asked for."""
        return self.shown_to(user).exclude(asked_by=user)

    def of(self, thing: "Message | Record | Report") -> Self:
        """The latest first."""
        name = {"Message": "message", "Record": "record"}.get(type(thing).__name__, "report")
        return self.filter(**{name: thing}).for_list().order_by("-pk")

    def for_list(self) -> Self:
        return self.select_related(
            "message__room",
            "record__room",
            "report__message__room",
            "asked_by",
            "mandate__institution",
            "answered_by",
        )


class Erasure(models.Model):
    """One of the secretariat asks that a text be erased; another carries it out, or not. The text
    is that of a message, the reason that stands in one record, or the words of a report.

    The ground stands here and not in the record: it may say what the text said.
    """

    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="erasures"
    )
    record = models.ForeignKey(
        "messaging.Record", null=True, on_delete=models.PROTECT, related_name="erasures"
    )
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="erasures")
    ground = models.CharField(max_length=20, choices=LegalGround)
    explanation = models.TextField()
    state = models.CharField(max_length=10, choices=ErasureState, default=ErasureState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # of who answered

    objects = ErasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(state=ErasureState.ASKED),
                name="erasure_asked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state=ErasureState.ASKED),
                name="reason_erasure_asked_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state=ErasureState.ASKED),
                name="report_erasure_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=False, record=None, report=None)
                | Q(message=None, record__isnull=False, report=None)
                | Q(message=None, record=None, report__isnull=False),
                name="erasure_of_one_text",
            ),
            models.CheckConstraint(
                condition=~Q(state=ErasureState.DONE) | ~Q(answered_by=F("asked_by")),
                name="erasure_under_two_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id or self.record_id or self.report_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ErasureState.ASKED

    @property
    def thing(self) -> "Message | Record | Report":
        """What has the text."""
        found = self.message or self.record or self.report
        assert found is not None  # noqa: S101  the database refuses a row of none
        return found

    @property
    def of(self) -> "Message | Record":
        """The same, or the message that was reported: it has a room and a number."""
        return self.thing.message if isinstance(self.thing, Report) else self.thing


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self, room: "Room") -> "Hold | None":
        return self.filter(room=room, lifted_at=None).for_list().first()

    def of_room(self, room: "Room") -> Self:
        """The latest first."""
        return self.filter(room=room).for_list().order_by("-pk")

    def for_list(self) -> Self:
        return self.select_related("placed_by", "lifted_by")


class Hold(models.Model):
    """While it stands, no text of the room is erased. The reason is for who runs the room alone:
    it may concern those who read there.
    """

    room = models.ForeignKey("messaging.Room", on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifting_reason = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(lifted_at=None), name="one_hold_of_a_room"
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.placed_at} {self.lifted_at}"
