"""Who may write in a room as a whole: lock, slow mode, archive. Chairs and the secretariat act."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.enums import Capacity
from members.models import Mandate, User
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind, SlowMode
from messaging.models import Room
from messaging.permissions import access_room
from records.actions import append_audit_entry


class RoomArchived(Exception):
    """The room is archived: it must be reopened first. Nothing was changed."""


class PairHasRoom(Exception):
    """The two delegations have opened another room since: this one stays in the archive."""


class GroupClosed(Exception):
    """The room was archived with its group: the group must be reopened. Nothing was changed."""


def check_chair(room: Room, actor: User, mandate: Mandate) -> None:
    """Raises Http404 where `actor` may not read `room`, PermissionDenied where not run it."""
    seat = access_room(actor, room.pk).seat_of(mandate)
    if seat is None or not seat.chairs:
        raise PermissionDenied


def acting(mandate: Mandate) -> dict[str, str]:
    """In which function somebody changed the room, for the detail of its record."""
    office = mandate.capacity == Capacity.SECRETARIAT
    return {"by": "secretariat" if office else "chair"}


def lock_to_chairs(*, room: Room, actor: User, mandate: Mandate) -> Room:
    """From now on chairs and the secretariat alone write. Repeated, it does nothing."""
    return _change(room, RecordKind.ROOM_LOCKED, actor, mandate, is_locked=True)


def unlock(*, room: Room, actor: User, mandate: Mandate) -> Room:
    """Members write again. Repeated, it does nothing."""
    return _change(room, RecordKind.ROOM_UNLOCKED, actor, mandate, is_locked=False)


def slow_down(*, room: Room, seconds: int, actor: User, mandate: Mandate) -> Room:
    """Let each member write once in so many seconds (0: as they like)."""
    pause = SlowMode(seconds)
    return _change(room, RecordKind.ROOM_SLOWED, actor, mandate, slow_seconds=pause)


def archive_room(*, room: Room, actor: User, mandate: Mandate) -> Room:
    """Close the room to all writing; whoever could read it still can. Repeated: nothing."""
    return _archive(room, RecordKind.ROOM_ARCHIVED, actor, mandate, is_archived=True)


def reopen_room(*, room: Room, actor: User, mandate: Mandate) -> Room:
    """Open an archived room again, locked or slow as it was. Repeated, it does nothing."""
    return _archive(room, RecordKind.ROOM_REOPENED, actor, mandate, is_archived=False)


@transaction.atomic
def archive_with_group(
    *, room: Room, at: datetime | None, actor: User | None, mandate: Mandate | None
) -> Room:
    """Close the room because its group is closed, or (`at` None) open it again. Repeated: nothing.

    The right is asked, and the audit entry written, where the group is closed: with several rooms
    the log's head must not be held while the next room is waited for.
    """
    room = lock_room(room.pk)
    if room.is_archived == (at is not None):
        return room
    room.archived_at = at
    kind = RecordKind.ROOM_ARCHIVED if at else RecordKind.ROOM_REOPENED
    return _record(room, kind, actor, mandate)


@transaction.atomic
def _change(room: Room, kind: str, actor: User, mandate: Mandate, **fields: Any) -> Room:
    room = lock_room(room.pk)
    check_chair(room, actor, mandate)
    if all(getattr(room, name) == value for name, value in fields.items()):
        return room
    if room.is_archived:
        raise RoomArchived
    before = room.state
    for name, value in fields.items():
        setattr(room, name, value)
    return _save(room, kind, actor, mandate, before)


@transaction.atomic
def _archive(room: Room, kind: str, actor: User, mandate: Mandate, *, is_archived: bool) -> Room:
    room = lock_room(room.pk)
    check_chair(room, actor, mandate)
    if room.is_archived == is_archived:
        return room
    if room.pair and not is_archived and Room.objects.open_pair(room.kind, room.pair):
        raise PairHasRoom
    if not is_archived and room.group and room.group.is_closed:
        raise GroupClosed
    before = room.state
    room.archived_at = timezone.now() if is_archived else None
    return _save(room, kind, actor, mandate, before)


def _save(room: Room, kind: str, actor: User, mandate: Mandate, before: dict[str, Any]) -> Room:
    _record(room, kind, actor, mandate)
    append_audit_entry(
        actor=actor, mandate=mandate, act=kind, thing=room, before=before, after=room.state
    )
    return room


def _record(room: Room, kind: str, actor: User | None, mandate: Mandate | None) -> Room:
    room.save(update_fields=["is_locked", "slow_seconds", "archived_at"])
    detail = {**room.state, **(acting(mandate) if mandate else {})}
    record = next_record(room=room, kind=kind, actor=actor, mandate=mandate, detail=detail)
    save_records(room=room, records=[record])
    return room
