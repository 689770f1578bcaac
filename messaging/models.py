"""Rooms, who may enter them, and their record.

The record is the room: every act that changes a room appends one `Record`, and `Message` rows
are what the record amounts to now. `messaging.actions` holds the only writes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Count, F, Func, Q, When
from django.db.models.functions import Coalesce, TruncMonth

from members.enums import Capacity
from members.models import Group, Institution, Mandate, User
from messaging.enums import ParticipantRole, RecordKind, RoomKind
from records.chain import instant
from records.folding import folded_in, holds
from records.languages import Shown, in_language

COUNTED = 100  # unread messages of one room: nobody is helped by a larger number


class RoomQuerySet(models.QuerySet["Room"]):
    def readable_by(self, user: User) -> Self:
        """Rooms that the person may read now: by a running mandate, by office, or in person."""
        mandates = Mandate.objects.running().filter(user=user)
        through = (
            Q(user=user)
            | Q(institution__in=mandates.values("institution"))
            | Q(office=Participant.SECRETARIAT)
            & Q(models.Exists(Mandate.objects.of_secretariat().filter(user=user)))
        )
        return self.filter(pk__in=Participant.objects.current().filter(through).values("room"))

    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def open_to_all(self) -> Self:
        """Rooms of the whole network: every active member is in them."""
        return self.filter(kind__in=[RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS])

    def for_list(self, user: User) -> Self:
        """The person's rooms with their unread, the latest spoken in first."""
        return (
            self.readable_by(user)
            .with_unread(user)
            .order_by(F("last_message_at").desc(nulls_last=True), "pk")
        )

    def heads(self, rooms: Iterable[int]) -> dict[int, int]:
        """Room id -> number of its last record, for `rooms`."""
        return dict(self.filter(pk__in=rooms).values_list("pk", "head_seq"))

    def with_unread(self, user: User) -> Self:
        """Each with `.unread`: messages past the person's read mark, their own left out."""
        unread = (
            Message.objects.unread_by(user).order_by().values("room").annotate(n=Count("pk"))
        ).values("n")
        return self.with_read_mark(user).annotate(unread=Coalesce(models.Subquery(unread), 0))

    def with_read_mark(self, user: User) -> Self:
        """Each with `.read_seq`: how far the person has read it."""
        read = ReadMark.objects.filter(user=user, room=models.OuterRef("pk"))
        return self.annotate(read_seq=Coalesce(models.Subquery(read.values("last_read_seq")), 0))

    def unread_total(self, user: User) -> int:
        """Unread messages in all the person's rooms; of one room at most COUNTED are counted.

        One query, cheap enough for every page: it looks at no more rows than it counts.
        """
        unread = ArraySubquery(Message.objects.unread_by(user).order_by().values("seq")[:COUNTED])
        rooms = self.readable_by(user).with_read_mark(user)
        counts = rooms.annotate(
            counted=Func(unread, function="CARDINALITY", output_field=models.IntegerField())
        )
        return sum(counts.values_list("counted", flat=True))

    def matching(self, folded: str) -> list["Room"]:
        """Those whose title or purpose, in one language or another, holds every word of `folded`.

        A network has some dozens of rooms: they are read and folded here, without a column.
        """
        return [r for r in self if holds(folded_in(r.titles, r.purposes), folded)]


class Room(models.Model):
    """Where delegations talk. `head_seq` and `head_hash` are those of its last record."""

    kind = models.CharField(max_length=20, choices=RoomKind)
    titles = models.JSONField(default=dict)
    purposes = models.JSONField(default=dict, blank=True)
    group = models.OneToOneField(Group, null=True, blank=True, on_delete=models.PROTECT)
    head_seq = models.PositiveBigIntegerField(default=0)
    head_hash = models.BinaryField(max_length=32)
    last_message_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoomQuerySet.as_manager()
    unread: int  # of `with_unread()`

    def __str__(self) -> str:
        return self.title.text

    @property
    def title(self) -> Shown:
        return in_language(self.titles)

    @property
    def purpose(self) -> Shown:
        return in_language(self.purposes)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def current(self) -> Self:
        return self.filter(removed_at=None)

    def of_group(self, group: Group, institution: Institution) -> Self:
        return self.filter(room__group=group, institution=institution)

    def for_panel(self, room: "Room") -> Self:
        """Who may enter `room`, chairs first, each with its institution."""
        return (
            self.current()
            .filter(room=room)
            .select_related("institution", "user")
            .order_by(
                Case(
                    When(role=ParticipantRole.CHAIR, then=0),
                    When(role=ParticipantRole.MEMBER, then=1),
                    default=2,
                ),
                "pk",
            )
        )


