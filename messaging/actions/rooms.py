from typing import Any

from django.db import transaction

from members.models import Group, Institution, Mandate, User
from messaging.actions.participants import enter
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.state import RoomArchived, acting, check_chair
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Participant, Room
from records.actions import append_audit_entry
from records.chain import GENESIS


@transaction.atomic
def open_room(
    *,
    kind: str,
    titles: dict[str, str],
    purposes: dict[str, str] | None = None,
    group: Group | None = None,
    pair: str = "",
    with_office: bool = True,
    is_of_all: bool = False,
    delegations: dict[Institution, str] | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Room:
    """Open a room for `delegations` (institution -> role), the secretariat's office as a chair
    (in a room of a pair as a member), or not in it at all.

    Called by receivers and by the loader of the demo network; both act for the system.
    """
    room = Room.objects.create(
        kind=kind,
        titles=titles,
        purposes=purposes or {},
        group=group,
        pair=pair,
        is_of_all=is_of_all,
        head_hash=GENESIS,
    )
    # The title of a room of persons is their names, which no record keeps for ever.
    detail: dict[str, Any] = {"kind": kind} if room.is_direct else {"kind": kind, "titles": titles}
    if is_of_all:
        detail["is_of_all"] = True
    record = next_record(
        room=room,
        kind=RecordKind.ROOM_OPENED,
        actor=actor,
        mandate=mandate,
        detail=detail,
    )
    save_records(room=room, records=[record])
    if with_office:
        enter(
            room=room,
            office=Participant.SECRETARIAT,
            role=ParticipantRole.MEMBER if pair else ParticipantRole.CHAIR,
            actor=actor,
            mandate=mandate,
        )
    for institution, role in (delegations or {}).items():
        enter(room=room, institution=institution, role=role, actor=actor, mandate=mandate)
    return room


@transaction.atomic
def rename_with_group(
    *,
    room: Room,
    before: dict[str, str],
    titles: dict[str, str],
    actor: User | None,
    mandate: Mandate | None,
) -> Room:
    """Let the room bear its group's new name, where it bore the one `before`. Repeated: nothing.

    The right is asked, and the audit entry written, where the group is renamed.
    """
    room = lock_room(room.pk)
    if room.is_archived or room.titles != before or before == titles:
        return room
    room.titles = titles
    room.save(update_fields=["titles"])
    detail = {"titles": titles, "purposes": room.purposes}
    if mandate is not None:
        detail |= acting(mandate)
    record = next_record(
        room=room, kind=RecordKind.ROOM_CHANGED, actor=actor, mandate=mandate, detail=detail
    )
    save_records(room=room, records=[record])
    return room


@transaction.atomic
def change_texts(
    *,
    room: Room,
    titles: dict[str, str],
    purposes: dict[str, str],
    actor: User,
    mandate: Mandate,
) -> Room:
    """Give the room another title or purpose. Repeated, it does nothing."""
    room = lock_room(room.pk)
    check_chair(room, actor, mandate)
    if room.is_archived:
        raise RoomArchived
    before = {"titles": room.titles, "purposes": room.purposes}
    after = {"titles": titles, "purposes": purposes}
    if before == after:
        return room
    room.titles, room.purposes = titles, purposes
    room.save(update_fields=["titles", "purposes"])
    detail = {**after, **acting(mandate)}
    record = next_record(
        room=room, kind=RecordKind.ROOM_CHANGED, actor=actor, mandate=mandate, detail=detail
    )
    save_records(room=room, records=[record])
    append_audit_entry(
        actor=actor, mandate=mandate, act="room.changed", thing=room, before=before, after=after
    )
    return room
