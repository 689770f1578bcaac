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
from portal.models import ContactMessage, DataExport

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


@app.task(name="portal.make_data_export")
def make_data_export(*, export_id: int) -> None:
    """What fails is shown on the person's page, so there is no retry."""
    from portal.actions import exports  # noqa: PLC0415  it defers to here

    exports.make_export(export_id=export_id)


@app.task(name="portal.make_handover_pack")
def make_handover_pack(*, pack_id: int) -> None:
    """What fails is shown on the page of the pack, so there is no retry."""
    from portal.actions import packs  # noqa: PLC0415  it defers to here

    packs.make_pack(pack_id=pack_id)


@app.task(name="portal.send_export_letter", retry=RETRY)
def send_export_letter(*, export_id: int) -> None:
    """Tell the person that the file is there; the letter holds nothing of it."""
    export = DataExport.objects.filter(pk=export_id).select_related("user").first()
    if export is None or not export.user.is_active:
        return
    with written_for(export.user):
        letter = emails.Letter(
            subject=gettext("Your data is ready"),
            lines=[gettext("The copy of your data that you asked for can be downloaded now.")],
            action=gettext("It is kept for seven days. The page:"),
            url=settings.PUBLIC_ORIGIN + reverse("portal:your_data"),
        )
    emails.send(letter, export.user)


@app.periodic(cron="53 3 * * *")
@app.task(name="portal.delete_data_exports")
def delete_data_exports(timestamp: int) -> None:
    """Every night: copies that are older than they are kept."""
    from portal.actions.exports import delete_old_exports  # noqa: PLC0415  it defers to here

    delete_old_exports()
