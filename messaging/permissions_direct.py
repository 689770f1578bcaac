"""Who may talk to whom in a room of persons."""

from members.enums import Capacity
from members.models import Mandate, Membership, User
from members.permissions import running_mandates
from messaging.models import Participant
from messaging.permissions import RoomAccess

MOST_PEOPLE = 8  # in a room of persons; more are a matter of a group


def speaking_mandates(user: User) -> list[Mandate]:
    """Running ones by which the person may write: neither they nor their delegation observe."""
    return _speaking(running_mandates(user))


def people_to_write_to(user: User) -> list[Mandate]:
    """A mandate of each person who could answer, the person's own left out; by name."""
    mandates = Mandate.objects.running().exclude(user=user).for_display()
    found: dict[int, Mandate] = {}
    for mandate in _speaking(list(mandates)):
        found.setdefault(mandate.user_id, mandate)
    return sorted(found.values(), key=lambda mandate: mandate.user.name)


def own_participation(access: RoomAccess, user: User) -> Participant | None:
    """What the person leaves a room of persons by; None in a room of another kind."""
    return Participant.objects.in_person(access.room, user) if access.room.is_direct else None


def _speaking(mandates: list[Mandate]) -> list[Mandate]:
    quiet = Membership.objects.observing() if mandates else ()
    return [
        mandate
        for mandate in mandates
        if mandate.capacity != Capacity.OBSERVER and mandate.institution_id not in quiet
    ]
