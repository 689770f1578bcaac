"""Files on their way into a message: upload -> form -> one action -> reply.

See `messaging.commands` for what a reply is.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from members.models import User
from members.throttle import within_limit
from messaging.actions import NoSpace, RoomShut, attach_file, remove_attachment
from messaging.commands import Reply
from messaging.forms_files import UploadForm
from messaging.models import Attachment
from messaging.permissions import access_room, may_attach
from messaging.standing import WHY_SHUT

HOUR = 3600


def attach(user: User, room_id: int, upload: UploadedFile | None) -> Reply:
    """One file for a message to come -> `file.kept` | `file.refused`."""
    try:
        access = access_room(user, room_id)
    except Http404:
        return _refused(404, "not_found", _("This room is not open to you."))
    if not access.writing:
        return _refused(403, "read_only", _("You read this room as an observer."))
    if not may_attach(access):
        return _refused(403, access.shut, str(WHY_SHUT[access.shut]))
    if not within_limit("files", str(user.pk), limit=settings.FILES_PER_HOUR, seconds=HOUR):
        reason = _("You have attached very many files. Go on in an hour.")
        return _refused(429, "too_fast", reason)
    form = UploadForm(files=MultiValueDict({"file": [upload]} if upload else {}))
    if not form.is_valid():
        return _refused(422, "invalid", " ".join(map(str, form.errors["file"])))
    checked: Any = form.cleaned_data["file"]
    try:
        attachment = attach_file(
            room=access.room, actor=user, upload=checked, content_type=checked.checked_type
        )
    except ValidationError as error:
        return _refused(422, "invalid", " ".join(error.messages))
    except NoSpace:
        reason = _("There is no space left for this file. Send or remove those that wait first.")
        return _refused(409, "no_space", reason)
    except RoomShut as error:
        return _refused(403, error.code, str(WHY_SHUT[error.code]))
    except (PermissionDenied, Http404):
        return _refused(403, "read_only", _("You may no longer write in this room."))
    return {"type": "file.kept", "room": room_id, "file": described(attachment)}


def remove(user: User, room_id: int, pk: int) -> Reply:
    """A file that waits is taken back -> `file.removed` | `file.refused`."""
    try:
        remove_attachment(room=access_room(user, room_id).room, pk=pk, actor=user)
    except Http404:
        return _refused(404, "not_found", _("This file is not here."))
    return {"type": "file.removed", "room": room_id, "file": pk}


def described(attachment: Attachment) -> dict[str, Any]:
    """What a composer shows of a file that waits."""
    args = [attachment.room_id, attachment.pk]
    has_preview = attachment.preview_id is not None
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.file.size,
        "type": attachment.file.content_type,
        "url": reverse("messaging:attachment", args=args),
        "preview": reverse("messaging:attachment_preview", args=args) if has_preview else None,
    }


def _refused(status: int, code: str, reason: str) -> Reply:
    return {"type": "file.refused", "status": status, "code": code, "reason": reason}
