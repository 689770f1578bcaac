"""Who belongs: institutions, memberships, people, mandates, groups, applications, presidency."""

from members.models.applications import (
    Application,
    ApplicationDocument,
    InformationRequest,
)
from members.models.countries import CountryName
from members.models.groups import Group, GroupMember, JoinRequest
from members.models.institutions import Institution, Membership, Presidency
from members.models.people import (
    ISSUING,
    MAY_BE_GIVEN_STATEMENTS,
    Invitation,
    Mandate,
    User,
)

__all__ = [
    "ISSUING",
    "MAY_BE_GIVEN_STATEMENTS",
    "Application",
    "ApplicationDocument",
    "CountryName",
    "Group",
    "GroupMember",
    "InformationRequest",
    "Institution",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "Membership",
    "Presidency",
    "User",
]
