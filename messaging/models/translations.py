"""Translations that people attached to a message. The original stays what was said."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

from members.models import Mandate, User
from messaging.enums import TranslationKind
from messaging.models.messages import Message

if TYPE_CHECKING:
    from messaging.models.rooms import Room


class TranslationQuerySet(models.QuerySet["Translation"]):
    def for_display(self) -> Self:
        return self.select_related("author", "mandate__institution").order_by("kind", "pk")

    def of_messages(self, messages: Iterable[Message]) -> Self:
        return self.filter(message__in=messages)

    def of_room(self, room: "Room") -> Self:
        return self.filter(message__room=room)

    def of_author(self, user: User) -> Self:
        """In every room, with the messages and the rooms."""
        return self.filter(author=user).select_related("message__room").order_by("pk")

    def of(self, message: Message) -> Self:
        return self.for_display().filter(message=message)

    def standing(self, message: Message, language: str, kind: str) -> "Translation | None":
        return self.of(message).filter(language=language, kind=kind).first()

    def find(self, message: Message, pk: int) -> "Translation | None":
        return self.of(message).filter(pk=pk).first()


class Translation(models.Model):
    """What a message says in another language, as a person has it.

    Official ones come from the delegation that spoke, or from the secretariat. `version` is that of
    the message when it was translated.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, choices=TranslationKind)
    text = models.TextField()
    version = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    objects = TranslationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "language", "kind"], name="translated_once_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.language} {self.kind}"

    @property
    def is_official(self) -> bool:
        return self.kind == TranslationKind.OFFICIAL
