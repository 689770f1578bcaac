"""What a person can tell a room, whichever way it comes: command -> form -> one action -> reply.

A reply is the frame that the socket sends and the JSON that HTTP answers; a refused one carries
`status` (as in HTTP), `code` for the program and `reason` for the reader, in their language.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.models import User
from messaging.actions import (
    ClientIdReused,
    Draft,
    FilesMissing,
    Muted,
    RepliesToNothing,
    RoomShut,
    SubjectNotOpen,
    TooSoon,
    mark_read,
    mark_unread,
    post_messages,
)
from messaging.forms import ReadForm, message_form
from messaging.mentions import MentionRefused
from messaging.permissions import RoomAccess, Seat, access_room, seats_of
from messaging.standing import (
    WHY_SHUT,
    mention_refused,
    mute_explained,
    slow_mode_explained,
    why_missing,
)
from messaging.throttle import seconds_to_wait

Payload = dict[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A `message.post`, by whom, and the language of the answer.

    `seats` are those in the room that are known already: they spare a look, the action looks again.
    """

    user: User
    payload: Payload
    language: str | None
    seats: tuple[Seat, ...] = ()

    @property
    def is_known_to_write(self) -> bool:
        return _may_write(self.seats)


def room_id(payload: Payload) -> int:
    """The room that `payload` names; 0, which is none, for nonsense."""
    room = payload.get("room")
    if isinstance(room, int) and not isinstance(room, bool) and 0 < room < 2**63:
        return room
    return 0


def access(user: User, payload: Payload) -> RoomAccess:
    """The room that `payload` names. Raises Http404, for nonsense too."""
    return access_room(user, room_id(payload))


def post(user: User, payload: Payload) -> Reply:
    """`message.post`: room, mandate, body, client_id, files -> `message.saved` | refused."""
    [reply] = post_together(room_id(payload), [Said(user, payload, get_language())])
    if isinstance(reply, Exception):
        raise reply
    return reply


def post_together(room: int, said: Sequence[Said]) -> list[Reply | Exception]:
    """What `post` answers to each, or raises; said in `room`, in this order, one commit for all."""
    strangers = {each.user.pk for each in said if not each.is_known_to_write}
    seats = seats_of(strangers, [room]) if strangers else {}
    held = [
        each.seats if each.is_known_to_write else seats.get(each.user.pk, {}).get(room, ())
        for each in said
    ]
    writers = [each.user.pk for each, own in zip(said, held, strict=True) if _may_write(own)]
    waits = iter(seconds_to_wait(room, writers) if writers else ())
    drafts: list[Draft | Reply] = []
    by_language = groupby(zip(said, held, strict=True), key=lambda pair: pair[0].language)
    for language, pairs in by_language:
        with translation.override(language):
            drafts += [_draft(each, own, waits) for each, own in pairs]
    valid = [draft for draft in drafts if isinstance(draft, Draft)]
    outcomes = iter(post_messages(room_id=room, drafts=valid) if valid else ())
    replies: list[Reply | Exception] = []
    for each, draft in zip(said, drafts, strict=True):
        replies.append(_answer(each, next(outcomes)) if isinstance(draft, Draft) else draft)
    return replies


def _may_write(seats: tuple[Seat, ...]) -> bool:
    return any(seat.may_write for seat in seats)


def _draft(said: Said, seats: tuple[Seat, ...], waits: Iterator[float]) -> Draft | Reply:
    if not seats:
        return _refused(said, 404, "not_found", _("This room is not open to you."))
    writing = [seat for seat in seats if seat.may_write]
    if not writing:
        return _refused(said, 403, "read_only", _("You read this room as an observer."))
    if wait := next(waits):
        reason = _("You write very fast. Your message will be sent in a moment.")
        return _refused(said, 429, "too_fast", reason, retry_after=math.ceil(wait * 10) / 10)
    form = message_form(said.payload, writing)
    if not form.is_valid():
        reason = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(said, 422, "invalid", reason)
    return Draft(
        author=said.user,
        mandate=form.cleaned_data["mandate"],
        body=form.cleaned_data["body"],
        client_id=form.cleaned_data["client_id"],
        reply_to=form.cleaned_data["reply_to"],
        files=form.cleaned_data["files"],
        subject=form.cleaned_data["subject"],
    )


def _answer(said: Said, outcome: Any) -> Reply | Exception:
    if isinstance(outcome, Exception):
        with translation.override(said.language):
            return _explain(said, outcome)
    return {
        "type": "message.saved",
        "room": outcome.room_id,
        "client_id": str(outcome.client_id),
        "seq": outcome.seq,
    }


def _explain(said: Said, outcome: Exception) -> Reply | Exception:
    """The refusal in words; whatever else went wrong, as it is."""
    match outcome:
        case ClientIdReused():
            reason = _("This was already sent with another text. Copy it and send it anew.")
            return _refused(said, 409, "client_id_reused", reason)
        case RoomShut():
            return _refused(said, 403, outcome.code, str(WHY_SHUT[outcome.code]))
        case Muted():
            return _refused(said, 403, "muted", mute_explained(outcome.until, said.user))
        case TooSoon():
            reason = slow_mode_explained(outcome.every)
            wait = math.ceil(outcome.wait * 10) / 10
            return _refused(said, 429, "too_fast", reason, retry_after=wait)
        case FilesMissing():
            reason = why_missing(too_much=outcome.too_much)
            return _refused(said, 422, "files_missing", reason, files=outcome.ids)
        case RepliesToNothing():
            reason = _("What you reply to is no message of this room.")
            return _refused(said, 422, "invalid", reason)
        case MentionRefused():
            return _refused(said, 422, "invalid", mention_refused(outcome))
        case SubjectNotOpen():
            return _refused(said, 422, "invalid", _("This is no open subject of the room."))
        case PermissionDenied() | Http404():
            return _refused(said, 403, "read_only", _("You may no longer write in this room."))
    return outcome


def _refused(said: Said, status: int, code: str, reason: str, **more: Any) -> Reply:
    client_id = said.payload.get("client_id")
    if not (isinstance(client_id, str) and client_id.isascii() and len(client_id) <= 36):
        client_id = None  # not echoed: whatever it is, this client did not make it
    return {
        "type": "message.refused",
        "client_id": client_id,
        "status": status,
        "code": code,
        "reason": reason,
        **more,
    }


def read(user: User, payload: Payload) -> Reply:
    """`room.read`: room, seq -> `room.read` with the mark as it now stands | `error`."""
    return _mark(user, payload, mark_read)


def unread(user: User, payload: Payload) -> Reply:
    """ "Unread from here": room, seq -> `room.read` with the mark as it now stands | `error`.

    Over HTTP alone: the socket's `room.read` is sent by pages unasked, this by a person.
    """
    return _mark(user, payload, mark_unread)


def _mark(user: User, payload: Payload, mark_to: Callable[..., Any]) -> Reply:
    try:
        room = access(user, payload).room
    except Http404:
        return not_found(payload)
    form = ReadForm(payload)
    if not form.is_valid():
        return {"type": "error", "status": 422, "code": "invalid", "reason": _("Not a number.")}
    mark = mark_to(room=room, user=user, seq=form.cleaned_data["seq"])
    return {"type": "room.read", "room": room.pk, "seq": mark.last_read_seq}


def not_found(payload: Payload) -> Reply:
    """The one answer for a room that is not there and for one that is not the person's."""
    return {
        "type": "error",
        "status": 404,
        "code": "not_found",
        "reason": _("This room is not open to you."),
        "room": room_id(payload) or None,
    }
