"""What was said, as it stands now."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Max, Min, Q, prefetch_related_objects
from django.db.models.functions import TruncMonth

from members.models import Institution, Mandate, User
from messaging.enums import STATEMENTS, ErasedFor
from records.folding import fold

if TYPE_CHECKING:
    from messaging.models.attachments import Attachment
    from messaging.models.rooms import Room


class MessageQuerySet(models.QuerySet["Message"]):
    def unread_by(self, user: User | int) -> Self:
        """For a subquery of rooms with `.read_seq`: past the mark, of others, not deleted."""
        past = self.filter(room=models.OuterRef("pk"), seq__gt=models.OuterRef("read_seq"))
        return past.filter(deletion=None, erased_at=None).exclude(author=user)

    def last_posted(
        self, room: "Room", authors: Iterable[int], since: datetime
    ) -> dict[int, datetime]:
        """When each of `authors` last posted in `room`, of those who did after `since`."""
        found = self.filter(room=room, author__in=authors, posted_at__gt=since).order_by()
        return dict(found.values_list("author").annotate(last=Max("posted_at")))

    def issued_before(self, message: "Message") -> "Message | None":
        """The last statement of the same delegation in the room before `message`."""
        issued = self.filter(room=message.room_id, seq__lt=message.seq, statement__isnull=False)
        of = issued.filter(mandate__institution=message.mandate.institution_id)
        return of.order_by("-seq").first()

    def first_unread(
        self, room: "Room", user: User, read_seq: int, subject: int | None = None
    ) -> int | None:
        """The number of the first message past `read_seq` (in `subject`, where one is given) that
        is not the person's own.
        """
        standing = self.filter(room=room, seq__gt=read_seq, deletion=None, erased_at=None)
        unread = standing.exclude(author=user)
        if subject is not None:
            unread = unread.under(room.pk, subject)
        return unread.order_by("seq").values_list("seq", flat=True).first()

    def calling(self, rooms: Iterable[int], since: datetime) -> list[tuple[int, int]]:
        """(room, number) of those in `rooms`, posted after `since`, that call upon somebody or are
        statements.
        """
        recent = self.filter(room__in=list(rooms), posted_at__gt=since, deletion=None)
        found = recent.filter(~models.Q(mentioned=[]) | models.Q(statement__isnull=False))
        return list(found.order_by().values_list("room", "seq"))

    def first_since(self, room: "Room", moment: datetime) -> "Message | None":
        return self.filter(room=room, posted_at__gte=moment).order_by("posted_at", "seq").first()

    def in_rooms(self, rooms: Iterable[int]) -> Self:
        return self.filter(room__in=rooms)

    def numbered(self, room: "Room", seqs: Iterable[int]) -> dict[int, "Message"]:
        """By number, those of `seqs` that are messages of `room`."""
        return {message.seq: message for message in self.filter(room=room, seq__in=seqs)}

    def is_sent(self, author: User, client_id: UUID) -> bool:
        return self.filter(author=author, client_id=client_id).exists()

    def under(self, room_id: int, subject: int) -> Self:
        """Messages of `subject`, which is of the room; of GENERAL, those that stand under none."""
        return self.filter(subject=subject) if subject else self.filter(room=room_id, subject=None)

    def ends_of(self, room_id: int, subject: int) -> tuple[int, int]:
        """The numbers of the first and the last message of `subject`; 1 and 0 where it has none."""
        ends = self.under(room_id, subject).aggregate(first=Min("seq"), last=Max("seq"))
        return ends["first"] or 1, ends["last"] or 0

    def numbers_before(self, room_id: int, subject: int, seq: int | None, limit: int) -> list[int]:
        """Of the last `limit` messages of `subject` (before `seq`)."""
        found = self.under(room_id, subject)
        if seq is not None:
            found = found.filter(seq__lt=seq)
        return list(found.order_by("-seq").values_list("seq", flat=True)[:limit])

    def numbers_after(self, room_id: int, subject: int, seq: int, limit: int) -> list[int]:
        """Of the next `limit` messages of `subject` past `seq`."""
        found = self.under(room_id, subject).filter(seq__gt=seq).order_by("seq")
        return list(found.values_list("seq", flat=True)[:limit])

    def from_here(self, message: "Message", limit: int) -> list["Message"]:
        """`message` and what follows it in its subject, `limit` at the most."""
        found = self.filter(room=message.room_id, subject=message.subject_id)
        return list(found.filter(seq__gte=message.seq).order_by("seq")[:limit])

    def at(self, room: "Room", seq: int) -> "Message | None":
        """The message that stands at the number `seq` of `room`, ready to be shown."""
        return (
            self.for_hits()
            .select_related(
                "deletion__mandate__institution",
                "deletion__actor",
                "reply_to__author",
                "reply_to__mandate__institution",
                "statement__corrects__message",
                "statement__released_by__user",
            )
            .prefetch_related("statement__corrigenda__message")
            .filter(room=room, seq=seq)
            .first()
        )

    def matching(self, folded: str) -> Self:
        """Those that hold every word of `folded` (see `records.folding`), the newest first.

        By primary key, as they were saved: an order by time would need an index of its own.
        """
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found.order_by("-pk")

    def found(
        self,
        rooms: Iterable[int],
        *,
        words: str = "",
        person: str = "",
        delegation: Institution | None = None,
        statements: bool = False,
        subject: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        with_files: bool = False,
        before: int | None = None,
    ) -> Self:
        """Messages in `rooms` that stand, the newest first: with every one of `words` (see
        `records.folding.sought`), by people whose name has every one of `person`, spoken for
        `delegation`, in `subject`, `statements` and corrigenda alone, `with_files` alone, from
        `since` until `until`, of primary keys `before` a number.
        """
        standing = self.in_rooms(rooms).filter(deletion=None, erased_at=None)
        found = standing.matching(words).for_hits()
        for word in person.split():
            found = found.filter(author__search_text__contains=word)
        if delegation:
            found = found.filter(mandate__institution=delegation)
        if statements:
            found = found.exclude(statement=None)
        if subject:
            found = found.filter(subject=subject)
        if since:
            found = found.filter(posted_at__gte=since)
        if until:
            found = found.filter(posted_at__lt=until)
        if with_files:
            found = found.filter(file_count__gt=0)
        return found if before is None else found.filter(pk__lt=before)

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

    def for_letter(self, pks: Iterable[int]) -> dict[int, "Message"]:
        """By their ids, those that stand, with their authors and whom they speak for."""
        found = self.filter(pk__in=list(pks), deletion=None)
        return found.select_related("author", "mandate__institution").in_bulk()

    def mentioning(self, room: "Room") -> dict[int, list[list[int]]]:
        """By id, `mentioned` of the messages of `room` that call upon somebody."""
        found = self.filter(room=room).exclude(mentioned=[]).order_by()
        return dict(found.values_list("pk", "mentioned"))

    def for_hits(self) -> Self:
        return self.select_related("room", "author", "mandate__institution", "statement", "subject")

    def sent_as(self, author: User, client_id: UUID) -> "Message | None":
        return self.filter(author=author, client_id=client_id).first()

    def written_by(self, user: User) -> Self:
        """In the order of writing, each with what it has said in `.own_versions`."""
        said = models.Prefetch(
            "records",
            apps.get_model("messaging", "Record").objects.that_say(),
            to_attr="own_versions",
        )
        return (
            self.filter(author=user)
            .select_related("room", "deletion")
            .prefetch_related(said)
            .order_by("posted_at", "pk")
        )

    def to_be_erased(self, room: "Room", before: datetime) -> Self:
        """Messages of `room` from before a moment whose texts stand somewhere still, the oldest
        first. Statements and their corrigenda are never among them.
        """
        found = self.filter(room=room, posted_at__lt=before, erased_at=None)
        return found.exclude(records__kind__in=STATEMENTS).order_by("posted_at", "seq")

    def without_record(self, room: "Room") -> "Message | None":
        """The first message of `room` that no record posted: there must be none."""
        return self.filter(room=room, records=None).order_by("pk").first()


class Message(models.Model):
    """What was said, as it stands now. `seq` is that of the record which posted it.

    Its versions are the records that posted and edited it. Where `deletion`, the record that
    deleted it, is set, `body` and `search_text` are empty; the record keeps what was said. With
    `erased_at` they are empty too, and the record keeps digests alone.
    """

    room = models.ForeignKey(  # no index but that of (room, seq): PostgreSQL would take the other
        "messaging.Room", on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    seq = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="messages")
    body = models.TextField()
    # The body and the names of the files, folded; erased with them.
    search_text = models.TextField(default="", editable=False)
    client_id = models.UUIDField()
    posted_at = models.DateTimeField()
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies"
    )
    subject = models.ForeignKey(  # found by message_by_subject, which plain messages do not grow
        "messaging.Subject",
        null=True,
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
    )
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=10, blank=True)  # of the body; "" where it is not known
    translation_count = models.PositiveSmallIntegerField(default=0)
    # Set where it was issued on behalf of its delegation: then it is no plain message.
    statement = models.OneToOneField(
        "messaging.Statement", null=True, on_delete=models.PROTECT, related_name="message"
    )
    deletion = models.ForeignKey(
        "messaging.Record", null=True, on_delete=models.PROTECT, related_name="+"
    )
    erased_at = models.DateTimeField(null=True)
    erased_for = models.CharField(max_length=10, choices=ErasedFor, blank=True)
    # Whom each of the mentions in the body calls upon (ids), in the order of the body: what the
    # Mention rows say, for the line of the message, without a look at them.
    mentioned = models.JSONField(default=list)
    file_count = models.PositiveSmallIntegerField(default=0)  # 0 spares the look for files
    opinion = models.OneToOneField(  # a poll of opinion, whose question and options the body is
        "messaging.OpinionPoll", null=True, on_delete=models.PROTECT, related_name="message"
    )

    objects = MessageQuerySet.as_manager()
    own_versions: list[Any]  # records, of `written_by()`

    # What stands beside a message -> the field that is 0 where there is none: see `prepared`.
    COUNTS: ClassVar = {"translations": "translation_count"}

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["room", "posted_at", "seq"], name="message_by_day"),
            models.Index(
                fields=["subject", "seq"],
                condition=models.Q(subject__isnull=False),
                name="message_by_subject",
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="message_search"),
            models.Index(fields=["id"], condition=Q(file_count__gt=0), name="message_with_files"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="message_sent_once"),
            models.UniqueConstraint(fields=["room", "seq"], name="message_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.seq}"

    @property
    def stands(self) -> bool:
        """Whether there is a text to be shown: it was neither deleted nor erased."""
        return self.deletion_id is None and self.erased_at is None

    @property
    def is_right_of_reply(self) -> bool:
        """Whether it is a statement that answers one of another delegation."""
        return self.statement_id is not None and is_right_of_reply(self.reply_to, self.mandate)

    def searchable(self, files: "Iterable[Attachment]") -> str:
        """What `search_text` must hold, with these `files`."""
        return fold(" ".join([self.body, *(each.name for each in files)]))

    @property
    def shown_files(self) -> "list[Attachment]":
        """In their order; none of a message that was deleted or erased."""
        return list(self.files.all()) if self.file_count and self.stands else []


def is_right_of_reply(replied: Message | None, mandate: Mandate) -> bool:
    """Whether a statement through `mandate` that answers `replied` answers another's statement."""
    return (
        replied is not None
        and replied.statement_id is not None
        and replied.mandate.institution_id != mandate.institution_id
    )


def with_files(messages: Iterable[Message | None]) -> None:
    """Look up the files of all of `messages` at once; where none has any, no query."""
    having = [message for message in messages if message and message.file_count]
    if having:
        prefetch_related_objects(having, "files")
