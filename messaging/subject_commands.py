"""Moving a message to another subject: command -> form -> one action -> reply (see `commands`)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from members.models import User
from messaging.actions import SubjectNotOpen, move_messages
from messaging.commands import Payload, Reply
from messaging.forms_subjects import MoveForm
from messaging.models import Message, Subject
from messaging.permissions import RoomAccess
from messaging.permissions_subjects import seat_to_follow, seat_to_move
from messaging.standing import WHY_SHUT


def move_form(
    access: RoomAccess, user: User, message: Message, payload: Payload | None = None
) -> MoveForm | None:
    """What may be said of where `message` stands; None where the person may not move it."""
    if seat_to_move(access, user, message) is None:
        return None
    return MoveForm(
        payload,
        subjects=Subject.objects.of_room(access.room).open(),
        may_follow=seat_to_follow(access) is not None,
        initial={"subject": message.subject_id},
    )


def move(user: User, access: RoomAccess, message: Message, payload: Payload) -> Reply:
    """`message.move`: subject, with_following -> `message.moved` | refused."""
    form = move_form(access, user, message, payload)
    if form is None:
        if access.shut:
            return _refused(message, 403, access.shut, str(WHY_SHUT[access.shut]))
        reason = _("Only its author and who chairs the room can move a message.")
        return _refused(message, 403, "not_yours", reason)
    not_open = _("This is no open subject of the room.")
    if not form.is_valid():
        return _refused(message, 422, "invalid", not_open)
    to = form.cleaned_data["subject"]
    try:
        moved = move_messages(
            room=access.room,
            seq=message.seq,
            to=to,
            with_following=form.cleaned_data.get("with_following", False),
            actor=user,
        )
    except SubjectNotOpen:
        return _refused(message, 422, "invalid", not_open)
    except (PermissionDenied, Http404):
        return _refused(message, 403, "read_only", _("You may no longer write in this room."))
    return {
        "type": "message.moved",
        "room": access.room.pk,
        "message": message.seq,
        "subject": to,
        "moved": len(moved),
    }


def _refused(message: Message, status: int, code: str, reason: str) -> dict[str, Any]:
    return {
        "type": "message.refused",
        "client_id": None,
        "message": message.seq,
        "status": status,
        "code": code,
        "reason": reason,
    }
