"""Letters to reviewers and about them: what they say. How they are sent is in `emails`."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words, composed
from members.letters import written_for
from members.models import Reviewer, User

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
    with written_for(user):
        return composed(
            f"review.{letter}",
            words,
            url=reverse("members:assessment", args=[application.pk]),
            params={
                "institution": application.name.text or gettext("an institution"),
                "person": reviewer.user.name,
            },
        )
