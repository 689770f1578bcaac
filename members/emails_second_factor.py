"""The letter that asks for a second factor. The job carries a number only."""

import logging

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from members.emails import Letter, send
from members.letters import written_for
from members.models import User
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def second_factor_letter(user: User) -> Letter:
    """In the reader's language."""
    with written_for(user):
        return Letter(
            subject=_("Please add a second factor to your account"),
            lines=[
                _(
                    "Your mandate lets you act for your institution in the network. Whoever holds "
                    "such a mandate signs in with a second factor: a passkey, or an authenticator "
                    "app on a telephone."
                ),
                _("Your account has none yet. It takes two minutes to add one."),
                _("If you need help, answer this letter or write to the secretariat."),
            ],
            action=_("Add a second factor"),
            url=settings.PUBLIC_ORIGIN + reverse("mfa_index"),
        )


@app.task(name="members.send_second_factor_letter", retry=RETRY)
def send_second_factor_letter(*, user_id: int) -> None:
    """Who has added one meanwhile, or no longer needs one, gets no letter."""
    owing = User.objects.owing_second_factor([user_id], timezone.now())
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not owing.exists():
        logger.info("No letter: user %s owes no second factor", user_id)
        return
    send(second_factor_letter(user), user)
