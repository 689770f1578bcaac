"""Who belongs: institutions, memberships, people, mandates, groups, applications, presidency."""

from members.models.applications import (
    Application,
    ApplicationDocument,
    InformationRequest,
)
from members.models.charters import CharterRefusal, CharterSending
from members.models.countries import CountryName
from members.models.decisions import DecisionTerms
from members.models.dossiers import DossierFile
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
from members.models.reviews import (
    IncompleteClosing,
    Recommendation,
    Reviewer,
    ReviewGuide,
    ReviewNote,
    Tick,
)

__all__ = [
    "ISSUING",
    "MAX_MEMBERSHIP_DOCUMENTS",
    "MAY_BE_GIVEN_STATEMENTS",
    "Application",
    "ApplicationDocument",
    "CharterRefusal",
    "CharterSending",
    "CountryName",
    "DecisionTerms",
    "DossierFile",
    "Field",
    "Group",
    "GroupMember",
    "IncompleteClosing",
    "InformationRequest",
    "Institution",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "Membership",
    "MembershipDocument",
    "Presidency",
    "ProfileVersion",
    "Recommendation",
    "ReviewGuide",
    "ReviewNote",
    "Reviewer",
    "Tick",
    "User",
    "end_of",
]
