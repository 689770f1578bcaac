"""Jobs about reviews, deferred in the transaction they tell of. Numbers alone."""

import logging

from procrastinate.contrib.django import app

from members import emails, emails_reviews
from members.models import Application, Mandate, Reviewer, User
from members.permissions.reviews import assessment_of
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def tell_reviewer(reviewer: Reviewer, letter: str) -> None:
    """That they are asked, reminded, or asked no longer."""
    send_review_letter.defer(letter=letter, reviewer_id=reviewer.pk, user_id=reviewer.user_id)


def tell_office_of_all(application: Application) -> None:
    """That all reviewers have recommended: those of the secretariat who may run this review."""
    for user_id in sorted(set(Mandate.objects.of_secretariat().values_list("user_id", flat=True))):
        send_all_given_letter.defer(application_id=application.pk, user_id=user_id)


def tell_assigner(reviewer: Reviewer) -> None:
    """That the reviewer has a conflict of interest. Whoever assigned them may be of the secretariat
    no longer: then all of the secretariat of now are told.
    """
    office = set(Mandate.objects.of_secretariat().values_list("user_id", flat=True))
    told = office & {reviewer.assigned_by_id} or office
    for user_id in sorted(told - {reviewer.user_id}):
        send_review_letter.defer(letter="conflict", reviewer_id=reviewer.pk, user_id=user_id)


@app.task(name="members.send_review_letter", retry=RETRY)
def send_review_letter(*, letter: str, reviewer_id: int, user_id: int) -> None:
    """Send one, in the reader's language: not to whom it concerns no longer."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    reviewer = Reviewer.objects.select_related("application", "user").filter(pk=reviewer_id).first()
    if user is None or reviewer is None or not _concerns(letter, reviewer, user):
        logger.info("No letter: review %s concerns user %s no longer", reviewer_id, user_id)
        return
    emails.send(emails_reviews.review_letter(letter, reviewer, user), user)


def _concerns(letter: str, reviewer: Reviewer, user: User) -> bool:
    if letter == "released":  # who is asked again meanwhile has another letter
        return reviewer.ended_at is not None
    if reviewer.ended_at is not None or assessment_of(user, reviewer.application) is None:
        return False
    reminds = letter in ("due", "overdue")
    return not reminds or (
        reviewer.due_on is not None and Reviewer.objects.owing().filter(pk=reviewer.pk).exists()
    )


@app.task(name="members.send_all_given_letter", retry=RETRY)
def send_all_given_letter(*, application_id: int, user_id: int) -> None:
    """Not to who runs this review no longer, nor where another is asked meanwhile."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    application = Application.objects.find(application_id)
    shown = assessment_of(user, application) if user and application else None
    if user is None or application is None or shown is None or not shown.of_office:
        logger.info("No letter: the review %s concerns user %s no longer", application_id, user_id)
        return
    if Reviewer.objects.have_all_given(application.pk):
        emails.send(emails_reviews.all_given_letter(application, user), user)


@app.periodic(cron="27 5 * * *")
@app.task(name="members.remind_reviewers")
def remind_reviewers_daily(timestamp: int) -> None:
    """Those whose recommendation is awaited, before the last day and after it."""
    from members.actions.review_reminders import remind_reviewers  # noqa: PLC0415  it defers to here

    remind_reviewers()
