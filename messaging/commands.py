"""What a person can tell a room, whichever way it comes: command -> form -> one action -> reply.

A reply is the frame that the socket sends and the JSON that HTTP answers; a refused one carries
`status` (as in HTTP), `code` for the program and `reason` for the reader, in their language.
"""

import math
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from members.models import User
from messaging.actions import ClientIdReused, mark_read, post_message
from messaging.forms import MessageForm, ReadForm
from messaging.permissions import RoomAccess, access_room
from messaging.throttle import seconds_to_wait

Payload = dict[str, Any]
Reply = dict[str, Any]


def access(user: User, payload: Payload) -> RoomAccess:
    """The room that `payload` names. Raises Http404, for nonsense too."""
    room = payload.get("room")
    if not isinstance(room, int) or isinstance(room, bool) or not 0 < room < 2**63:
        raise Http404
    return access_room(user, room)


def post(user: User, payload: Payload) -> Reply:
    """`message.post`: room, mandate, body, client_id -> `message.saved` | `message.refused`."""
    client_id = payload.get("client_id")
    if not (isinstance(client_id, str) and client_id.isascii() and len(client_id) <= 36):
        client_id = None  # not echoed: whatever it is, this client did not make it

    def refused(status: int, code: str, reason: str, **more: Any) -> Reply:
        return {
            "type": "message.refused",
            "client_id": client_id,
            "status": status,
            "code": code,
            "reason": reason,
            **more,
        }

    try:
        room_access = access(user, payload)
    except Http404:
        return refused(404, "not_found", _("This room is not open to you."))
    if not room_access.writing:
        return refused(403, "read_only", _("You read this room as an observer."))
    if wait := seconds_to_wait(user.pk):
        reason = _("You write very fast. Your message will be sent in a moment.")
        return refused(429, "too_fast", reason, retry_after=math.ceil(wait * 10) / 10)
    form = MessageForm(payload, access=room_access)
    if not form.is_valid():
        reason = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refused(422, "invalid", reason)
    try:
        message = post_message(
            room=room_access.room,
            author=user,
            mandate=form.cleaned_data["mandate"],
            body=form.cleaned_data["body"],
            client_id=form.cleaned_data["client_id"],
        )
    except ClientIdReused:
        reason = _("This was already sent with another text. Copy it and send it anew.")
        return refused(409, "client_id_reused", reason)
    except (PermissionDenied, Http404):
        return refused(403, "read_only", _("You may no longer write in this room."))
    return {
        "type": "message.saved",
        "room": message.room_id,
        "client_id": str(message.client_id),
        "seq": message.seq,
    }


def read(user: User, payload: Payload) -> Reply:
    """`room.read`: room, seq -> `room.read` with the mark as it now stands | `error`."""
    try:
        room = access(user, payload).room
    except Http404:
        return not_found(payload)
    form = ReadForm(payload)
    if not form.is_valid():
        return {"type": "error", "status": 422, "code": "invalid", "reason": _("Not a number.")}
    mark = mark_read(room=room, user=user, seq=form.cleaned_data["seq"])
    return {"type": "room.read", "room": room.pk, "seq": mark.last_read_seq}


def not_found(payload: Payload) -> Reply:
    """The one answer for a room that is not there and for one that is not the person's."""
    return {
        "type": "error",
        "status": 404,
        "code": "not_found",
        "reason": _("This room is not open to you."),
        "room": payload.get("room"),
    }
