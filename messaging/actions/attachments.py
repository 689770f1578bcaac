"""Files that go with messages: each comes by itself, waits, and is bound by the message."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from members.models import User
from messaging import tasks
from messaging.actions.messages import RoomShut
from messaging.models import Attachment, Room, ScheduledMessage
from messaging.permissions import access_attachment, access_room, may_attach
from records.actions import discard_file, store_file
from records.first_page import first_page
from records.models import StoredFile
from records.pictures import CONTENT_TYPE, Rendition, preview
from records.storage import path_of

logger = logging.getLogger(__name__)
PREVIEW = (480, 360)  # pixels at the most
MOST_WAITING = 30  # files of one person in a room, for messages that are still to come


class NoSpace(Exception):
    """The room, or the person's files that wait in it, take no more: nothing was kept."""


@transaction.atomic
def attach_file(*, room: Room, actor: User, upload: UploadedFile, content_type: str) -> Attachment:
    """Keep `upload` (checked by `records.forms.StoredFileField`) for a message of the actor's.

    Raises Http404 where they may not read the room, PermissionDenied and RoomShut where they may
    not write there now, NoSpace, and ValidationError for a picture that cannot be drawn.
    """
    access = access_room(actor, room.pk)
    if not access.writing:
        raise PermissionDenied
    if not may_attach(access):
        raise RoomShut(access.shut)
    waiting = Attachment.objects.waiting_of(room, actor).count()
    room_for = settings.ROOM_FILES_SIZE - Attachment.objects.bytes_in(room)
    if waiting >= MOST_WAITING or (upload.size or 0) > room_for:
        raise NoSpace
    small = _preview(upload, content_type)
    kept: Attachment = Attachment.objects.create(
        room=room,
        uploader=actor,
        file=store_file(upload=upload, content_type=content_type),
        preview=_stored(small) if small else None,
        width=small.width if small else None,
        height=small.height if small else None,
        name=upload.name,
    )
    if kept.is_pdf:
        tasks.draw_first_page.defer(attachment_id=kept.pk)
    return kept


def show_first_page(*, attachment_id: int) -> None:
    """What the job does: give a PDF the picture of its first page, where one can be drawn.
    Repeated, or when the file is gone, it does nothing.

    Not one transaction: none is held open while a stranger's file is drawn.
    """
    attachment = Attachment.objects.filter(pk=attachment_id, preview=None).first()
    if attachment is None or not attachment.is_pdf:
        return
    drawn = first_page(path_of(attachment.file.sha256))
    small = _preview(SimpleUploadedFile("page.png", drawn), "image/png") if drawn else None
    if small is None:
        return
    with transaction.atomic():
        locked = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment_id).first()
        if locked:  # else it was removed meanwhile
            locked.preview, locked.width, locked.height = _stored(small), small.width, small.height
            locked.save(update_fields=["preview", "width", "height"])


def _preview(upload: UploadedFile, content_type: str) -> Rendition | None:
    if not content_type.startswith("image/"):
        return None
    try:
        return preview(upload, *PREVIEW)
    except Exception as error:  # Pillow's readers raise whatever a broken file makes them raise
        raise ValidationError(
            _("This image is damaged and cannot be read."), code="damaged"
        ) from error


def _stored(rendition: Rendition) -> StoredFile:
    upload = SimpleUploadedFile("preview.webp", rendition.content, CONTENT_TYPE)
    return store_file(upload=upload, content_type=CONTENT_TYPE)


def remove_attachment(*, room: Room, pk: int, actor: User) -> None:
    """Take back a file that goes with no message yet. Raises Http404 for any other."""
    with transaction.atomic():
        attachment = access_attachment(actor, room.pk, pk)
        removed = _remove(Attachment.objects.filter(pk=attachment.pk))
        if not removed:
            raise Http404
    discard(removed)


def remove_forgotten(now: datetime | None = None) -> int:
    """Remove the files whose message did not come within a day. Returns how many."""
    with transaction.atomic():
        removed = _remove(Attachment.objects.forgotten(now))
    discard(removed)
    return len(removed)


def _remove(found: Iterable[Attachment]) -> Sequence[Attachment]:
    """Remove what of `found` waits and is not being bound at this moment."""
    asked = [attachment.pk for attachment in found]
    locked = Attachment.objects.waiting().select_for_update(of=("self",), skip_locked=True)
    removed = list(locked.filter(pk__in=asked).select_related("preview"))
    Attachment.objects.filter(pk__in=[each.pk for each in removed]).delete()
    return removed


def remove_held(scheduled: ScheduledMessage) -> None:
    """Remove the files of a message that is not to be sent; their content after the commit."""
    removed = list(Attachment.objects.held_by(scheduled).select_related("preview"))
    Attachment.objects.filter(pk__in=[each.pk for each in removed]).delete()
    if removed:
        transaction.on_commit(lambda: discard(removed))


def discard(removed: Iterable[Attachment]) -> None:
    """The content of what was removed, where nothing else refers to it. A failure loses nothing."""
    stored = {file.pk: file for each in removed for file in (each.file, each.preview) if file}
    for file in stored.values():
        try:
            discard_file(file)
        except Exception:
            logger.exception("The content of a removed file stays: %s", file.sha256)
