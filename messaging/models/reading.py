"""How far each person has read each room."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from members.models import User

if TYPE_CHECKING:
    from messaging.models.rooms import Room


class ReadMarkQuerySet(models.QuerySet["ReadMark"]):
    def of(self, user: User, room: "Room") -> int:
        """How far `user` has read `room`: a record's number, 0 for not at all."""
        mark = self.filter(user=user, room=room).first()
        return mark.last_read_seq if mark else 0

    def of_many(self, users: Iterable[int], rooms: Iterable[int]) -> dict[tuple[int, int], int]:
        """(person, room) -> how far they have read it, where they have."""
        found = self.filter(user__in=users, room__in=rooms)
        return {(u, r): seq for u, r, seq in found.values_list("user", "room", "last_read_seq")}

    def of_person(self, user: User) -> Self:
        """In every room, with the rooms."""
        return self.filter(user=user).select_related("room").order_by("room")


class ReadMark(models.Model):
    """How far a person has read a room.

    Only ever raised by what happens; lowered by nothing but the person's own "unread from here".
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    room = models.ForeignKey("messaging.Room", on_delete=models.CASCADE, related_name="read_marks")
    last_read_seq = models.PositiveBigIntegerField(default=0)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "room"], name="one_read_mark")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.room_id} {self.last_read_seq}"
