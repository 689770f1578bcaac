"""Who belongs: institutions, memberships, people, mandates, groups, applications, presidency."""

from members.models.application_editors import ApplicationEditor
from members.models.application_forms import ApplicationFormVersion
from members.models.application_revisions import ApplicationRevision
from members.models.applications import (
    Application,
    ApplicationDocument,
    InformationRequest,
)
from members.models.calendar_feeds import CalendarFeed
from members.models.charters import CharterRefusal, CharterSending
from members.models.countries import CountryName
from members.models.decisions import DecisionTerms
from members.models.declarations import Declaration
from members.models.dossiers import DossierFile
from members.models.dues import Dues
from members.models.fields import Field
from members.models.group_dates import GroupDate, GroupDateVersion
from members.models.group_files import GroupFile, GroupFileVersion
from members.models.groups import Group, GroupMember, JoinRequest
from members.models.handovers import Handover, HandoverMandate
from members.models.identity_providers import IdentityDomain, IdentityProvider
from members.models.institutions import Institution, Membership
from members.models.invitations import Invitation, token_digest
from members.models.memberships import MAX_MEMBERSHIP_DOCUMENTS, MembershipDocument
from members.models.network import CharterText, CharterVersion, LetterText, NetworkVersion
from members.models.notices import StandingNotice
from members.models.people import (
    ISSUING,
    MAY_BE_GIVEN_STATEMENTS,
    Mandate,
    User,
    end_of,
)
from members.models.persons import MOST_LETTERS, AppointmentLetter, KnownBrowser, PersonProfile
from members.models.pictures import MOST_PICTURES, InstitutionPicture
from members.models.presidencies import Presidency, network_today, network_zone
from members.models.profiles import ProfileVersion
from members.models.releases import ProfileProposal, ReleaseRule
from members.models.requested_items import RequestedItem
from members.models.reviews import (
    IncompleteClosing,
    Recommendation,
    Reviewer,
    ReviewGuide,
    ReviewNote,
    Tick,
)
from members.models.saved_filters import MOST_FILTERS, SavedFilter

__all__ = [
    "ISSUING",
    "MAX_MEMBERSHIP_DOCUMENTS",
    "MAY_BE_GIVEN_STATEMENTS",
    "MOST_FILTERS",
    "MOST_LETTERS",
    "MOST_PICTURES",
    "Application",
    "ApplicationDocument",
    "ApplicationEditor",
    "ApplicationFormVersion",
    "ApplicationRevision",
    "AppointmentLetter",
    "CalendarFeed",
    "CharterRefusal",
    "CharterSending",
    "CharterText",
    "CharterVersion",
    "CountryName",
    "DecisionTerms",
    "Declaration",
    "DossierFile",
    "Dues",
    "Field",
    "Group",
    "GroupDate",
    "GroupDateVersion",
    "GroupFile",
    "GroupFileVersion",
    "GroupMember",
    "Handover",
    "HandoverMandate",
    "IdentityDomain",
    "IdentityProvider",
    "IncompleteClosing",
    "InformationRequest",
    "Institution",
    "InstitutionPicture",
    "Invitation",
    "JoinRequest",
    "KnownBrowser",
    "LetterText",
    "Mandate",
    "Membership",
    "MembershipDocument",
    "NetworkVersion",
    "PersonProfile",
    "Presidency",
    "ProfileProposal",
    "ProfileVersion",
    "Recommendation",
    "ReleaseRule",
    "RequestedItem",
    "ReviewGuide",
    "ReviewNote",
    "Reviewer",
    "SavedFilter",
    "StandingNotice",
    "Tick",
    "User",
    "end_of",
    "network_today",
    "network_zone",
    "token_digest",
]
