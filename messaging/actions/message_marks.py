"""Marks on a message: reactions, pins, acknowledgements. Each is a record that changes its line.

All of them are safe to repeat: what is so already is left so, and nothing is announced.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Mandate, User
from messaging.actions.editing import MessageGone
from messaging.actions.messages import RoomShut
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.state import acting
from messaging.enums import ReactionKind, RecordKind
from messaging.mark_permissions import (
    mandates_to_acknowledge,
    marks_of,
    seat_to_pin,
    seat_to_react,
)
from messaging.models import Message, MessageMarks, Participant, Reaction, Record, Room
from messaging.permissions import RoomAccess, access_message
from records.chain import instant

MOST_PINNED = 20  # in one room: a longer list is not looked through


class TooManyPins(Exception):
    """As many messages as may be are pinned in the room. Nothing was changed."""


class NobodyToAcknowledge(Exception):
    """No delegation is in the room that could acknowledge the message. Nothing was changed."""


class NotAsked(Exception):
    """No acknowledgement of the message is asked for. Nothing was changed."""


@transaction.atomic
def react(
    *, room: Room, seq: int, kind: str, on: bool, actor: User, mandate: int | None = None
) -> Message:
    """Add or take back the actor's reaction to the message at `seq`, speaking by `mandate` (an id)
    where that may write.

    Raises Http404 where they may not read the room, PermissionDenied where not write, RoomShut,
    MessageGone.
    """
    access, message = _locked(room, seq, actor)
    kind = ReactionKind(kind)
    if access.writing and access.shut:
        raise RoomShut(access.shut)
    seat = seat_to_react(access, mandate)
    if seat is None:
        raise PermissionDenied
    given = Reaction.objects.given(message, actor, kind)
    if (given is not None) == on:
        return message
    record = _record(
        RecordKind.REACTION_ADDED if on else RecordKind.REACTION_REMOVED,
        access.room,
        message,
        actor,
        seat.mandate,
        {"kind": str(kind)},
    )
    if given is None:
        _marks(message).reactions.create(
            user=actor, mandate=seat.mandate, kind=kind, given_at=record.at
        )
    else:
        given.delete()
    return message


@transaction.atomic
def pin_message(*, room: Room, seq: int, on: bool, actor: User) -> Message:
    """Pin the message at `seq` to the head of the room, or unpin it.

    Raises Http404 where the actor may not read the room, PermissionDenied where they do not chair
    it, RoomShut, MessageGone, TooManyPins.
    """
    access, message = _locked(room, seq, actor)
    seat = _chair(access)
    if MessageMarks.objects.is_pinned(message) == on:
        return message
    if on and MessageMarks.objects.pinned_in(access.room).count() >= MOST_PINNED:
        raise TooManyPins
    kind = RecordKind.MESSAGE_PINNED if on else RecordKind.MESSAGE_UNPINNED
    record = _record(kind, access.room, message, actor, seat, acting(seat))
    marks = _marks(message)
    marks.pin = record if on else None
    marks.save(update_fields=["pin"])
    return message


@transaction.atomic
def ask_acknowledgement(*, room: Room, seq: int, until: datetime | None, actor: User) -> Message:
    """Ask the room's delegations to acknowledge the message at `seq`, perhaps `until` a moment.
    Asked once: who asks again is told what was asked first.

    Raises Http404, PermissionDenied, RoomShut and MessageGone as `pin_message`, and
    NobodyToAcknowledge.
    """
    access, message = _locked(room, seq, actor)
    seat = _chair(access)
    marks = _marks(message)
    if marks.request_id:
        return message
    delegations = Participant.objects.with_voice().filter(room=access.room)
    detail: dict[str, Any] = acting(seat)
    if detail["by"] == "chair":  # whose own delegation is not asked, see `MessageMarks.expected`
        delegations = delegations.exclude(institution=seat.institution_id)
    if not delegations.exists():
        raise NobodyToAcknowledge
    if until:
        detail["until"] = instant(until)
    kind = RecordKind.ACKNOWLEDGEMENT_ASKED
    marks.request = _record(kind, access.room, message, actor, seat, detail)
    marks.save(update_fields=["request"])
    return message


@transaction.atomic
def acknowledge(*, room: Room, seq: int, mandate: Mandate, actor: User) -> Message:
    """Acknowledge the message at `seq` for the delegation of `mandate`. Once for each delegation,
    whoever of it is first.

    Raises Http404 where the actor may not read the room, RoomShut, MessageGone, NotAsked, and
    PermissionDenied where the delegation is not asked or the mandate may not answer for it.
    """
    access, message = _locked(room, seq, actor)
    if access.room.is_archived:
        raise RoomShut("archived")
    marks = marks_of(message)
    if marks is None or marks.request is None:
        raise NotAsked
    if mandate not in mandates_to_acknowledge(access, message):
        seat = access.seat_of(mandate)
        given = {each.institution_id for each in marks.acknowledgements.all()}
        if seat is None or mandate.institution_id not in given:
            raise PermissionDenied
        return message
    detail = {"institution": mandate.institution_id}
    kind = RecordKind.MESSAGE_ACKNOWLEDGED
    record = _record(kind, access.room, message, actor, mandate, detail)
    marks.acknowledgements.create(
        institution_id=mandate.institution_id, user=actor, mandate=mandate, given_at=record.at
    )
    return message


def _locked(room: Room, seq: int, actor: User) -> tuple[RoomAccess, Message]:
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    if message.deletion_id:
        raise MessageGone
    return access, message


def _chair(access: RoomAccess) -> Mandate:
    seat = seat_to_pin(access)
    if seat is None:
        if access.chairs:
            raise RoomShut("archived")
        raise PermissionDenied
    return seat.mandate


def _marks(message: Message) -> MessageMarks:
    return MessageMarks.objects.get_or_create(message=message)[0]


def _record(
    kind: str, room: Room, message: Message, actor: User, mandate: Mandate, detail: dict[str, Any]
) -> Record:
    record = next_record(
        room=room, kind=kind, actor=actor, mandate=mandate, message=message, detail=detail
    )
    save_records(room=room, records=[record])
    return record
