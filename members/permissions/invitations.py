"""Whether an invitation still opens: what it is for may be gone, and who sent it be nobody any more
who may send it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from members.enums import WhyClosed
from members.enums_applying import ApplicationPlace
from members.models import Application, Invitation, Mandate
from members.permissions.applications import can_transfer_contact, is_applicant
from members.permissions.people import capacities_given_by


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
    """Those whose inviter may still hand a mandate over; none is asked who invited otherwise."""
    asked = [each for each in invitations if each.succeeds_id and each.invited_by_id]
    stood = {each.pk for each in invitations} - {each.pk for each in asked}
    held = _held_by({each.invited_by_id for each in asked if each.invited_by_id})
    return stood | {each.pk for each in asked if _may(held[each.invited_by_id or 0], each)}


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
            stands = inviter is not None and can_transfer_contact(inviter, application)
        case _:
            contact = application.contact
            taken = contact is not None and contact.email != invitation.email
            return str(WhyClosed.PLACE_TAKEN) if taken else ""
    return "" if stands else str(WhyClosed.INVITER_OUT)
