"""Transcripts that were asked for, and the files that were made of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.models import Mandate, User
from messaging.enums import TranscriptState
from messaging.models.messages import Message
from messaging.models.rooms import Room
from records.models import AuditEntry, StoredFile

STALLED = timedelta(minutes=15)  # under way for longer: its worker died


class TranscriptQuerySet(models.QuerySet["Transcript"]):
    def for_list(self, room: Room) -> Self:
        """Of one room, the newest first, with all that a line shows."""
        return (
            self.filter(room=room)
            .select_related("asked_by", "mandate__institution", "pdf", "html", "json")
            .order_by("-pk")
        )

    def asked_by_person(self, user: User) -> Self:
        """Of every room, with the rooms."""
        return self.filter(asked_by=user).select_related("room").order_by("pk")

    def find(self, room: Room, pk: int) -> "Transcript | None":
        return self.filter(room=room, pk=pk).select_related("pdf", "html", "json").first()

    def ready(self, room: Room) -> Self:
        """Those whose files are there."""
        found = self.filter(room=room, state=TranscriptState.READY)
        return found.select_related("pdf", "html", "json").order_by("pk")

    def with_downloads(self, transcripts: "list[Transcript]") -> "list[tuple[Transcript, int]]":
        """Each with how often a file of it went out, as the audit log says."""
        counts = AuditEntry.objects.times("transcript.downloaded", transcripts)
        return [(each, counts.get(each.pk, 0)) for each in transcripts]

    def under_way(self, room: Room, user: User) -> "Transcript | None":
        """What the person waits for in `room`."""
        found = self.filter(
            room=room, asked_by=user, state__in=[TranscriptState.WAITING, TranscriptState.WORKING]
        )
        return found.filter(changed_at__gt=timezone.now() - STALLED).first()


class Transcript(models.Model):
    """A range of a room's record as signed files. Kept for ever, as what it attests is; withdrawn,
    without its files, once a text in it was erased.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="transcripts")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    first_seq = models.PositiveBigIntegerField()
    last_seq = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=20, choices=TranscriptState, default=TranscriptState.WAITING
    )
    progress = models.PositiveSmallIntegerField(default=0)  # of 100
    too_large = models.BooleanField(default=False)  # why it failed: trying again is in vain
    asked_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()  # its state or progress
    made_at = models.DateTimeField(null=True)
    head_hash = models.CharField(max_length=64, blank=True)
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    html = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    json = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TranscriptQuerySet.as_manager()
    deleted_since = 0  # set by `note_deleted()`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_seq__gte=1, last_seq__gte=models.F("first_seq")),
                name="transcript_range_holds_a_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.first_seq}-{self.last_seq}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (TranscriptState.WAITING, TranscriptState.WORKING)

    @property
    def may_be_tried_again(self) -> bool:
        stalled = self.is_under_way and self.changed_at < timezone.now() - STALLED
        return stalled or (self.state == TranscriptState.FAILED and not self.too_large)

    def holds(self, seq: int, message: Message | None) -> bool:
        """Whether its files have the text of record `seq`, which is of `message`, if of any: a
        version that was deleted before it was made is withheld there.
        """
        if not self.first_seq <= seq <= self.last_seq or self.made_at is None:
            return False
        deletion = message.deletion if message else None
        return deletion is None or seq == deletion.seq or self.made_at < deletion.at

    def note_deleted(self, texts: Iterable[tuple[int, datetime]]) -> None:
        """Set `deleted_since`: how many of `texts` (number, when it was deleted) its files have."""
        made_at = self.made_at
        self.deleted_since = sum(
            made_at is not None and self.first_seq <= seq <= self.last_seq and made_at < at
            for seq, at in texts
        )

    @property
    def files(self) -> list[tuple[str, StoredFile]]:
        """Format and file, of those that were made."""
        each = (("pdf", self.pdf), ("html", self.html), ("json", self.json))
        return [(name, file) for name, file in each if file]
