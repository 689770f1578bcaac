"""Who is in a room, and in which role. With an `actor`, that person must chair the room; without
one the portal acts itself (receivers, the demo network).
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Institution, Mandate, User
from messaging import events
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.state import acting, check_chair
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Participant, Room
from records.actions import append_audit_entry


@transaction.atomic
def add_participant(
    *,
    room: Room,
    institution: Institution | None = None,
    user: User | None = None,
    office: str = "",
    role: str = ParticipantRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Participant:
    """Let a delegation, a person or an office in. Repeated, it returns who is already there."""
    room = lock_room(room.pk)
    _check(room, actor, mandate)
    participant, is_new = enter(
        room=room,
        institution=institution,
        user=user,
        office=office,
        role=role,
        actor=actor,
        mandate=mandate,
    )
    if is_new and actor:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="participant.added",
            thing=room,
            after=_named(participant) | {"role": role},
        )
    return participant


def enter(
    *,
    room: Room,
    institution: Institution | None = None,
    user: User | None = None,
    office: str = "",
    role: str = ParticipantRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> tuple[Participant, bool]:
    """For actions that hold the room's lock and have checked the right: who is in, and if new."""
    present = Participant.objects.current().being(room, institution, user, office)
    if participant := present.first():
        return participant, False
    participant = Participant.objects.create(
        room=room, institution=institution, user=user, office=office, role=role
    )
    detail = _named(participant) | {"role": role}
    _record(room, RecordKind.PARTICIPANT_ADDED, participant, actor, mandate, detail)
    return participant, True


@transaction.atomic
def change_role(
    *,
    participant: Participant,
    role: str,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Participant:
    """Give a participant another role in the room. Repeated, it does nothing.

    Raises PermissionDenied for the office of the secretariat, which chairs wherever it is.
    """
    room = lock_room(participant.room_id)
    _check(room, actor, mandate)
    participant = Participant.objects.current().with_names().get(pk=participant.pk)
    if participant.is_fixed:
        raise PermissionDenied
    before = participant.role
    if before == role:
        return participant
    _give_role(room, participant, role, actor, mandate)
    if actor:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="participant.changed",
            thing=room,
            before=_named(participant) | {"role": before},
            after=_named(participant) | {"role": role},
        )
    return participant


@transaction.atomic
def change_role_with_group(
    *,
    room: Room,
    institution: Institution,
    before: str,
    role: str,
    actor: User | None,
    mandate: Mandate | None,
) -> None:
    """Let the role of a delegation follow its role in the group of the room. Another than `before`
    was given by who runs the room, and stays. The right is asked, and the audit entry written,
    where its place in the group is changed.
    """
    room = lock_room(room.pk)
    participant = Participant.objects.current().being(room, institution, None, "").first()
    if participant and participant.role == before != role:
        _give_role(room, participant, role, actor, mandate)


def _give_role(
    room: Room, participant: Participant, role: str, actor: User | None, mandate: Mandate | None
) -> None:
    before = participant.role
    participant.role = role
    participant.save(update_fields=["role"])
    # Without a mandate it follows from the class of a membership, which the secretariat changed.
    by = acting(mandate) if mandate else {"by": "secretariat"}
    detail = _named(participant) | {"role": role, "before": before, **by}
    _record(room, RecordKind.PARTICIPANT_CHANGED, participant, actor, mandate, detail)


@transaction.atomic
def remove_participant(
    *,
    participant: Participant,
    reason: str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Participant:
    """Close the room to a participant; open sockets stop hearing. Repeated, it does nothing.

    The reason stands in the record as its text, which can be erased for law's sake.
    """
    room = lock_room(participant.room_id)
    _check(room, actor, mandate)
    participant = Participant.objects.with_names().get(pk=participant.pk)
    if actor and participant.is_fixed:
        raise PermissionDenied
    if participant.removed_at:
        return participant
    participant.removed_at = timezone.now()
    participant.save(update_fields=["removed_at"])
    detail = _named(participant)
    if actor and mandate:
        detail |= acting(mandate)
    _record(room, RecordKind.PARTICIPANT_REMOVED, participant, actor, mandate, detail, reason)
    if actor:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="participant.removed",
            thing=room,
            before=_named(participant) | {"role": participant.role},
        )
    return participant


def _check(room: Room, actor: User | None, mandate: Mandate | None) -> None:
    if actor is None:
        return
    if mandate is None or room.has_fixed_participants:
        raise PermissionDenied
    check_chair(room, actor, mandate)


def _named(participant: Participant) -> dict[str, int | str | None]:
    """Who it is, for the detail of a record; persons only where there is one (see the chain)."""
    named: dict[str, int | str | None] = {
        "institution": participant.institution_id,
        "office": participant.office,
    }
    return named | {"user": participant.user_id} if participant.user_id else named


def _record(
    room: Room,
    kind: str,
    participant: Participant,
    actor: User | None,
    mandate: Mandate | None,
    detail: dict[str, int | str | None],
    text: str = "",
) -> None:
    record = next_record(
        room=room,
        kind=kind,
        actor=actor,
        mandate=mandate,
        participant=participant,
        detail=detail,
        text=text,
    )
    save_records(room=room, records=[record])
    events.rights_changed(users=None)
