"""How long the texts of a room are kept, and what keeps them longer."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.erasing import erase_texts
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import ErasedFor, RecordKind
from messaging.models import Hold, Message, Room
from messaging.permissions_moderation import access_office
from records.actions import append_audit_entry

logger = logging.getLogger(__name__)
BATCH = 100  # messages in one transaction: the room is locked for so long


class CountChanged(Exception):
    """More or fewer texts would be erased than the person was told. Nothing was changed."""


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months before; of a shorter month its last day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=years, month=month + 1, day=min(moment.day, 28))


def count_touched(room: Room, months: int | None) -> int:
    """How many messages a retention of so many months would erase now."""
    if months is None:
        return 0
    return Message.objects.to_be_erased(room, months_before(timezone.now(), months)).count()


@transaction.atomic
def change_retention(*, room: Room, months: int | None, expected: int, actor: User) -> Room:
    """Have texts erased after so many months; None: never. `expected` is how many the person was
    told that it touches. Repeated, it does nothing.

    Raises Http404 where the actor may not read the room, PermissionDenied where they are not of
    the secretariat there, CountChanged.
    """
    room = lock_room(room.pk)
    _, mandate = access_office(actor, room.pk)
    before = room.retention_months
    if before == months:
        return room
    if count_touched(room, months) != expected:
        raise CountChanged
    room.retention_months = months
    room.save(update_fields=["retention_months"])
    record = next_record(
        room=room,
        kind=RecordKind.RETENTION_CHANGED,
        actor=actor,
        mandate=mandate,
        detail={"months": months},
    )
    save_records(room=room, records=[record])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="retention.changed",
        thing=room,
        before={"retention_months": before},
        after={"retention_months": months},
    )
    return room


@transaction.atomic
def place_hold(*, room: Room, reason: str, actor: User) -> Hold:
    """Let nothing be erased in the room from now on. Repeated, the one that stands is returned.

    Raises Http404 and PermissionDenied as `change_retention`.
    """
    room = lock_room(room.pk)
    _, mandate = access_office(actor, room.pk)
    if standing := Hold.objects.standing(room):
        return standing
    hold = Hold.objects.create(room=room, reason=reason, placed_by=actor)
    _record(room, RecordKind.HOLD_PLACED, actor, mandate)
    append_audit_entry(actor=actor, mandate=mandate, act="hold.placed", thing=room)
    return hold


@transaction.atomic
def lift_hold(*, room: Room, reason: str, actor: User) -> None:
    """Let what is due be erased again. Repeated, it does nothing. Raises as `place_hold`."""
    room = lock_room(room.pk)
    _, mandate = access_office(actor, room.pk)
    hold = Hold.objects.standing(room)
    if hold is None:
        return
    hold.lifted_by, hold.lifted_at, hold.lifting_reason = actor, timezone.now(), reason
    hold.save(update_fields=["lifted_by", "lifted_at", "lifting_reason"])
    _record(room, RecordKind.HOLD_LIFTED, actor, mandate)
    append_audit_entry(actor=actor, mandate=mandate, act="hold.lifted", thing=room)


def _record(room: Room, kind: str, actor: User, mandate: Mandate) -> None:
    record = next_record(room=room, kind=kind, actor=actor, mandate=mandate)
    save_records(room=room, records=[record])


def erase_old_texts() -> int:
    """The nightly job: erase what is older than its room keeps it; returns how many messages.

    One transaction a batch. What fails in one room stops no other.
    """
    erased = 0
    for room in Room.objects.with_retention():
        try:
            while done := _erase_batch(room.pk):
                erased += done
        except Exception:
            logger.exception("Texts of room %s were not erased", room.pk)
    return erased


@transaction.atomic
def _erase_batch(room_id: int) -> int:
    room = lock_room(room_id)
    if room.retention_months is None or Hold.objects.standing(room):
        return 0
    before = months_before(timezone.now(), room.retention_months)
    messages = list(Message.objects.to_be_erased(room, before)[:BATCH])
    if not messages:
        return 0
    erase_texts(room=room, messages=messages, ground=ErasedFor.RETENTION, actor=None, mandate=None)
    append_audit_entry(
        actor=None, act="retention.applied", thing=room, after={"messages": len(messages)}
    )
    return len(messages)
