"""Choices and transition tables of who belongs."""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _nothing_settled(value: str) -> str:
    return ""


# What the network itself calls a class, in the active language; "" where it has settled nothing.
# `members.apps` puts the one here that knows (`members.network.class_name`).
settled_class_name: Callable[[str], str] = _nothing_settled


def _class_name(value: str, usual: object) -> str:
    return settled_class_name(value) or str(usual)


_called = lazy(_class_name, str)


class MembershipClass(TextChoices):
    """Rights hang on these; what each is called, the secretariat settles."""

    FULL = "full", _called("full", _("full member"))
    ASSOCIATE = "associate", _called("associate", _("associate member"))
    OBSERVER = "observer", _called("observer", _("observer"))


class MembershipState(TextChoices):
    CANDIDATE = "candidate", _("candidate")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", pgettext_lazy("membership", "withdrawn")


class MembershipAct(TextChoices):
    """What the secretariat does to a standing membership; its address and its audit entry."""

    CLASS_CHANGE = "class_change", _("change of class")
    SUSPENSION = "suspension", _("suspension")
    REINSTATEMENT = "reinstatement", _("reinstatement")
    WITHDRAWAL = "withdrawal", pgettext_lazy("membership", "withdrawal")
    # No act on a membership, and without an address: the end of an admission that none followed.
    CANDIDACY_END = "candidacy_end", _("end of the candidacy")


# Where each act leads, by the state it is done in. A candidate becomes a member by its application
# alone, and ceases to be one by it; who has withdrawn comes back by a new one.
MEMBERSHIP_TRANSITIONS: dict[str, dict[str, str]] = {
    MembershipState.CANDIDATE: {},
    MembershipState.ACTIVE: {
        MembershipAct.CLASS_CHANGE: MembershipState.ACTIVE,
        MembershipAct.SUSPENSION: MembershipState.SUSPENDED,
        MembershipAct.WITHDRAWAL: MembershipState.WITHDRAWN,
    },
    MembershipState.SUSPENDED: {
        MembershipAct.REINSTATEMENT: MembershipState.ACTIVE,
        MembershipAct.WITHDRAWAL: MembershipState.WITHDRAWN,
    },
    MembershipState.WITHDRAWN: {},
}


class InstitutionKind(TextChoices):
    STATE_BODY = "state_body", _("state body")
    NATIONAL_NON_PROFIT = "national_non_profit", _("national non-profit institution")
    SUBNATIONAL_NON_PROFIT = "subnational_non_profit", _("subnational non-profit institution")
    RESEARCH_BODY = "research_body", _("research body")
    INTERNATIONAL = "international", _("international organisation")


class Capacity(TextChoices):
    HEAD = "head", _("head of delegation")
    ALTERNATE = "alternate", _("alternate")
    DELEGATE = "delegate", _("delegate")
    ADVISER = "adviser", _("adviser")
    FOCAL_POINT = "focal_point", _("national focal point")
    SECRETARIAT = "secretariat", _("secretariat")
    OBSERVER = "observer", _("observer")


# Who holds one of these is to have a second factor.
NEED_SECOND_FACTOR = frozenset({Capacity.HEAD, Capacity.SECRETARIAT})
# Whoever gives one of these proves again who they are.
GIVEN_WITH_PROOF = frozenset({Capacity.HEAD, Capacity.SECRETARIAT})


class Theme(TextChoices):
    """What a person reads on; "" in the database: as their system has it."""

    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class Digits(TextChoices):
    """How numbers are written; "" in the database: as the language has it."""

    EUROPEAN = "european", _("European: 0123456789")
    ARABIC_INDIC = "arabic_indic", _("Arabic-Indic: ٠١٢٣٤٥٦٧٨٩")


