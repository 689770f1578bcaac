"""Jobs about reviews, deferred in the transaction they tell of. Numbers alone."""

import logging

from procrastinate.contrib.django import app

from members import emails, emails_reviews
from members.models import Mandate, Reviewer, User
from members.permissions.reviews import assessment_of
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def tell_reviewer(reviewer: Reviewer) -> None:
    """That they are asked."""
    send_review_letter.defer(letter="assigned", reviewer_id=reviewer.pk, user_id=reviewer.user_id)


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
    reviewer = (
        Reviewer.objects.current()
        .select_related("application", "user")
        .filter(pk=reviewer_id)
        .first()
    )
    concerned = user and reviewer and assessment_of(user, reviewer.application)
    if user is None or reviewer is None or not concerned:
        logger.info("No letter: review %s concerns user %s no longer", reviewer_id, user_id)
        return
    emails.send(emails_reviews.review_letter(letter, reviewer, user), user)
