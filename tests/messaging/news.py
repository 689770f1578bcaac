"""What the tests of notifications share."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.models import User
from messaging import tasks_news
from messaging.actions import gather_letters
from messaging.enums import RecordKind
from messaging.models import Mention, Message, NotificationSettings, Record


def jobs(task: str) -> list[dict[str, Any]]:
    """The arguments of the jobs that wait, and that nobody has done in this test."""
    found = ProcrastinateJob.objects.filter(task_name=task).order_by("pk")
    return [job.args for job in found]


def later(minutes: float = 31) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def gather(minutes: float = 31) -> int:
    """The minute's look, so much later."""
    with time_machine.travel(later(minutes), tick=False):
        return gather_letters()


def write_letters(minutes: float = 31) -> list[Any]:
    """Do the jobs that wait, once; returns the letters, in order."""
    before = len(mail.outbox)
    found = ProcrastinateJob.objects.filter(task_name="messaging.send_news_letter")
    waiting = dict(found.order_by("pk").values_list("pk", "args"))
    with time_machine.travel(later(minutes), tick=False):
        for arguments in waiting.values():
            tasks_news.send_news_letter.func(**arguments)
    ProcrastinateJob.objects.filter(pk__in=waiting).update(task_name="done")
    return mail.outbox[before:]


def letters_to(user: User, minutes: float = 31) -> list[Any]:
    """What is written to them when everybody has been away for so long."""
    gather(minutes)
    return [letter for letter in write_letters(minutes) if letter.to == [user.email]]


def call_upon(message: Message, *users: User) -> None:
    Mention.objects.bulk_create(
        Mention(message=message, user=user, room_id=message.room_id, seq=message.seq)
        for user in users
    )


def make_statement(message: Message) -> None:
    """As if it had been issued as one. The chain does not verify afterwards."""
    Record.objects.filter(message=message).update(kind=RecordKind.STATEMENT_ISSUED)


def choose(user: User, **fields: Any) -> None:
    NotificationSettings.objects.update_or_create(user=user, defaults=fields)
