"""Files that go with messages."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from members.models import User
from records.chain import salted_digest
from records.models import StoredFile

if TYPE_CHECKING:
    from messaging.models.messages import Message
    from messaging.models.rooms import Room
    from messaging.models.scheduled import ScheduledMessage

KEPT = timedelta(days=1)  # how long a file waits for the message that it is to go with
ICONS = {
    "image": "image",
    "pdf": "file-text",
    "wordprocessingml.document": "file-text",
    "opendocument.text": "file-text",
    "sheet": "file-spreadsheet",
    "presentation": "presentation",
}


def new_salt() -> bytes:
    return secrets.token_bytes(16)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def waiting(self) -> Self:
        """Those that go with no message yet, be it one that is sent later."""
        return self.filter(message=None, scheduled=None)

    def held_by(self, scheduled: "ScheduledMessage") -> Self:
        """Those of a message that is sent later, in their order."""
        return self.filter(scheduled=scheduled).order_by("position", "pk")

    def waiting_of(self, room: "Room", user: User, ids: Iterable[int] | None = None) -> Self:
        found = self.waiting().filter(room=room, uploader=user).order_by("pk")
        return found if ids is None else found.filter(pk__in=ids)

    def forgotten(self, now: datetime | None = None) -> Self:
        """Those whose message did not come."""
        return self.waiting().filter(created_at__lt=(now or timezone.now()) - KEPT)

    def to_bind(self, room: "Room", ids: Collection[int]) -> dict[int, "Attachment"]:
        """Those of `ids` that wait in `room`, locked."""
        locked = self.select_for_update(of=("self",)).waiting().filter(room=room, pk__in=ids)
        return {attachment.pk: attachment for attachment in locked.order_by("pk")}

    def readable(self, room: "Room", user: User, pk: int) -> "Attachment | None":
        """For who reads `room`: what goes with a message that stands, or waits and is theirs."""
        standing = Q(message__isnull=False, message__deletion=None, message__erased_at=None)
        own = Q(message=None, uploader=user)
        return self.filter(standing | own, room=room, pk=pk).select_related("preview").first()

    def sent_or_waiting_of(self, user: User) -> Self:
        """Of the person's messages that stand, and those that they put in for one that is not sent
        yet; with room and message.
        """
        sent = Q(message__author=user, message__deletion=None, message__erased_at=None)
        waiting = Q(uploader=user, message=None, scheduled=None)
        found = self.filter(sent | waiting).select_related("file", "room", "message")
        return found.order_by("pk")

    def bytes_in(self, room: "Room") -> int:
        return self.filter(room=room).aggregate(total=Sum("file__size"))["total"] or 0

    def of_messages(self, messages: "Iterable[Message]") -> Self:
        return self.filter(message__in=messages).select_related("file", "preview")

    def by_message(self, room: "Room", **of: Any) -> dict[int, list["Attachment"]]:
        """The files of messages of `room` in their order; `of` narrows them, as a filter does."""
        found: dict[int, list[Attachment]] = {}
        sent = self.filter(room=room, message__isnull=False, **of).order_by("message", "position")
        for attachment in sent:
            found.setdefault(attachment.message_id or 0, []).append(attachment)
        return found


class AttachmentManager(models.Manager.from_queryset(AttachmentQuerySet)):  # type: ignore[misc]
    """With the file, always: whatever shows an attachment shows its size."""

    def get_queryset(self) -> AttachmentQuerySet:
        found: AttachmentQuerySet = super().get_queryset()
        return found.select_related("file")


class Attachment(models.Model):
    """A file in a room: of a message, held by one that is sent later (and its author's alone until
    then), or still waiting for the one that it is to go with.

    The record of the message has the digests of content and name. The name is what a person wrote:
    only its salted digest is there, so that it can be erased.
    """

    room = models.ForeignKey("messaging.Room", on_delete=models.PROTECT, related_name="files")
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )  # of a picture: small, without what the camera wrote into it; of a PDF: its first page
    width = models.PositiveSmallIntegerField(null=True)  # of the preview
    height = models.PositiveSmallIntegerField(null=True)
    name = models.CharField(max_length=150)
    name_salt = models.BinaryField(max_length=16, default=new_salt)
    created_at = models.DateTimeField(auto_now_add=True)
    message = models.ForeignKey(
        "messaging.Message", null=True, on_delete=models.PROTECT, related_name="files"
    )
    scheduled = models.ForeignKey(
        "messaging.ScheduledMessage", null=True, on_delete=models.PROTECT, related_name="files"
    )
    position = models.PositiveSmallIntegerField(default=0)  # among the files of the message

    objects = AttachmentManager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(message=None), name="file_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"],
                condition=Q(message__isnull=False),
                name="file_place_once",
            ),
            models.CheckConstraint(
                condition=Q(message=None) | Q(scheduled=None), name="file_of_one_message"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.pk}"

    @property
    def is_pdf(self) -> bool:
        return bool(self.file.content_type == "application/pdf")

    @property
    def is_viewable(self) -> bool:
        """Whether a browser shows it, instead of keeping it."""
        return self.preview_id is not None or self.is_pdf

    @property
    def icon(self) -> str:
        kind = self.file.content_type
        return next((icon for part, icon in ICONS.items() if part in kind), "file")

    def recorded(self) -> dict[str, Any]:
        """What the record of the message says of it."""
        return {
            "sha256": self.file.sha256,
            "size": self.file.size,
            "type": self.file.content_type,
            "name": salted_digest(bytes(self.name_salt), self.name),
        }