class MandateLetter(TextChoices):
    """What the holder of a mandate is told about it by e-mail. Names of jobs: nobody reads them."""

    SUSPENDED = "suspended", "suspended"
    REINSTATED = "reinstated", "reinstated"
    HANDED_OVER = "handed_over", "handed over"
    ENDED = "ended", "ended"
    END_SETTLED = "end_settled", "to end on a day to come"
    LAID_DOWN = "laid_down", "laid down"  # to who manages the delegation


class Visibility(TextChoices):
    """Who is shown a part of a person's profile, beside the person."""

    MEMBERS = "members", _("all delegations of the network")
    DELEGATION = "delegation", _("my own delegation and the secretariat")
    NOBODY = "nobody", _("nobody else")


# The parts of a person's profile, and who is shown each where the person has not said.
PROFILE_VISIBILITY: dict[str, Visibility] = {
    "form_of_address": Visibility.MEMBERS,
    "position": Visibility.MEMBERS,
    "languages": Visibility.MEMBERS,
    "photo": Visibility.MEMBERS,
    "time_zone": Visibility.MEMBERS,
    "email": Visibility.NOBODY,
}


class SocialNetwork(TextChoices):
    """Where an institution may have an account. Their own names, which nobody translates."""

    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    X = "x", "X"
    YOUTUBE = "youtube", "YouTube"


SOCIAL_HOSTS = {  # an account's address is on one of these, or on a host below it
    SocialNetwork.FACEBOOK: ("facebook.com",),
    SocialNetwork.INSTAGRAM: ("instagram.com",),
    SocialNetwork.LINKEDIN: ("linkedin.com",),
    SocialNetwork.X: ("x.com", "twitter.com"),
    SocialNetwork.YOUTUBE: ("youtube.com",),
}


class GroupKind(TextChoices):
    WORKING_GROUP = "working_group", _("working group")
    CONTACT_GROUP = "contact_group", _("contact group")
    THEMATIC_NETWORK = "thematic_network", _("thematic network")
    COMMITTEE = "committee", _("committee")


class GroupRole(TextChoices):
    CHAIR = "chair", pgettext_lazy("institution in a group", "chair")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class JoinState(TextChoices):
    """Of an institution's request to join a group."""

    PENDING = "pending", pgettext_lazy("request to join", "waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("request to join", "accepted")
    DECLINED = "declined", pgettext_lazy("request to join", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request to join", "withdrawn")


class DocumentKind(TextChoices):
    LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
    CREDENTIALS = "credentials", _("credentials")
    OTHER = "other", _("supporting document")
    SIGNED_CHARTER = "signed_charter", _("signed charter")


class ApplicationState(TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
    UNDER_REVIEW = "under_review", pgettext_lazy("application", "under review")
    INFORMATION_REQUESTED = (
        "information_requested",
        pgettext_lazy("application", "information requested"),
    )
    RECOMMENDED = "recommended", pgettext_lazy("application", "recommended")
    NOT_RECOMMENDED = "not_recommended", pgettext_lazy("application", "not recommended")
    ON_AGENDA = "on_agenda", pgettext_lazy("application", "on the agenda")
    ADMITTED = "admitted", pgettext_lazy("application", "admitted")
    DEFERRED = "deferred", pgettext_lazy("application", "deferred")
    DECLINED = "declined", pgettext_lazy("application", "declined")
    CHARTER_SIGNED = "charter_signed", pgettext_lazy("application", "charter signed")
    ACTIVE = "active", pgettext_lazy("application", "active")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("application", "admission lapsed")

    @property
    def tone(self) -> str:
        """How a badge with this state looks."""
        return _TONES.get(self, "neutral")


_S = ApplicationState

_TONES: dict[str, str] = {
    _S.SUBMITTED: "info",
    _S.UNDER_REVIEW: "info",
    _S.INFORMATION_REQUESTED: "warning",
    _S.RECOMMENDED: "info",
    _S.NOT_RECOMMENDED: "warning",
    _S.ON_AGENDA: "info",
    _S.ADMITTED: "success",
    _S.DEFERRED: "warning",
    _S.DECLINED: "danger",
    _S.LAPSED: "danger",
    _S.CHARTER_SIGNED: "info",
    _S.ACTIVE: "success",
}

# The decision (admitted, deferred, declined) is reached from the agenda alone.
APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.UNDER_REVIEW, _S.WITHDRAWN}),
    _S.UNDER_REVIEW: frozenset(
        {_S.INFORMATION_REQUESTED, _S.RECOMMENDED, _S.NOT_RECOMMENDED, _S.WITHDRAWN}
    ),
    _S.INFORMATION_REQUESTED: frozenset({_S.UNDER_REVIEW, _S.WITHDRAWN}),
    _S.RECOMMENDED: frozenset({_S.ON_AGENDA, _S.WITHDRAWN}),
    _S.NOT_RECOMMENDED: frozenset({_S.ON_AGENDA, _S.UNDER_REVIEW, _S.WITHDRAWN}),
    _S.ON_AGENDA: frozenset({_S.ADMITTED, _S.DEFERRED, _S.DECLINED, _S.WITHDRAWN}),
    _S.DEFERRED: frozenset({_S.ON_AGENDA, _S.UNDER_REVIEW, _S.WITHDRAWN}),
    _S.ADMITTED: frozenset({_S.CHARTER_SIGNED, _S.WITHDRAWN, _S.LAPSED}),
    # Admitted: to be signed again.
    _S.CHARTER_SIGNED: frozenset({_S.ACTIVE, _S.ADMITTED, _S.WITHDRAWN, _S.LAPSED}),
    _S.DECLINED: frozenset(),
    _S.ACTIVE: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.LAPSED: frozenset(),
}


