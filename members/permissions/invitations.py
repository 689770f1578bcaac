"""Whether an invitation still opens: what it is for may be gone, and who sent it be nobody any more
who may send it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from members.enums import Capacity, WhyClosed
from members.enums_applying import ApplicationPlace
from members.models import Application, Invitation, Mandate, Presidency, User
from members.permissions.applications import can_transfer_contact, has_conflict, is_applicant
from members.permissions.people import MANAGING, capacities_given_by


def why_closed(invitation: Invitation) -> str:
    """A WhyClosed, or "" while it can be accepted."""
    return why_each_closed([invitation])[invitation.pk]


def standing_among(invitations: Iterable[Invitation]) -> list[Invitation]:
    """Those that can be accepted."""
    found = list(invitations)
    why = why_each_closed(found)
    return [each for each in found if not why[each.pk]]


def with_reasons(invitations: Iterable[Invitation]) -> list[Invitation]:
    """The same, each with `.closed`: why it cannot be accepted, or ""."""
    found = list(invitations)
    why = why_each_closed(found)
    for each in found:
        each.closed = why[each.pk]
    return found


def why_each_closed(invitations: Sequence[Invitation]) -> dict[int, str]:
    """As `why_closed`, by number. As many queries for a hundred to delegations as for one."""
    why = {each.pk: each.closed_because for each in invitations}
    left = [each for each in invitations if why[each.pk] in ("", WhyClosed.EXPIRED)]
    over = _handing_over_nothing(left)
    why |= dict.fromkeys(over, str(WhyClosed.MANDATE_OVER))  # expired ones too: none is sent again
    left = [each for each in left if not why[each.pk]]
    to_delegations = [each for each in left if each.institution_id]
    for pk in {each.pk for each in to_delegations} - _stood_for(to_delegations):
        why[pk] = str(WhyClosed.INVITER_OUT)
    for each in left:
        if each.application:
            why[each.pk] = _place_refused(each, each.application)
    return why


def _handing_over_nothing(invitations: Iterable[Invitation]) -> set[int]:
    """Those whose mandate has ended, perhaps by passing to somebody else."""
    named = {each.pk: each.succeeds_id for each in invitations if each.succeeds_id}
    found = Mandate.objects.in_bulk(set(named.values())) if named else {}
    return {pk for pk, mandate in named.items() if found[mandate].is_ended}


def _stood_for(invitations: Sequence[Invitation]) -> set[int]:
    """Those for which somebody stands who may send them: who sent them, or whoever has succeeded
    them since. What the portal sent itself needs nobody.

    Followed from successor to successor, a query or three at each step that anything hangs on.
    """
    stood = {each.pk for each in invitations if each.stands_by_id is None}
    left = {each.pk: each for each in invitations if each.pk not in stood}
    people = {pk: {each.stands_by_id or 0} for pk, each in left.items()}
    while people:
        asked = {person for each in people.values() for person in each}
        held = _held_by(asked)
        stood |= {pk for pk, own in people.items() if any(_may(held[p], left[pk]) for p in own)}
        rest = people.keys() - stood
        if rest:
            stood |= _of_office({pk: people[pk] for pk in rest}, left)
        people = _successors({pk: people[pk] for pk in rest - stood}, left)
    return stood


def _of_office(people: dict[int, set[int]], sent: dict[int, Invitation]) -> set[int]:
    """Those that the secretariat of their day sent: they are the office's, and outlive a handover
    of the presidency. Not of who left it otherwise, nor a seat in a secretariat that is none now.
    """
    asked = {person for each in people.values() for person in each}
    since: dict[int, list[datetime]] = defaultdict(list)
    for mandate in Mandate.objects.of_office_then(asked):
        since[mandate.user_id].append(mandate.starts_at)
    found = {
        pk
        for pk, own in people.items()
        if any(at <= sent[pk].created_at for person in own for at in since[person])
    }
    if any(sent[pk].capacity == Capacity.SECRETARIAT for pk in found):
        presiding = set(Presidency.objects.running().values_list("institution", flat=True))
        return {
            pk
            for pk in found
            if sent[pk].capacity != Capacity.SECRETARIAT or sent[pk].institution_id in presiding
        }
    return found


def _successors(people: dict[int, set[int]], sent: dict[int, Invitation]) -> dict[int, set[int]]:
    """To whom these people have handed the mandate by which they invited, after they did."""
    asked = {person for each in people.values() for person in each}
    handed = Mandate.objects.succeeding(asked) if asked else []
    found: dict[int, set[int]] = defaultdict(set)
    for pk, own in people.items():
        invitation = sent[pk]
        for after in handed:
            before = after.succeeds
            if (
                before is not None
                and before.user_id in own
                and after.starts_at >= invitation.created_at
                and (
                    before.capacity == Capacity.SECRETARIAT
                    or (
                        before.capacity in MANAGING
                        and before.institution_id == invitation.institution_id
                    )
                )
            ):
                found[pk].add(after.user_id)
    return {pk: new - people[pk] for pk, new in found.items() if new - people[pk]}


def _held_by(people: set[int]) -> dict[int, list[Mandate]]:
    held: dict[int, list[Mandate]] = defaultdict(list)
    if people:
        for mandate in Mandate.objects.running().filter(user__in=people).for_speaking():
            held[mandate.user_id].append(mandate)
    return held


def _may(mandates: list[Mandate], invitation: Invitation) -> bool:
    """Who may invite to a capacity may hand over a mandate of it too (`can_hand_over`)."""
    institution = invitation.institution_id
    return institution is not None and (
        invitation.capacity in capacities_given_by(mandates, institution)
    )


def _place_refused(invitation: Invitation, application: Application) -> str:
    """Why nobody can take the place in an application."""
    inviter = invitation.invited_by
    match invitation.application_place:
        case ApplicationPlace.EDITOR:
            stands = inviter is not None and is_applicant(inviter, application)
        case ApplicationPlace.CONTACT:
            stands = inviter is not None and (
                can_transfer_contact(inviter, application)
                or _reviewed(inviter, invitation, application)
            )
        case _:
            contact = application.contact
            taken = contact is not None and contact.email != invitation.email
            return str(WhyClosed.PLACE_TAKEN) if taken else ""
    return "" if stands else str(WhyClosed.INVITER_OUT)


def _reviewed(inviter: User, invitation: Invitation, application: Application) -> bool:
    """Whether they invited as the secretariat of their day, which is the office's act."""
    if is_applicant(inviter, application) or has_conflict(inviter, application):
        return False
    held = Mandate.objects.of_office_then({inviter.pk})
    return any(mandate.starts_at <= invitation.created_at for mandate in held)
