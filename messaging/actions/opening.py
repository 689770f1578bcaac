"""Opening a room by hand: the secretariat any, a group's chair within the group."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.actions.groups import lock_group
from members.enums import MembershipClass
from members.models import Group, Institution, Mandate, User
from members.permissions import secretariat_mandate
from messaging.actions.rooms import open_room
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Room
from messaging.permissions_opening import opening_mandate
from records.actions import append_audit_entry

WITHIN_GROUP = (RoomKind.GROUP, RoomKind.MEETING)
COMMON = (RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS)  # every active member is in them


def role_in_common(kind: str, membership_class: str) -> ParticipantRole:
    """The role that a member has in a room of all, by the class of its membership."""
    quiet = kind == RoomKind.ANNOUNCEMENTS or membership_class == MembershipClass.OBSERVER
    return ParticipantRole.OBSERVER if quiet else ParticipantRole.MEMBER


def roles_in_common(kind: str, active: Iterable[Institution]) -> dict[Institution, str]:
    """Each of the `active` members (see `in_directory()`), with its role in a room of all."""
    return {
        each: role_in_common(kind, each.membership.membership_class)
        for each in active
        if each.membership
    }


@transaction.atomic
def start_room(
    *,
    kind: str,
    titles: dict[str, str],
    purposes: dict[str, str],
    group: Group | None,
    delegations: dict[Institution, str],
    is_of_all: bool = False,
    actor: User,
    mandate: Mandate,
) -> Room:
    """Open a room for `delegations` (institution -> role) and write it into the audit log. With
    `is_of_all` it is of a meeting of all: who becomes a member later enters by itself.

    Raises PermissionDenied unless `mandate` is the actor's and of the secretariat, or of the
    chair of `group` and the delegations are members of it; and where the group is closed. Not safe
    to repeat: a room each time.
    """
    if group and lock_group(group).is_closed:
        raise PermissionDenied
    may_open = (*WITHIN_GROUP, *COMMON) if secretariat_mandate(actor) else WITHIN_GROUP
    if opening_mandate(actor, group) != mandate or kind not in may_open:
        raise PermissionDenied
    if group and not set(delegations) <= {m.institution for m in group.members.for_rooms()}:
        raise PermissionDenied
    if is_of_all and (kind != RoomKind.MEETING or not secretariat_mandate(actor)):
        raise PermissionDenied
    room = open_room(
        kind=kind,
        titles=titles,
        purposes=purposes,
        group=group,
        delegations=delegations,
        is_of_all=is_of_all,
        actor=actor,
        mandate=mandate,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="room.opened",
        thing=room,
        after={
            "kind": kind,
            "titles": titles,
            "members": {str(i.pk): role for i, role in delegations.items()},
        },
    )
    return room
