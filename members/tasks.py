"""Jobs about applications, deferred in the transaction they tell of: a rollback sends nothing.

Their arguments are numbers and words of ours, never addresses or texts: a queue is a log.
"""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members import emails
from members.enums import ApplicationState as State
from members.models import Application, InformationRequest, Mandate, User

logger = logging.getLogger(__name__)
# Ten attempts over about two days: a mail server that is away for a night loses nothing.
RETRY = RetryStrategy(max_attempts=10, wait=10, exponential_wait=3)
OF_OFFICE = "secretariat_"  # begins the names of letters to the secretariat
TOLD_TO_SECRETARIAT = frozenset(
    {
        State.SUBMITTED,
        State.WITHDRAWN,
        State.CHARTER_SIGNED,
        # The president may have released these.
        State.ADMITTED,
        State.DEFERRED,
        State.DECLINED,
        "information_given",
    }
)
NOT_TOLD_TO_APPLICANT = frozenset({"information_given"})
TOLD_TO_CONTACT_ALONE = frozenset({State.ACTIVE})  # they are the focal point now


def defer_letters(
    application: Application, *, letter: str, request: InformationRequest | None = None
) -> None:
    """One job per reader: a retry for one does not write twice to another."""
    applicants = application.applicant_ids()
    told = applicants if letter not in TOLD_TO_CONTACT_ALONE else applicants[:1]
    for user_id in told if letter not in NOT_TOLD_TO_APPLICANT else []:
        send_application_letter.defer(
            letter=str(letter),
            application_id=application.pk,
            user_id=user_id,
            request_id=request.pk if request else None,
        )
    if letter not in TOLD_TO_SECRETARIAT:
        return
    for user_id in sorted(readers_of_office()):
        if user_id not in applicants:
            send_application_letter.defer(
                letter=f"{OF_OFFICE}{letter}", application_id=application.pk, user_id=user_id
            )


def readers_of_office() -> set[int]:
    """Who is of the secretariat now. Asked when a letter is deferred, and again when it is made:
    its tries go on for two days, and a handover may come between.
    """
    return set(Mandate.objects.of_secretariat().values_list("user_id", flat=True))


@app.task(name="members.send_application_letter", retry=RETRY)
def send_application_letter(
    *, letter: str, application_id: int, user_id: int, request_id: int | None = None
) -> None:
    """Send one letter about an application to one person, in their language."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    application = Application.objects.find(application_id)
    if user is None or application is None:
        logger.info("No letter: user %s or application %s is gone", user_id, application_id)
        return
    if not may_still_read(letter, application, user_id):
        logger.info("No letter: user %s has left application %s", user_id, application_id)
        return
    if letter == "class_proposed" and not application.proposed_class:
        logger.info("No letter: no class is proposed for application %s", application_id)
        return
    request = InformationRequest.objects.filter(pk=request_id).first() if request_id else None
    emails.send(emails.application_letter(letter, application, user, request), user)


def may_still_read(letter: str, application: Application, user_id: int) -> bool:
    """Letters of the office are for who is of it and does not write the application themselves;
    the others for who writes it.
    """
    writes = user_id in application.applicant_ids()
    if letter.startswith(OF_OFFICE):
        return not writes and user_id in readers_of_office()
    return writes


@app.task(name="members.send_start_letter", retry=RETRY)
def send_start_letter(*, user_id: int) -> None:
    """To somebody with an account, for whose address somebody asked to apply."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        emails.send(emails.start_letter(user), user)
