"""What a person can do with a message that is there: command -> form -> one action -> reply.

See `messaging.commands` for what a reply is.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from members.models import User
from messaging.actions import (
    ClientIdReused,
    MessageChanged,
    MessageGone,
    delete_message,
    edit_message,
)
from messaging.commands import Payload, Reply, room_id
from messaging.mentions import MentionRefused
from messaging.message_forms import DeletionForm, EditForm
from messaging.models import Message
from messaging.permissions import RoomAccess, access_message, seat_to_delete, seat_to_edit
from messaging.standing import WHY_NOT_DELETED, WHY_NOT_EDITED, mention_refused, why_shut


def edit(user: User, payload: Payload) -> Reply:
    """`message.edit`: room, message, version, body, client_id -> `message.edited` | refused."""
    try:
        access, message = _access(user, payload)
    except Http404:
        return _refused(payload, 404, "not_found", _("This message is not open to you."))
    if seat_to_edit(access, user, message) is None:
        if message.statement_id:
            return _refused(payload, 403, "issued", str(WHY_NOT_EDITED))
        if access.shut:
            return _refused(payload, 403, access.shut, why_shut(access, user))
        return _refused(payload, 403, "not_yours", _("Only its author can edit a message."))
    form = EditForm(payload)
    if not form.is_valid():
        return _refused(payload, 422, "invalid", _faults(form))
    try:
        message = edit_message(room=access.room, seq=message.seq, actor=user, **form.cleaned_data)
    except MessageGone:
        return _refused(payload, 409, "deleted", _("This message was deleted meanwhile."))
    except MessageChanged:
        stands = Message.objects.at(access.room, message.seq)
        return _refused(
            payload,
            409,
            "changed",
            _("This message was edited meanwhile. Save again to replace what stands now."),
            version=stands.version if stands else message.version,
            body=stands.body if stands else "",
        )
    except ClientIdReused:
        reason = _("This was already sent with another text. Copy it and send it anew.")
        return _refused(payload, 409, "client_id_reused", reason)
    except MentionRefused as refused:
        return _refused(payload, 422, "invalid", mention_refused(refused))
    except (PermissionDenied, Http404):
        return _refused(payload, 403, "read_only", _("You may no longer write in this room."))
    return {
        "type": "message.edited",
        "room": access.room.pk,
        "message": message.seq,
        "version": message.version,
        "client_id": str(form.cleaned_data["client_id"]),
    }


def delete(user: User, payload: Payload) -> Reply:
    """`message.delete`: room, message, reason -> `message.deleted` | refused."""
    try:
        access, message = _access(user, payload)
    except Http404:
        return _refused(payload, 404, "not_found", _("This message is not open to you."))
    if seat_to_delete(access, user, message) is None:
        if access.shut:
            return _refused(payload, 403, access.shut, why_shut(access, user))
        if message.statement_id:
            return _refused(payload, 403, "issued", str(WHY_NOT_DELETED))
        reason = _("Only its author and who chairs the room can delete a message.")
        return _refused(payload, 403, "not_yours", reason)
    form = DeletionForm(payload, is_own=is_own(user, message))
    if not form.is_valid():
        return _refused(payload, 422, "invalid", _faults(form))
    try:
        delete_message(room=access.room, seq=message.seq, actor=user, **form.cleaned_data)
    except (PermissionDenied, Http404):
        return _refused(payload, 403, "read_only", _("You may no longer write in this room."))
    return {"type": "message.deleted", "room": access.room.pk, "message": message.seq}


def is_own(user: User, message: Message) -> bool:
    """Whether the person may delete it without a reason: a statement belongs to its delegation."""
    return message.author_id == user.pk and message.statement_id is None


def message_number(payload: Payload) -> int:
    """The number of the message that `payload` names; 0, which is none, for nonsense."""
    seq = payload.get("message")
    if isinstance(seq, int) and not isinstance(seq, bool) and 0 < seq < 2**63:
        return seq
    return 0


def _access(user: User, payload: Payload) -> tuple[RoomAccess, Message]:
    return access_message(user, room_id(payload), message_number(payload))


def _faults(form: forms.Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _refused(payload: Payload, status: int, code: str, reason: str, **more: Any) -> Reply:
    client_id = payload.get("client_id")
    if not (isinstance(client_id, str) and client_id.isascii() and len(client_id) <= 36):
        client_id = None  # not echoed: whatever it is, this client did not make it
    return {
        "type": "message.refused",
        "client_id": client_id,
        "message": message_number(payload) or None,
        "status": status,
        "code": code,
        "reason": reason,
        **more,
    }
