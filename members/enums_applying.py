"""Choices of how an application is written: its sections, and who writes it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from members.enums import ApplicationState


class ApplicationSection(TextChoices):
    """The parts of the form; each is saved by itself. The order is that of the pages."""

    INSTITUTION = "institution", _("The institution")
    CONTACT = "contact", _("The contact person")
    REASONS = "reasons", _("Why it applies")
    DOCUMENTS = "documents", _("Documents")
    DECLARATION = "declaration", _("Declaration")


SECTION_FIELDS: dict[str, tuple[str, ...]] = {
    ApplicationSection.INSTITUTION: (
        "institution_names",
        "acronym",
        "country",
        "kind",
        "membership_class",
        "website",
    ),
    ApplicationSection.CONTACT: ("contact_position", "contact_phone"),
    ApplicationSection.REASONS: ("aims", "letter_text"),
}
PERSONAL_FIELDS = frozenset(SECTION_FIELDS[ApplicationSection.CONTACT])
SECTION_OF = {name: section for section, names in SECTION_FIELDS.items() for name in names}
# In these nothing more is written, and nobody is let in.
CLOSED_APPLICATIONS = frozenset(
    {
        ApplicationState.WITHDRAWN,
        ApplicationState.LAPSED,
        ApplicationState.DECLINED,
        ApplicationState.ACTIVE,
    }
)


class ApplicationPlace(TextChoices):
    """As what an invitation lets somebody into an application; "": as who asked to apply."""

    EDITOR = "editor", _("editor of the application")
    CONTACT = "contact", _("contact person of the application")


class QuestionKind(TextChoices):
    """How a question of the form is answered."""

    LINE = "line", _("short text")
    TEXT = "text", _("long text")
    CHOICE = "choice", _("one of several answers")
    YES_NO = "yes_no", _("yes or no")
    DAY = "day", _("date")


class Need(TextChoices):
    """By when something that the form asks for must be there."""

    NOW = "now", _("needed before it is submitted")
    REVIEW = "review", _("needed by the end of the review")
    NO = "no", _("as the applicant wishes")


# By when fields that every application has must be there, where the network settles nothing else.
# The others are always needed: without them no membership can be made.
FIELD_NEEDS = {
    "acronym": Need.NO,
    "website": Need.NO,
    "contact_position": Need.NOW,
    "contact_phone": Need.NO,
    "aims": Need.NOW,
    "letter_text": Need.NOW,
}
# Sections to which the network can add questions.
ASKING_SECTIONS = (
    ApplicationSection.INSTITUTION,
    ApplicationSection.CONTACT,
    ApplicationSection.REASONS,
)
DECLARATION = _(
    "I declare that what is said here is true, and that I may submit it on behalf of the "
    "institution."
)
