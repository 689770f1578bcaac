"""Messages that are to be sent later."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models import Mandate, User
from messaging.enums import ScheduledState
from messaging.models.messages import Message
from messaging.models.rooms import Room
from messaging.models.subjects import Subject

LATE = timedelta(minutes=2)  # after which it is said that a message went out late
REMEMBERED = timedelta(days=30)  # for which the list goes on showing what was sent


class ScheduledMessageQuerySet(models.QuerySet["ScheduledMessage"]):
    def waiting(self, author: User) -> Self:
        return self.filter(author=author, state=ScheduledState.WAITING)

    def count_in(self, author: User, room: Room) -> int:
        return self.waiting(author).filter(room=room).count()

    def for_list(self, author: User, now: datetime) -> list["ScheduledMessage"]:
        """What waits, in its order; what was refused; and what was sent of late."""
        shown = (
            Q(state=ScheduledState.WAITING)
            | Q(state=ScheduledState.FAILED)
            | Q(state=ScheduledState.SENT, sent_at__gt=now - REMEMBERED)
        )
        return list(
            self.filter(shown, author=author)
            .select_related("room", "mandate__institution", "message")
            .prefetch_related("files")
            .order_by("due_at", "pk")
        )

    def kept(self, author: User) -> Self:
        """What waits or was refused: its text and files are here and nowhere else."""
        states = (ScheduledState.WAITING, ScheduledState.FAILED)
        found = self.filter(author=author, state__in=states).select_related("room")
        return found.prefetch_related("files").order_by("pk")

    def kept_under(self, mandate: Mandate) -> Self:
        """What waits or was refused of what was to be said under `mandate`."""
        states = (ScheduledState.WAITING, ScheduledState.FAILED)
        return self.filter(mandate=mandate, state__in=states).order_by("pk")

    def find(self, author: User, pk: int) -> "ScheduledMessage | None":
        return self.filter(author=author, pk=pk).select_related("room", "mandate").first()

    def for_letter(self, pk: int) -> "ScheduledMessage | None":
        return self.filter(pk=pk).select_related("author", "room").first()

    def sent_as(self, author: User, client_id: UUID) -> "ScheduledMessage | None":
        return self.filter(author=author, client_id=client_id).first()


class ScheduledMessage(models.Model):
    """Of its author alone, until it is sent: then it is a message like any other. What is to be
    sent is checked then, not before: the right to write, the state of the room.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="scheduled")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scheduled", db_index=False
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    reply_to = models.PositiveBigIntegerField(null=True)  # the number of the message it answers
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()  # of the message that it will be: sent once at the most
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ScheduledState, default=ScheduledState.WAITING)
    failure = models.CharField(max_length=20, blank=True)  # a key of messaging.scheduling.REASONS
    message = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="scheduled"
    )
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScheduledMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="scheduled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} {self.room_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ScheduledState.WAITING

    @property
    def is_failed(self) -> bool:
        return self.state == ScheduledState.FAILED

    @property
    def is_late(self) -> bool:
        return self.sent_at is not None and self.sent_at > self.due_at + LATE
