"""Rights over the release of profiles: the secretariat decides, who writes a profile follows it."""

from django.http import Http404

from members.models import Institution, ProfileProposal, ReleaseRule
from members.permissions.people import (
    Someone,
    access_delegation,
    can_change_profile,
    is_secretariat,
)


def can_release_profiles(user: Someone) -> bool:
    """The secretariat alone; what it says of an institution itself waits for nobody."""
    return is_secretariat(user)


def must_wait(user: Someone) -> bool:
    """Whether what the person says of their institution waits for the release."""
    return ReleaseRule.holds() and not can_release_profiles(user)


def access_proposal(user: Someone, pk: int, number: int) -> ProfileProposal:
    """Changes that were proposed, for who may write the profile. Raises Http404."""
    institution: Institution = access_delegation(user, pk)
    found = institution.profile_proposals.for_display().find(number)
    if found is None or not can_change_profile(user, institution):
        raise Http404
    found.institution = institution
    return found