class Participant(models.Model):
    """Who may enter a room: a delegation, a person, or the secretariat as an office.

    The office follows the presidency: a handover moves the right without touching the room.
    """

    SECRETARIAT = "secretariat"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="participants")
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    office = models.CharField(
        max_length=20, blank=True, choices=[(SECRETARIAT, Capacity.SECRETARIAT.label)]
    )
    role = models.CharField(max_length=20, choices=ParticipantRole, default=ParticipantRole.MEMBER)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(institution__isnull=False, user=None, office="")
                    | Q(institution=None, user__isnull=False, office="")
                    | Q(institution=None, user=None) & ~Q(office="")
                ),
                name="participant_is_one_of_three",
            ),
            models.UniqueConstraint(
                fields=["room", "institution"],
                condition=Q(removed_at=None, institution__isnull=False),
                name="delegation_participates_once",
            ),
            models.UniqueConstraint(
                fields=["room", "user"],
                condition=Q(removed_at=None, user__isnull=False),
                name="person_participates_once",
            ),
            models.UniqueConstraint(
                fields=["room", "office"],
                condition=Q(removed_at=None) & ~Q(office=""),
                name="office_participates_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.institution_id or self.user_id or self.office} {self.role}"


class MessageQuerySet(models.QuerySet["Message"]):
    def sent(self, keys: Iterable[tuple[int, UUID]]) -> Self:
        """Those of the messages (author, client id) that are there already, in any room."""
        each = (Q(author=author, client_id=client_id) for author, client_id in keys)
        return self.filter(reduce(or_, each))

    def unread_by(self, user: User) -> Self:
        """For a subquery of rooms with `.read_seq`: past the mark, and not the person's own."""
        return self.filter(room=models.OuterRef("pk"), seq__gt=models.OuterRef("read_seq")).exclude(
            author=user
        )

    def in_rooms(self, rooms: Iterable[int]) -> Self:
        return self.filter(room__in=rooms)

    def matching(self, folded: str) -> Self:
        """Those that hold every word of `folded` (see `records.folding`), the newest first.

        By primary key, as they were saved: an order by time would need an index of its own.
        """
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found.order_by("-pk")

    def by_month(self, since: datetime) -> dict[date, tuple[int, int]]:
        """How many were posted in each month (UTC), and by how many people."""
        month = TruncMonth("posted_at", tzinfo=UTC, output_field=models.DateField())
        found = (
            self.order_by()
            .filter(posted_at__gte=since)
            .values_list(month)
            .annotate(messages=Count("pk"), people=Count("author", distinct=True))
        )
        return {first: (messages, people) for first, messages, people in found}

    def for_hits(self) -> Self:
        return self.select_related("author", "mandate__institution")

    def without_record(self, room: Room) -> "Message | None":
        """The first message of `room` that no record posted: there must be none."""
        return self.filter(room=room, records=None).order_by("pk").first()


class Message(models.Model):
    """What was said, as it stands now. `seq` is that of the record which posted it."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="messages")
    body = models.TextField()
    search_text = models.TextField(default="", editable=False)  # the body, folded; erased with it
    client_id = models.UUIDField()
    posted_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="message_search")
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="message_sent_once"),
            models.UniqueConstraint(fields=["room", "seq"], name="message_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.seq}"


class RecordQuerySet(models.QuerySet["Record"]):
    def of_room(self, room: Room) -> Self:
        return self.filter(room=room).order_by("seq").select_related("message")

    def after(self, room_id: int, seq: int, limit: int) -> list["Record"]:
        """The next `limit` records of a room past `seq`, in order, ready to be shown."""
        return list(self.for_display().filter(room=room_id, seq__gt=seq).order_by("seq")[:limit])

    def before(self, room_id: int, seq: int | None, limit: int) -> list["Record"]:
        """The last `limit` records of a room (before `seq`), in order, ready to be shown."""
        found = self.for_display().filter(room=room_id)
        if seq is not None:
            found = found.filter(seq__lt=seq)
        return list(found.order_by("-seq")[:limit])[::-1]

    def for_display(self) -> Self:
        return self.select_related(
            "actor",
            "message__author",
            "message__mandate__institution",
            "participant__institution",
            "participant__user",
        )


class Record(models.Model):
    """One act in a room. Append-only; `seq` is gapless within the room.

    The hash covers the digest of the text, not the text: with `text` and `text_salt` erased for
    law's sake, the chain still verifies.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="records")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=30, choices=RecordKind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="records"
    )
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.PROTECT, related_name="records"
    )
    detail = models.JSONField(default=dict)  # what else the act says; covered by the hash
    text = models.TextField(null=True)  # noqa: DJ001  null means erased, "" means no text
    text_salt = models.BinaryField(max_length=16, null=True)
    text_digest = models.CharField(max_length=64)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["room", "seq"], name="record_seq_once")]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.seq} {self.kind}"

    def content(self) -> dict[str, Any]:
        """What the hash covers."""
        return {
            "room": self.room_id,
            "seq": self.seq,
            "kind": self.kind,
            "at": instant(self.at),
            "actor": self.actor_id,
            "mandate": self.mandate_id,
            "message": self.message_id,
            "participant": self.participant_id,
            "detail": self.detail,
            "text": self.text_digest,
        }


class ReadMarkQuerySet(models.QuerySet["ReadMark"]):
    def of(self, user: User, room: Room) -> int:
        """How far `user` has read `room`: a record's number, 0 for not at all."""
        mark = self.filter(user=user, room=room).first()
        return mark.last_read_seq if mark else 0


class ReadMark(models.Model):
    """How far a person has read a room. Only ever raised."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="read_marks")
    last_read_seq = models.PositiveBigIntegerField(default=0)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="one_read_mark")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.room_id} {self.last_read_seq}"
