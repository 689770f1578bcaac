"""Letters about the dates of groups: one job goes through the members, one a reader is sent."""

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from members import emails, emails_group_dates
from members.models import Group, GroupDateVersion, User
from members.permissions.group_space import readers_of
from members.tasks import RETRY

logger = logging.getLogger(__name__)


@app.task(name="members.tell_members_of_date", retry=RETRY)
def tell_members(*, version_id: int, actor_id: int) -> None:
    """Let everybody of the group's delegations be written to, but for who did it."""
    version = GroupDateVersion.objects.find(version_id)
    if version is None:
        return
    with transaction.atomic():  # all or none: tried again, nobody is told twice
        for user in readers_of(version.date.group):
            if user.pk != actor_id:
                send_date_letter.defer(version_id=version_id, user_id=user.pk)


@app.task(name="members.send_date_letter", retry=RETRY)
def send_date_letter(*, version_id: int, user_id: int) -> None:
    """Send one, in the reader's language and time zone: not of old news, nor to who left."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    version = GroupDateVersion.objects.find(version_id)
    group = Group.objects.find(version.date.group_id) if version else None
    if (
        user is None
        or version is None
        or group is None
        or user not in readers_of(group)
        or not GroupDateVersion.objects.is_last_news(version)
    ):
        logger.info("No letter: version %s of a date to user %s is past", version_id, user_id)
        return
    emails.send(emails_group_dates.date_letter(version, user), user)
