"""What a person has written for a room and not yet sent."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models

from members.models import Mandate, User
from messaging.models.rooms import Room


class MessageDraftQuerySet(models.QuerySet["MessageDraft"]):
    def of(self, user: User, room: Room) -> "MessageDraft | None":
        return self.filter(user=user, room=room).first()

    def written(self, user: User) -> Self:
        return self.filter(user=user).exclude(body="")

    def own(self, user: User) -> Self:
        """In every room, be it read by them still or not, with the rooms."""
        return self.written(user).select_related("room").order_by("pk")

    def under(self, mandate: Mandate) -> Self:
        return self.filter(mandate=mandate)

    def in_rooms(self, rooms: Iterable[int]) -> Self:
        """In the order of the rooms' numbers."""
        return self.filter(room__in=rooms).select_related("room").order_by("room")

    def rooms_of(self, user: User) -> set[int]:
        """The ids of the rooms for which `user` has a draft."""
        return set(self.written(user).values_list("room", flat=True))

    def for_list(self, user: User) -> Self:
        """In the rooms that `user` may read now, the last written first."""
        readable = Room.objects.readable_by(user)
        return self.written(user).filter(room__in=readable).select_related("room").order_by(
            "-changed_at", "-pk"
        )  # fmt: skip


class MessageDraft(models.Model):
    """One of a person in a room, for their eyes alone: in no record and in no log.

    A draft that was sent or emptied stays as a row without text, so that `version` goes on
    counting: a device that was away knows by it that its draft is of yesterday.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(blank=True)
    reply_to = models.PositiveBigIntegerField(null=True)  # the number of the message it answers
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects = MessageDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="one_draft")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.room_id} {self.version}"

    @property
    def content(self) -> tuple[str, int | None, int | None]:
        """What two drafts are compared by; without a text there is nothing to answer with."""
        return (self.body, self.reply_to, self.mandate_id) if self.body else ("", None, None)

    def as_client_data(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "body": self.body,
            "reply_to": self.reply_to,
            "mandate": self.mandate_id,
        }
