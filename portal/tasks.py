"""Jobs of the public site. Their arguments are numbers, never addresses or texts."""

import logging

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from members import emails
from members.letters import written_for
from members.models import User
from members.tasks import RETRY
from portal.models import ContactMessage

logger = logging.getLogger(__name__)


@app.task(name="portal.send_contact_letter", retry=RETRY)
def send_contact_letter(*, message_id: int, user_id: int) -> None:
    """Send one person of the secretariat what somebody wrote; an answer goes to the writer."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    message = ContactMessage.objects.find(message_id)
    if user is None or message is None:
        logger.info("No letter: user %s or message %s is gone", user_id, message_id)
        return
    with written_for(user):
        letter = emails.Letter(
            subject=gettext("Contact page: %(subject)s") % {"subject": message.subject},
            lines=[gettext("%(name)s (%(email)s) wrote on the contact page of the public site:")],
            action=gettext("Reply to this letter to answer. The page:"),
            url=settings.PUBLIC_ORIGIN + reverse("portal:page_contact"),
            quote=message.body,
            params={"name": message.name, "email": message.email},
        )
    emails.send(letter, user, reply_to=message.email)


@app.periodic(cron="23 3 * * *")
@app.task(name="portal.delete_contact_messages")
def delete_contact_messages(timestamp: int) -> None:
    """Every night: what the privacy page says is deleted is deleted."""
    from portal.actions.contact import delete_old_messages  # noqa: PLC0415  it defers to here

    delete_old_messages()
