"""The record of a room: every act in it, in order."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from members.models import Mandate, User
from messaging.enums import CHANGES, MUTES, POSTS, REASONS, RecordKind
from messaging.models.message_marks import Acknowledgement, Reaction
from messaging.models.messages import Message, with_files
from messaging.models.opinions import OpinionAnswer
from messaging.models.rooms import Participant, Room
from messaging.models.statements import Statement
from messaging.models.translations import Translation
from records.chain import instant
from records.prepared import Prepared, fetched


class RecordQuerySet(models.QuerySet["Record"]):
    def of_room(self, room: Room) -> Self:
        """All, in order, with what is compared with them."""
        said = ("message__reply_to", "message__statement__corrects__message", "message__opinion")
        return self.filter(room=room).order_by("seq").select_related(*said, "mandate")

    def after(self, room_id: int, seq: int, limit: int) -> list["Record"]:
        """The next `limit` records of a room past `seq`, in order, ready to be shown."""
        return _whole(_after(limit)(room=room_id, seq=seq))

    def before(
        self, room_id: int, seq: int | None, limit: int, subject: int | None = None
    ) -> list["Record"]:
        """The last `limit` lines of a room (before `seq`), in order, ready to be shown; with
        `subject`, those of its messages alone.

        A record that changed a message is in that message's line.
        """
        if subject is not None:
            seqs = Message.objects.numbers_before(room_id, subject, seq, limit)
            return self._numbered(room_id, seqs)
        found = self.for_display().filter(room=room_id).exclude(kind__in=CHANGES)
        if seq is not None:
            found = found.filter(seq__lt=seq)
        return _whole(fetched(found.order_by("-seq")[:limit])[::-1])

    def following(
        self, room_id: int, seq: int, limit: int, subject: int | None = None
    ) -> list["Record"]:
        """The next `limit` lines of a room (or subject) past `seq`, as `before`."""
        if subject is not None:
            seqs = Message.objects.numbers_after(room_id, subject, seq, limit)
            return self._numbered(room_id, seqs)
        found = self.for_display().filter(room=room_id, seq__gt=seq).exclude(kind__in=CHANGES)
        return _whole(fetched(found.order_by("seq")[:limit]))

    def _numbered(self, room_id: int, seqs: list[int]) -> list["Record"]:
        """The posts of these numbers. Said of both: of the messages, PostgreSQL would read all."""
        found = self.filter(room=room_id, seq__in=seqs)
        found = found.filter(message__room=room_id, message__seq__in=seqs)
        return list(found.for_display().order_by("seq"))

    def span(
        self, room: Room, since: datetime | None, until: datetime | None
    ) -> tuple[int, int] | None:
        """The numbers of the first and the last record of `room` from `since` to before `until`."""
        found = self.filter(room=room)
        if since:
            found = found.filter(at__gte=since)
        if until:
            found = found.filter(at__lt=until)
        ends = found.aggregate(first=models.Min("seq"), last=models.Max("seq"))
        return (ends["first"], ends["last"]) if ends["first"] else None

    def between(self, room: Room, first: int, last: int) -> Self:
        """The records of a range, in order, with all that a transcript says of them."""
        return (
            self.for_display()
            .select_related("mandate__institution")
            .filter(room=room, seq__gte=first, seq__lte=last)
            .order_by("seq")
        )

    def deleted_messages(self, room: Room) -> set[int]:
        """Messages of `room` whose text is shown no more, by their ids."""
        found = self.filter(room=room, kind="message.deleted").exclude(message=None)
        return {pk for pk in found.values_list("message_id", flat=True) if pk}

    def with_text(self, messages: Iterable[Message]) -> Self:
        """The records of `messages` that say something still: versions, reasons."""
        found = self.filter(message__in=messages, text__isnull=False).exclude(text="")
        return found.select_related("message__deletion").order_by("seq")

    def reasons(self, room: Room, before: int | None = None) -> Self:
        """The records of `room` for which somebody gave a reason, the last first; those whose
        reason was erased too.
        """
        found = self.filter(room=room, kind__in=REASONS).exclude(text="")
        if before is not None:
            found = found.filter(seq__lt=before)
        return found.for_display().order_by("-seq")

    def reason_at(self, room: Room, seq: int) -> "Record | None":
        return self.reasons(room).filter(seq=seq).first()

    def acts_of(self, user: User) -> Self:
        """What the person did in rooms, in order, without the versions of messages."""
        versions = (*POSTS, RecordKind.MESSAGE_EDITED)
        found = self.filter(actor=user).exclude(kind__in=versions).select_related("room")
        return found.order_by("at", "pk")

    def deleted_texts(self, room: Room) -> list[tuple[int, datetime]]:
        """Of every version of a deleted message: its number, and when it was deleted."""
        found = self.filter(room=room, message__deletion__isnull=False)
        said = found.that_say().filter(text__isnull=False)
        return list(said.values_list("seq", "message__deletion__at"))

    def erased_between(self, room: Room, first: int, last: int) -> set[int]:
        """The numbers of those records of a range whose text is gone."""
        found = self.filter(room=room, seq__gte=first, seq__lte=last, text=None)
        return set(found.values_list("seq", flat=True))

    def for_display(self) -> Self:
        return self.select_related(
            "actor",
            "message__author",
            "message__mandate__institution",
            "message__marks",
            "participant__institution",
            "participant__user",
        ).prefetch_related(  # asked for only where a message has any of it
            "message__subject",
            models.Prefetch("message__translations", Translation.objects.for_display()),
            models.Prefetch(
                "message__statement",
                Statement.objects.select_related("released_by__user", "corrects__message"),
            ),
            models.Prefetch(
                "message__statement__corrigenda", Statement.objects.select_related("message")
            ),
            models.Prefetch(
                "message__reply_to",
                Message.objects.select_related("author", "mandate__institution"),
            ),
            models.Prefetch(
                "message__deletion",
                Record.objects.select_related("actor", "mandate__institution"),
            ),
            "message__opinion",
            models.Prefetch("message__opinion__answers", OpinionAnswer.objects.for_display()),
            *_marks("message__"),
        )

    def dress(self, message: Message) -> None:
        """Read what `message` carries beside its text, as `for_display` does."""
        models.prefetch_related_objects([message], "marks", *_marks())

    def versions(self, message: Message) -> Self:
        """What the message has said, the first version first."""
        said = self.that_say().filter(message=message)
        return said.select_related("actor", "mandate__institution")

    def that_say(self) -> Self:
        """The records that are versions of messages, in order."""
        return self.filter(kind__in=(*POSTS, RecordKind.MESSAGE_EDITED)).order_by("seq")

    def posted(self, message: Message) -> "Record":
        """The record that posted the message."""
        return self.get(room=message.room_id, seq=message.seq)

    def called_by(self, message: Message) -> dict[int, int]:
        """Whom (ids) any version of the message has called upon, and the number of the first that
        did.
        """
        found: dict[int, int] = {}
        for seq, mentions in (
            self.versions(message)
            .filter(detail__has_key="mentions")
            .values_list("seq", "detail__mentions")
        ):
            for people in mentions:
                for user in people:
                    found.setdefault(user, seq)
        return found

    def edit_of(self, message: Message, client_id: UUID) -> "Record | None":
        """The edit of `message` that was made with this client id, if it was made already."""
        return self.filter(
            message=message, kind=RecordKind.MESSAGE_EDITED, detail__client_id=str(client_id)
        ).first()


class Record(models.Model):
    """One act in a room. Append-only; `seq` is gapless within the room.

    The hash covers the digest of the text, not the text: with `text` and `text_salt` erased for
    law's sake, the chain still verifies.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="records", db_index=False)
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

    @property
    def changes_message(self) -> bool:
        """Whether it has no line of its own: it shows in that of its message."""
        return self.kind in CHANGES

    @cached_property
    def person(self) -> str:
        """The name of whom a mute is about: no participant, a person of one."""
        names = User.objects.names_of([self.detail.get("user", 0)])
        return names.get(self.detail.get("user", 0), "")

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


