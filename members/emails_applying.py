"""Letters about who writes an application, and about what its applicants still owe."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.application_parts import asked_text
from members.emails import Letter, Words, composed
from members.letters import written_for
from members.models import Application, InformationRequest, User
from records.reading import written_date

LETTERS: dict[str, Words] = {
    "editor_joined": Words(
        _("Somebody writes your membership application with you"),
        (
            _(
                "%(person)s has accepted your invitation to write the application of "
                "%(institution)s."
            ),
        ),
        _("See who writes it"),
    ),
    "editor_left": Words(
        _("An editor has left your membership application"),
        (_("%(person)s writes the application of %(institution)s no longer."),),
        _("See who writes it"),
    ),
    "editor_removed": Words(
        _("You no longer write a membership application"),
        (_("%(person)s has taken you out of the application of %(institution)s."),),
        _("Open the portal"),
    ),
    "contact_taken_over": Words(
        _("You are the contact person of a membership application"),
        (
            _("From now on you are the contact person of the application of %(institution)s."),
            _("Please give your position and your telephone on its page."),
        ),
        _("Open the application"),
    ),
    "contact_given_away": Words(
        _("A membership application has another contact person"),
        (_("%(person)s is the contact person of the application of %(institution)s from now on."),),
        _("Open the portal"),
    ),
    "secretariat_contact_changed": Words(
        _("A membership application has another contact person"),
        (_("%(person)s is the contact person of the application of %(institution)s from now on."),),
        _("Open the dossier"),
    ),
    "information_due": Words(
        _("Your answer to the secretariat is due soon"),
        (
            _(
                "The secretariat has asked for information on the application of "
                "%(institution)s, and waits for the answer until %(day)s:"
            ),
        ),
        _("Answer"),
    ),
    "information_overdue": Words(
        _("Your answer to the secretariat is overdue"),
        (
            _(
                "The secretariat has asked for information on the application of "
                "%(institution)s. The answer was due on %(day)s, and can still be sent:"
            ),
        ),
        _("Answer"),
    ),
    "secretariat_information_overdue": Words(
        _("An applicant has not answered in time"),
        (_("The information asked of %(institution)s was due on %(day)s."),),
        _("Open the dossier"),
    ),
}
_HOME = frozenset({"editor_removed", "contact_given_away"})  # they may see it no longer
_PEOPLE = frozenset({"editor_joined", "editor_left"})


def applying_letter(
    letter: str,
    application: Application,
    user: User,
    *,
    about: User | None = None,
    request: InformationRequest | None = None,
) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader."""
    words = LETTERS[letter]
    with written_for(user):
        if letter in _HOME:
            path = reverse("portal:home")
        else:
            page = "application_people" if letter in _PEOPLE else "application"
            path = reverse(f"members:{page}", args=[application.pk])
        return composed(
            f"applying.{letter}",
            words,
            url=path,
            quote=asked_text(application, request)
            if request and not letter.startswith("secretariat")
            else "",
            params={
                "institution": application.name.text or gettext("your institution"),
                "person": about.name if about else gettext("Somebody"),
                "day": written_date(request.due_on) if request and request.due_on else "",
            },
        )
