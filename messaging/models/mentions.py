"""Whom a message calls upon."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from members.models import User
from messaging.models.messages import Message

if TYPE_CHECKING:
    from messaging.models.rooms import Room


class MentionQuerySet(models.QuerySet["Mention"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def among(self, users: Iterable[int], messages: Iterable[int]) -> set[tuple[int, int]]:
        """Who is called upon where: (person, message)."""
        found = self.filter(user__in=users, message__in=messages)
        return set(found.values_list("user_id", "message_id"))

    def of_messages(self, messages: Iterable[Message]) -> Self:
        return self.filter(message__in=messages)

    def of_message(self, message: Message) -> Self:
        return self.filter(message=message)

    def unread_by(self, user: User | int) -> Self:
        """For a subquery of rooms with `.read_seq`: past the mark."""
        return self.filter(
            user=user, room=models.OuterRef("pk"), seq__gt=models.OuterRef("read_seq")
        )

    def by_message(self, room: "Room") -> dict[int, set[int]]:
        """Message id -> whom it calls upon, of the messages of `room` that call upon somebody."""
        found: dict[int, set[int]] = {}
        for message, user in self.filter(room=room).values_list("message", "user"):
            found.setdefault(message, set()).add(user)
        return found


class Mention(models.Model):
    """A person whom a message calls upon: by name, or through their delegation, their role in the
    room, or as everybody. Resolved when the message is saved: who comes later is not called upon.

    `room` and `seq` are the message's, so that those past a read mark are found in one index.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mentions",
        db_index=False,
    )
    room = models.ForeignKey(
        "messaging.Room", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seq = models.PositiveBigIntegerField()

    objects = MentionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "room", "seq"], name="mention_unread")]
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"

    @classmethod
    def of_people(cls, message: Message) -> list["Mention"]:
        """Not saved yet: one for each person whom the message calls upon."""
        return [
            cls(message=message, user_id=user, room_id=message.room_id, seq=message.seq)
            for user in people_of(message.mentioned)
        ]


def people_of(mentioned: Iterable[Iterable[int]]) -> list[int]:
    """The persons in `Message.mentioned`, in order, each once."""
    return sorted({user for each in mentioned for user in each})
