from django.db import transaction
from django.utils import timezone

from members.models import Group, Institution, Mandate, User
from messaging import events
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Participant, Room
from records.chain import GENESIS


@transaction.atomic
def open_room(
    *,
    kind: str,
    titles: dict[str, str],
    purposes: dict[str, str] | None = None,
    group: Group | None = None,
    delegations: dict[Institution, str] | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Room:
    """Open a room for `delegations` (institution -> role), the secretariat's office as a chair.

    Called by receivers and by the loader of the demo network; both act for the system.
    """
    room = Room.objects.create(
        kind=kind, titles=titles, purposes=purposes or {}, group=group, head_hash=GENESIS
    )
    record = next_record(
        room=room,
        kind=RecordKind.ROOM_OPENED,
        actor=actor,
        mandate=mandate,
        detail={"kind": kind, "titles": titles},
    )
    save_records(room=room, records=[record])
    add_participant(
        room=room,
        office=Participant.SECRETARIAT,
        role=ParticipantRole.CHAIR,
        actor=actor,
        mandate=mandate,
    )
    for institution, role in (delegations or {}).items():
        add_participant(room=room, institution=institution, role=role, actor=actor, mandate=mandate)
    return room


@transaction.atomic
def add_participant(
    *,
    room: Room,
    institution: Institution | None = None,
    office: str = "",
    role: str = ParticipantRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Participant:
    """Let a delegation or an office into the room. Repeated, it returns who is already there."""
    room = lock_room(room.pk)
    present = Participant.objects.current().filter(
        room=room, institution=institution, office=office
    )
    if participant := present.first():
        return participant
    participant = Participant.objects.create(
        room=room, institution=institution, office=office, role=role
    )
    record = next_record(
        room=room,
        kind=RecordKind.PARTICIPANT_ADDED,
        actor=actor,
        mandate=mandate,
        participant=participant,
        detail={"institution": participant.institution_id, "office": office, "role": role},
    )
    save_records(room=room, records=[record])
    events.rights_changed(users=None)
    return participant


@transaction.atomic
def remove_participant(
    *, participant: Participant, actor: User | None = None, mandate: Mandate | None = None
) -> Participant:
    """Close the room to a participant; open sockets stop hearing. Repeated, it does nothing."""
    room = lock_room(participant.room_id)
    participant = Participant.objects.select_related("institution", "user").get(pk=participant.pk)
    if participant.removed_at:
        return participant
    participant.removed_at = timezone.now()
    participant.save(update_fields=["removed_at"])
    record = next_record(
        room=room,
        kind=RecordKind.PARTICIPANT_REMOVED,
        actor=actor,
        mandate=mandate,
        participant=participant,
        detail={"institution": participant.institution_id, "office": participant.office},
    )
    save_records(room=room, records=[record])
    events.rights_changed(users=None)
    return participant