class QueueTab(TextChoices):
    """How the secretariat's queue is divided: by who has to do something."""

    TO_DO = "to-do", _("To do")
    APPLICANT = "applicant", _("With the applicant")
    ASSEMBLY = "assembly", _("For the assembly")
    CLOSED = "closed", _("Closed")

    @property
    def states(self) -> frozenset[str]:
        """Who is admitted is with the applicant once the charter was sent; see `of`."""
        return _TABS[self]

    @classmethod
    def of(cls, state: str, *, is_owed_charter: bool) -> "QueueTab":
        """Where an application stands. `is_owed_charter`: admitted, and not sent the charter."""
        return cls.TO_DO if is_owed_charter else next(tab for tab in cls if state in tab.states)


_TABS: dict[str, frozenset[str]] = {
    QueueTab.TO_DO: frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.CHARTER_SIGNED}),
    QueueTab.APPLICANT: frozenset({_S.INFORMATION_REQUESTED, _S.ADMITTED}),
    QueueTab.ASSEMBLY: frozenset({_S.RECOMMENDED, _S.NOT_RECOMMENDED, _S.ON_AGENDA, _S.DEFERRED}),
    QueueTab.CLOSED: frozenset({_S.ACTIVE, _S.DECLINED, _S.WITHDRAWN, _S.LAPSED}),
}

# What the audit log calls a step, by the state it leads to.
APPLICATION_ACTS: dict[str, str] = {
    _S.SUBMITTED: "application.submitted",
    _S.UNDER_REVIEW: "application.review_started",
    _S.INFORMATION_REQUESTED: "application.information_requested",
    _S.RECOMMENDED: "application.recommended",
    _S.NOT_RECOMMENDED: "application.not_recommended",
    _S.ON_AGENDA: "application.placed_on_agenda",
    _S.ADMITTED: "application.admitted",
    _S.DEFERRED: "application.deferred",
    _S.DECLINED: "application.declined",
    _S.CHARTER_SIGNED: "application.charter_received",
    _S.ACTIVE: "application.activated",
    _S.WITHDRAWN: "application.withdrawn",
    _S.LAPSED: "application.lapsed",
}


