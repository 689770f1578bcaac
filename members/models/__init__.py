"""Who belongs: institutions, memberships, people, mandates, groups, applications, presidency."""

from members.models.application_editors import ApplicationEditor
from members.models.application_forms import ApplicationFormVersion
from members.models.application_revisions import ApplicationRevision
from members.models.applications import (
    Application,
    ApplicationDocument,
    InformationRequest,
)
from members.models.countries import CountryName
from members.models.declarations import Declaration
from members.models.fields import Field
from members.models.groups import Group, GroupMember, JoinRequest
from members.models.institutions import Institution, Membership, Presidency
from members.models.memberships import MAX_MEMBERSHIP_DOCUMENTS, MembershipDocument
from members.models.people import (
    ISSUING,
    MAY_BE_GIVEN_STATEMENTS,
    Invitation,
    Mandate,
    User,
    end_of,
)
from members.models.profiles import ProfileVersion
from members.models.requested_items import RequestedItem

__all__ = [
    "ISSUING",
    "MAX_MEMBERSHIP_DOCUMENTS",
    "MAY_BE_GIVEN_STATEMENTS",
    "Application",
    "ApplicationDocument",
    "ApplicationEditor",
    "ApplicationFormVersion",
    "ApplicationRevision",
    "CountryName",
    "Declaration",
    "Field",
    "Group",
    "GroupMember",
    "InformationRequest",
    "Institution",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "Membership",
    "MembershipDocument",
    "Presidency",
    "ProfileVersion",
    "RequestedItem",
    "User",
    "end_of",
]
