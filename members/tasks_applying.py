"""Jobs about who writes an application. One a reader, numbers alone."""

import logging

from procrastinate.contrib.django import app

from members import emails, emails_applying
from members.models import Application, InformationRequest, User
from members.tasks import RETRY, may_still_read, readers_of_office

logger = logging.getLogger(__name__)
# What they tell is that the reader may write it no longer.
OF_LEAVING = frozenset({"editor_removed", "contact_given_away"})


def tell_applicant(
    letter: str,
    application: Application,
    user_id: int,
    *,
    about: User | None = None,
    request: InformationRequest | None = None,
) -> None:
    send_applying_letter.defer(
        letter=letter,
        application_id=application.pk,
        user_id=user_id,
        about_id=about.pk if about else None,
        request_id=request.pk if request else None,
    )


def tell_office(
    letter: str,
    application: Application,
    *,
    about: User | None = None,
    request: InformationRequest | None = None,
    but: User | None = None,
) -> None:
    """The secretariat, but for `but`, who did it, and for who writes the application."""
    left_out = {but.pk if but else None, *application.applicant_ids()}
    for user_id in sorted(readers_of_office()):
        if user_id not in left_out:
            tell_applicant(letter, application, user_id, about=about, request=request)


@app.task(name="members.send_applying_letter", retry=RETRY)
def send_applying_letter(
    *,
    letter: str,
    application_id: int,
    user_id: int,
    about_id: int | None = None,
    request_id: int | None = None,
) -> None:
    """Send one, in the reader's language; not of what was answered meanwhile."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    application = Application.objects.find(application_id)
    request = InformationRequest.objects.filter(pk=request_id).first() if request_id else None
    if user is None or application is None or (request and request.answered_at):
        logger.info("No letter: %s of application %s is past", letter, application_id)
        return
    if letter not in OF_LEAVING and not may_still_read(letter, application, user_id):
        logger.info("No letter: user %s has left application %s", user_id, application_id)
        return
    about = User.objects.filter(pk=about_id).first() if about_id else None
    written = emails_applying.applying_letter(
        letter, application, user, about=about, request=request
    )
    emails.send(written, user)


@app.periodic(cron="17 5 * * *")
@app.task(name="members.remind_applicants")
def remind_applicants_daily(timestamp: int) -> None:
    """Those who were asked, before the last day and after it."""
    from members.actions.information_reminders import remind_applicants  # noqa: PLC0415  it defers to here

    remind_applicants()
