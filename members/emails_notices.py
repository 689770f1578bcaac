"""Notices on an institution's standing as letters, to each reader in their language.

Jobs carry numbers only; what is said is read when it is sent.
"""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from members.emails import Letter, send
from members.letters import written_for
from members.models import StandingNotice, User
from members.permissions.standing import can_read_standing
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def notice_letter(notice: StandingNotice, user: User) -> Letter:
    """The notice as `user` gets it. Whose mandates carry no rights, for the institution is
    suspended, is led to its page: how it stands in full is shut to them.
    """
    reads = can_read_standing(user, notice.institution)
    page = "assembly:standing" if reads else "members:institution"
    with written_for(user):
        return Letter(
            subject=notice.title.text,
            lines=[_("The secretariat writes to %(institution)s:")],
            action=_("See how the institution stands"),
            url=settings.PUBLIC_ORIGIN + reverse(page, args=[notice.institution_id]),
            quote=notice.body.text,
            params={"institution": notice.institution.name.text},
        )


def defer_letters(notice: StandingNotice, readers: Iterable[User]) -> None:
    """One job for each, in the caller's transaction."""
    for user_id in sorted(reader.pk for reader in readers):
        send_notice_letter.defer(notice_id=notice.pk, user_id=user_id)


@app.task(name="members.send_notice_letter", retry=RETRY)
def send_notice_letter(*, notice_id: int, user_id: int) -> None:
    """Send one notice to one person."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    notice = StandingNotice.objects.sent().select_related("institution", "sent_by").find(notice_id)
    if user is None or notice is None:
        logger.info("No letter: user %s or notice %s is gone", user_id, notice_id)
        return
    send(notice_letter(notice, user), user)
