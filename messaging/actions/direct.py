"""Rooms of two to eight persons. Nobody chairs them, and nobody else is let in."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override, pgettext

from members.models import Mandate, User
from messaging import events
from messaging.actions.participants import enter
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.rooms import open_room
from messaging.enums import RecordKind, RoomKind
from messaging.models import Room
from messaging.permissions import access_room
from messaging.permissions_direct import (
    MOST_PEOPLE,
    own_participation,
    people_to_write_to,
    speaking_mandates,
)
from records.actions import append_audit_entry


def open_direct(*, people: Sequence[User], actor: User, mandate: Mandate) -> Room:
    """The room of the actor and `people`: the one that is open, or a new one.

    Raises PermissionDenied unless `mandate` is the actor's and lets them write, and each of
    `people` could answer; ValueError for too many people, or nobody beside the actor.
    """
    others = {person.pk: person for person in people if person != actor}
    if not 0 < len(others) < MOST_PEOPLE:
        raise ValueError(f"{len(others)} people")
    if mandate not in speaking_mandates(actor):
        raise PermissionDenied
    if not others.keys() <= {each.user_id for each in people_to_write_to(actor)}:
        raise PermissionDenied
    everybody = sorted([actor, *others.values()], key=lambda person: person.pk)
    pair = "u:" + "-".join(str(person.pk) for person in everybody)
    if there := Room.objects.open_pair(RoomKind.DIRECT, pair):
        return there
    try:
        return _open(everybody, pair, actor, mandate)
    except IntegrityError:  # another of them was faster
        if there := Room.objects.open_pair(RoomKind.DIRECT, pair):
            return there
        raise


@transaction.atomic
def _open(everybody: list[User], pair: str, actor: User, mandate: Mandate) -> Room:
    room = open_room(
        kind=RoomKind.DIRECT,
        titles=names_joined(everybody),
        pair=pair,
        with_office=False,
        actor=actor,
        mandate=mandate,
    )
    for person in everybody:
        enter(room=room, user=person, actor=actor, mandate=mandate)
    after = {"kind": RoomKind.DIRECT.value, "people": len(everybody)}
    append_audit_entry(actor=actor, mandate=mandate, act="room.opened", thing=room, after=after)
    return room


@transaction.atomic
def leave_room(*, room: Room, actor: User) -> Room:
    """Go out of a room of persons; the others stay. Who is out already finds no room (Http404).

    Raises PermissionDenied for a room of another kind.
    """
    lock_room(room.pk)
    access = access_room(actor, room.pk)
    room, participant = access.room, own_participation(access, actor)
    if participant is None:
        raise PermissionDenied
    participant.removed_at = timezone.now()
    participant.save(update_fields=["removed_at"])
    room.pair = ""  # it is no longer the room of just these: they may open another
    room.save(update_fields=["pair"])
    record = next_record(
        room=room,
        kind=RecordKind.PARTICIPANT_REMOVED,
        actor=actor,
        mandate=access.seats[0].mandate,
        participant=participant,
        detail={"institution": None, "office": "", "user": actor.pk},
    )
    save_records(room=room, records=[record])
    events.rights_changed(users=None)
    return room


def names_joined(people: Sequence[User]) -> dict[str, str]:
    """Their names one after the other, as each language writes them and sets them apart."""
    joined = {}
    for code, _own_name in settings.LANGUAGES:
        with override(code):
            joined[code] = pgettext("between things", ", ").join(each.name for each in people)
    return joined
