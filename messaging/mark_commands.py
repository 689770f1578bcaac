"""How a person marks a message that is there: command -> form -> one action -> reply.

See `messaging.commands` for what a reply is. A refusal says in `command` what was refused: edits
and deletions of the same message may be under way.
"""

import math
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import User
from messaging.actions import (
    MessageGone,
    NobodyToAcknowledge,
    NotAsked,
    RoomShut,
    TooManyPins,
    acknowledge,
    ask_acknowledgement,
    pin_message,
    react,
)
from messaging.actions.message_marks import MOST_PINNED
from messaging.commands import Payload, Reply, room_id
from messaging.mark_forms import AcknowledgeForm, AskForm, PinForm, ReactionForm
from messaging.message_commands import message_number
from messaging.models import Message
from messaging.permissions import RoomAccess, access_message
from messaging.standing import WHY_SHUT, WHY_SILENT
from messaging.throttle import seconds_to_wait


def react_to(user: User, payload: Payload) -> Reply:
    """`message.react`: room, message, kind, on, perhaps mandate -> `message.reacted` | refused."""

    def act(access: RoomAccess, message: Message, values: dict[str, Any]) -> Reply:
        react(room=access.room, seq=message.seq, actor=user, **values)
        return {"type": "message.reacted", "kind": values["kind"], "on": values["on"]}

    return _done(user, payload, "message.react", ReactionForm(payload), act, str(WHY_SILENT))


def pin(user: User, payload: Payload) -> Reply:
    """`message.pin`: room, message, on -> `message.pinned` | refused."""

    def act(access: RoomAccess, message: Message, values: dict[str, Any]) -> Reply:
        pin_message(room=access.room, seq=message.seq, actor=user, **values)
        return {"type": "message.pinned", "on": values["on"]}

    why = _("Only who chairs the room can pin a message.")
    return _done(user, payload, "message.pin", PinForm(payload), act, why)


def ask(user: User, payload: Payload) -> Reply:
    """`acknowledgement.ask`: room, message, perhaps until -> `acknowledgement.asked` | refused.

    `until` without an offset is meant in the person's time zone.
    """

    def act(access: RoomAccess, message: Message, values: dict[str, Any]) -> Reply:
        ask_acknowledgement(room=access.room, seq=message.seq, actor=user, **values)
        return {"type": "acknowledgement.asked"}

    why = _("Only who chairs the room can ask for acknowledgement.")
    with timezone.override(ZoneInfo(user.time_zone)):
        return _done(user, payload, "acknowledgement.ask", AskForm(payload), act, why)


def acknowledge_for(user: User, payload: Payload) -> Reply:
    """`message.acknowledge`: room, message, mandate -> `message.acknowledged` | refused."""

    def act(access: RoomAccess, message: Message, values: dict[str, Any]) -> Reply:
        form = AcknowledgeForm(payload, mandates=[seat.mandate.pk for seat in access.seats])
        if not form.is_valid():
            raise PermissionDenied
        chosen = form.cleaned_data["mandate"]
        mandate = next(seat.mandate for seat in access.seats if seat.mandate.pk == chosen)
        acknowledge(room=access.room, seq=message.seq, mandate=mandate, actor=user)
        return {"type": "message.acknowledged", "institution": mandate.institution_id}

    why = _("You cannot acknowledge this message for a delegation.")
    return _done(user, payload, "message.acknowledge", forms.Form(payload), act, why)


def _done(
    user: User,
    payload: Payload,
    command: str,
    form: forms.Form,
    act: Callable[[RoomAccess, Message, dict[str, Any]], Reply],
    why_not: str,
) -> Reply:
    """What all four have in common: the message, the pace, the form, and why it may be refused."""

    def refused(status: int, code: str, reason: str, **more: Any) -> Reply:
        return {
            "type": "message.refused",
            "command": command,
            "client_id": None,
            "message": message_number(payload) or None,
            "status": status,
            "code": code,
            "reason": reason,
            **more,
        }

    try:
        access, message = access_message(user, room_id(payload), message_number(payload))
    except Http404:
        return refused(404, "not_found", _("This message is not open to you."))
    [wait] = seconds_to_wait(access.room.pk, [user.pk])
    if wait:
        reason = _("That was very fast. Try again in a moment.")
        return refused(429, "too_fast", reason, retry_after=math.ceil(wait * 10) / 10)
    if not form.is_valid():
        reason = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refused(422, "invalid", reason)
    try:
        reply = act(access, message, form.cleaned_data)
    except RoomShut as error:
        return refused(403, error.code, str(WHY_SHUT[error.code]))
    except MessageGone:
        return refused(409, "deleted", _("This message was deleted meanwhile."))
    except TooManyPins:
        return refused(
            409,
            "too_many",
            ngettext(
                "%(number)s message is pinned already: unpin it first.",
                "%(number)s messages are pinned already: unpin one of them first.",
                MOST_PINNED,
            )
            % {"number": MOST_PINNED},
        )
    except NobodyToAcknowledge:
        reason = _("There is no delegation in this room that could acknowledge it.")
        return refused(409, "nobody", reason)
    except NotAsked:
        return refused(409, "not_asked", _("Nobody asks for an acknowledgement of this message."))
    except (PermissionDenied, Http404):
        return refused(403, "not_yours", why_not)
    return {**reply, "room": access.room.pk, "message": message.seq}
