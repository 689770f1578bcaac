"""Who belongs: institutions, memberships, people, mandates, groups, applications, presidency."""

from members.models.applications import (
    Application,
    ApplicationDocument,
    InformationRequest,
)
from members.models.countries import CountryName
from members.models.fields import Field
from members.models.groups import Group, GroupMember, JoinRequest
from members.models.handovers import Handover, HandoverMandate
from members.models.institutions import Institution, Membership
from members.models.memberships import MAX_MEMBERSHIP_DOCUMENTS, MembershipDocument
from members.models.people import (
    ISSUING,
    MAY_BE_GIVEN_STATEMENTS,
    Invitation,
    Mandate,
    User,
    end_of,
)
from members.models.presidencies import Presidency, network_zone
from members.models.profiles import ProfileVersion
from members.models.saved_filters import MOST_FILTERS, SavedFilter

__all__ = [
    "ISSUING",
    "MAX_MEMBERSHIP_DOCUMENTS",
    "MAY_BE_GIVEN_STATEMENTS",
    "MOST_FILTERS",
    "Application",
    "ApplicationDocument",
    "CountryName",
    "Field",
    "Group",
    "GroupMember",
    "Handover",
    "HandoverMandate",
    "InformationRequest",
    "Institution",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "Membership",
    "MembershipDocument",
    "Presidency",
    "ProfileVersion",
    "SavedFilter",
    "User",
    "end_of",
    "network_zone",
]