def _marks(message: str = "") -> "tuple[models.Prefetch[str, Any, Any], ...]":
    """Asked for only where a message has marks; the room's delegations, where they are asked."""
    voices = models.Prefetch(
        "room__participants", Participant.objects.with_voice(), to_attr="delegations"
    )
    return (
        models.Prefetch(f"{message}marks__reactions", Reaction.objects.for_display()),
        models.Prefetch(f"{message}marks__acknowledgements", Acknowledgement.objects.for_display()),
        models.Prefetch(
            f"{message}marks__request",
            Record.objects.select_related("actor", "mandate__institution", "room").prefetch_related(
                voices
            ),
        ),
    )


def _whole(records: list[Record]) -> list[Record]:
    """`records` with the files of their messages, and the names of whom mutes are about: one query
    for all of a kind, none where there is none.
    """
    with_files(record.message for record in records)
    about = [record for record in records if record.kind in MUTES]
    names = User.objects.names_of(record.detail["user"] for record in about) if about else {}
    for record in about:
        record.person = names.get(record.detail["user"], "")
    return records


@cache
def _after(limit: int) -> Prepared[Record]:
    def make(room: int, seq: int) -> RecordQuerySet:
        shown = Record.objects.for_display()
        return shown.filter(room_id=room, seq__gt=seq).order_by("seq")[:limit]

    return Prepared(make)
