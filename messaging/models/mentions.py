"""Whom a message calls upon."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models

from members.models import User
from messaging.models.messages import Message


class MentionQuerySet(models.QuerySet["Mention"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def among(self, users: Iterable[int], messages: Iterable[int]) -> set[tuple[int, int]]:
        """Who is called upon where: (person, message)."""
        found = self.filter(user__in=users, message__in=messages)
        return set(found.values_list("user_id", "message_id"))


class Mention(models.Model):
    """A person whom a message calls upon: by name, or through their delegation, their role in the
    room, or as everybody. Resolved when the message is saved: who comes later is not called upon.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.user_id}"
