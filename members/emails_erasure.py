"""The last letter to who had their account erased."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.utils.translation import gettext as _

from members import emails
from members.letters import written_for
from members.models import User

logger = logging.getLogger(__name__)


def send_erasure_letter(was: User) -> None:
    """`was`: who they were, not saved. Sent at once and once: no job may keep the address, and a
    mail server that is away does not undo what is done.
    """
    with written_for(was):
        letter = emails.Letter(
            subject=_("Your account is erased"),
            lines=[
                _("As you asked, your account and what was yours alone are erased."),
                _("What you did in office stays in the record of the network without your name."),
                _("If it was not you who asked, write to the secretariat."),
            ],
            action=_("The public pages of the network"),
            url=settings.PUBLIC_ORIGIN + "/",
        )
    try:
        emails.send(letter, was)
    except (OSError, SMTPException):
        logger.exception("The letter about an erased account was not sent")