# What its applicant is shown of its way.
APPLICATION_STEPS = frozenset(
    {
        *APPLICATION_ACTS.values(),
        "application.asked_for",
        "application.charter_refused",
        "application.charter_sent",
        "application.contact_changed",
        "application.editor_joined",
        "application.editor_left",
        "application.editor_removed",
        "application.started",
        "application.information_given",
        "application.review_resumed",
    }
)

# Days that a step should take at most: longer is marked in the secretariat's queue. What waits for
# an assembly has its date.
DAYS_OF_STEP: dict[str, int] = {
    _S.SUBMITTED: 14,
    _S.UNDER_REVIEW: 60,
    _S.INFORMATION_REQUESTED: 30,
    _S.ADMITTED: 90,
    _S.CHARTER_SIGNED: 14,
}


class ApplicationStage(TextChoices):
    """The way of an application, once submitted, as its applicant sees it."""

    SUBMITTED = "submitted", _("Submitted")
    REVIEW = "review", _("Review")
    AGENDA = "agenda", _("Agenda of the assembly")
    DECISION = "decision", _("Decision")
    CHARTER = "charter", _("Signed charter")
    MEMBER = "member", _("Member")


# Drafts, and what was withdrawn or has lapsed, stand nowhere on the way.
APPLICATION_STAGES: dict[str, str] = {
    _S.SUBMITTED: ApplicationStage.SUBMITTED,
    _S.UNDER_REVIEW: ApplicationStage.REVIEW,
    _S.INFORMATION_REQUESTED: ApplicationStage.REVIEW,
    _S.RECOMMENDED: ApplicationStage.REVIEW,
    _S.NOT_RECOMMENDED: ApplicationStage.REVIEW,
    _S.ON_AGENDA: ApplicationStage.AGENDA,
    _S.DEFERRED: ApplicationStage.AGENDA,
    _S.ADMITTED: ApplicationStage.DECISION,
    _S.DECLINED: ApplicationStage.DECISION,
    _S.CHARTER_SIGNED: ApplicationStage.CHARTER,
    _S.ACTIVE: ApplicationStage.MEMBER,
}


class WhyClosed(TextChoices):
    """Why an invitation cannot be accepted."""

    ACCEPTED = "accepted", pgettext_lazy("an invitation", "accepted")
    REVOKED = "revoked", pgettext_lazy("an invitation", "revoked")
    EXPIRED = "expired", pgettext_lazy("an invitation", "expired")
    MANDATE_OVER = "mandate_over", _("the mandate it hands over has ended or passed on")
    INVITER_OUT = "inviter_out", _("who sent it may not invite at present")
    PLACE_TAKEN = "place_taken", _("somebody else came in its place")


class Fate(TextChoices):
    """What becomes of a row of a list of people to invite."""

    READY = "ready", _("will be invited")
    SENT = "sent", _("invited just now")
    HOLDS = "holds", _("already holds this mandate")
    INVITED = "invited", _("already invited")
    DOUBLE = "double", _("twice in the list")
    REFUSED = "refused", _("refused")


class DirectoryOrder(TextChoices):
    OFFICIAL = "", _("official order")
    COUNTRY = "country", _("country")
    NAME = "name", _("name of the institution")
    JOINED = "joined", _("member since, the earliest first")


class HandoverState(TextChoices):
    SCHEDULED = "scheduled", pgettext_lazy("a handover", "scheduled")
    EFFECTIVE = "effective", pgettext_lazy("a handover", "in effect")
    CANCELLED = "cancelled", pgettext_lazy("a handover", "cancelled")


class MandateFate(TextChoices):
    """What becomes of a mandate of the secretariat when the presidency passes."""

    ENDS = "ends", pgettext_lazy("a mandate", "ends")
    STAYS = "stays", pgettext_lazy("a mandate", "goes on as a delegate")
    BEGINS = "begins", pgettext_lazy("a mandate", "begins")
    RETURNS = "returns", pgettext_lazy("a mandate", "is of the secretariat again")
