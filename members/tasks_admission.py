"""Jobs about admitted institutions, deferred in the transaction they tell of. Numbers alone."""

from procrastinate.contrib.django import app

from members import emails_admission
from members.enums_reviews import TickList
from members.models import Application, CharterSending, Tick
from members.onboarding import WELCOME
from members.tasks import RETRY


def tell_charter(sending: CharterSending) -> None:
    send_charter_letter.defer(sending_id=sending.pk)


def tell_welcome(application: Application) -> None:
    send_welcome_letter.defer(application_id=application.pk)


@app.task(name="members.send_charter_letter", retry=RETRY)
def send_charter_letter(*, sending_id: int) -> None:
    """To whoever is the contact now."""
    sending = CharterSending.objects.select_related("application__contact", "file").get(
        pk=sending_id
    )
    contact = sending.application.contact
    if contact is not None and contact.is_active:
        emails_admission.send_charter_to(contact, sending)


@app.task(name="members.send_welcome_letter", retry=RETRY)
def send_welcome_letter(*, application_id: int) -> None:
    application = Application.objects.select_related("contact").get(pk=application_id)
    tick = Tick.objects.latest_of(application_id, TickList.ONBOARDING).get(WELCOME)
    contact = application.contact
    if tick is not None and contact is not None and contact.is_active:
        emails_admission.send_welcome_to(contact, application, tick.remark)
