"""People to be invited to a delegation together: what would become of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from members.enums import Fate
from members.models import Institution, Invitation, Mandate
from members.permissions.invitations import standing_among

MOST = 200  # rows of a list: four fields each, and Django takes a thousand of a form


@dataclass(frozen=True)
class Invitee:
    """A row that is fit to be invited, by itself. `number` is the row's own."""

    number: int
    name: str
    email: str
    capacity: str
    language: str

    @property
    def seat(self) -> tuple[str, str]:
        return self.email, self.capacity


class Outcome(NamedTuple):
    invitee: Invitee
    fate: Fate
    double_of: int | None = None  # the number of the row that comes before it


def outcomes_of(
    institution: Institution, invitees: Sequence[Invitee], capacities: Collection[str]
) -> list[Outcome]:
    """What would become of each now, if whoever may give `capacities` invited them all.

    As many queries for many as for one.
    """
    emails = {each.email for each in invitees}
    held = Mandate.objects.unended().held_at(institution, emails)
    sent = standing_among(Invitation.objects.open().inviting_to(institution, emails))
    invited = {(each.email, each.capacity) for each in sent}
    first: dict[tuple[str, str], int] = {}
    found = []
    for each in invitees:
        if each.capacity not in capacities:
            found.append(Outcome(each, Fate.REFUSED))
            continue
        before = first.setdefault(each.seat, each.number)
        if before != each.number:
            found.append(Outcome(each, Fate.DOUBLE, before))
        elif each.seat in held:
            found.append(Outcome(each, Fate.HOLDS))
        else:
            found.append(Outcome(each, Fate.INVITED if each.seat in invited else Fate.READY))
    return found
