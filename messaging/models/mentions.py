"""Whom a message calls upon."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models import User
from messaging.models.messages import Message

if TYPE_CHECKING:
    from messaging.models.rooms import Room


class MentionQuerySet(models.QuerySet["Mention"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def calling(self, users: Iterable[int], since: Mapping[int, int]) -> list[Any]:
        """Those of `users` in messages that stand, called past a number of each room (`since`).

        Each with `.called_at`, and with its message.
        """
        past = Q(pk=None)
        for room, seq in since.items():
            past |= Q(room=room, seq__gt=seq)
        records = apps.get_model("messaging", "Record").objects
        calls = records.filter(room=models.OuterRef("room"), seq=models.OuterRef("seq"))
        found = self.filter(past, user__in=list(users), message__deletion=None)
        return list(
            found.annotate(called_at=models.Subquery(calls.values("at")))
            .select_related("message")
            .order_by("room", "message__seq")
        )

    def called_late(self, user: User, room: "Room", read_seq: int) -> int | None:
        """The number of the first message, read by then, that has called upon `user` since."""
        past = self.filter(user=user, room=room, seq__gt=read_seq, message__seq__lte=read_seq)
        return past.order_by("message__seq").values_list("message__seq", flat=True).first()

    def of_messages(self, messages: Iterable[Message]) -> Self:
        return self.filter(message__in=messages)

    def of_message(self, message: Message) -> Self:
        return self.filter(message=message)

    def unread_by(self, user: User | int) -> Self:
        """For a subquery of rooms with `.read_seq`: past the mark."""
        return self.filter(
            user=user, room=models.OuterRef("pk"), seq__gt=models.OuterRef("read_seq")
        )

    def by_message(self, room: "Room") -> dict[int, dict[int, int]]:
        """Message id -> whom it calls upon, and since which record, of the messages of `room` that
        call upon somebody.
        """
        found: dict[int, dict[int, int]] = {}
        for message, user, seq in self.filter(room=room).values_list("message", "user", "seq"):
            found.setdefault(message, {})[user] = seq
        return found


class Mention(models.Model):
    """A person whom a message calls upon: by name, or through their delegation, their role in the
    room, or as everybody. Resolved when the message is saved: who comes later is not called upon.

    `room` is the message's, and `seq` the number of the first of its versions that called upon the
    person, so that those past a read mark are found in one index.
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
    def of_people(cls, message: Message, since: Mapping[int, int] | None = None) -> list["Mention"]:
        """Not saved yet: one for each person whom the message calls upon; `since`: by which record,
        where that is not the one that posted it.
        """
        return [
            cls(
                message=message,
                user_id=user,
                room_id=message.room_id,
                seq=since[user] if since else message.seq,
            )
            for user in people_of(message.mentioned)
        ]


def people_of(mentioned: Iterable[Iterable[int]]) -> list[int]:
    """The persons in `Message.mentioned`, in order, each once."""
    return sorted({user for each in mentioned for user in each})
