"""Letters to reviewers and about them: what they say. How they are sent is in `emails`."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words, composed
from members.letters import written_for
from members.models import Application, Reviewer, User
from records.reading import written_date

LETTERS: dict[str, Words] = {
    "assigned": Words(
        _("You are asked to review a membership application"),
        (
            _("The secretariat asks you to review the application of %(institution)s."),
            _(
                "If you are bound to the institution or to its people, declare the conflict of "
                "interest on the same page."
            ),
        ),
        _("Open the review"),
    ),
    "due": Words(
        _("Your recommendation is awaited soon"),
        (
            _(
                "The secretariat asks for your recommendation on the application of "
                "%(institution)s until %(day)s."
            ),
        ),
        _("Open the review"),
    ),
    "overdue": Words(
        _("Your recommendation is overdue"),
        (
            _(
                "Your recommendation on the application of %(institution)s was asked for until "
                "%(day)s. You can still give it while the review goes on."
            ),
        ),
        _("Open the review"),
    ),
    "released": Words(
        _("You are no longer asked to review a membership application"),
        (
            _(
                "The secretariat asks you no longer to review the application of "
                "%(institution)s. You need do nothing. Thank you."
            ),
        ),
        _("Open the portal"),
    ),
    "all_given": Words(
        _("All reviewers have given their recommendation"),
        (
            _(
                "Whoever reviews the application of %(institution)s has given a recommendation. "
                "The review can be closed."
            ),
        ),
        _("Open the review"),
    ),
    "conflict": Words(
        _("A reviewer has declared a conflict of interest"),
        (
            _(
                "%(person)s will not review the application of %(institution)s. You may ask "
                "somebody else."
            ),
        ),
        _("Open the review"),
    ),
}


def review_letter(letter: str, reviewer: Reviewer, user: User) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader."""
    words = LETTERS[letter]
    application = reviewer.application
    page = reverse("members:assessment", args=[application.pk])
    with written_for(user):
        return composed(
            f"review.{letter}",
            words,
            url=page if letter != "released" else reverse("portal:home"),
            params={
                "institution": application.name.text or gettext("an institution"),
                "person": reviewer.user.name,
                "day": written_date(reviewer.due_on) if reviewer.due_on else "",
            },
        )


def all_given_letter(application: Application, user: User) -> Letter:
    with written_for(user):
        return composed(
            "review.all_given",
            LETTERS["all_given"],
            url=reverse("members:assessment", args=[application.pk]),
            params={"institution": application.name.text or gettext("an institution")},
        )
