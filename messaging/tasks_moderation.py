"""Letters about reports and erasures, and the nightly job of retention. Jobs carry numbers and
words of ours, never texts: a queue is a log.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members.letters import as_html, message_of, written_for
from members.models import User
from messaging.erasing import page_of
from messaging.models import Erasure, Report
from messaging.permissions_moderation import moderators_of, office_people

ERASURE, REPORTED, SETTLED = "erasure", "reported", "settled"


def tell(letter: str, thing: Erasure | Report, users: Iterable[int]) -> None:
    """One job for each of `users`, in the caller's transaction."""
    for user in sorted(users):
        send_moderation_letter.defer(letter=letter, thing_id=thing.pk, user_id=user)


@app.task(
    name="messaging.send_moderation_letter",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def send_moderation_letter(*, letter: str, thing_id: int, user_id: int) -> None:
    """In the reader's language; not to who may not know of it any more, nor of what is over."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    found = _erasure(thing_id, user) if letter == ERASURE else _report(letter, thing_id, user)
    if user is None or found is None:
        return
    room, (page, *numbers), more = found
    with written_for(user):
        context = {
            "letter": letter,
            "room": room,
            "link": f"{settings.PUBLIC_ORIGIN}{reverse(page, args=numbers)}",
            **{key: str(value) for key, value in more.items()},
        }
        title = render_to_string("messaging/email/moderation_subject.txt", context)
        subject = " ".join(title.split())
        text = render_to_string("messaging/email/moderation_body.txt", context)
        message = message_of(subject, text, as_html(subject, text), user.email)
    message.send()


Found = tuple[Any, tuple[Any, ...], dict[str, Any]] | None  # the room, its page, further words


def _erasure(pk: int, user: User | None) -> Found:
    erasure = Erasure.objects.for_list().filter(pk=pk).first()
    if erasure is None or user is None or not erasure.is_waiting or user.pk not in office_people():
        return None
    name, args = page_of(erasure.thing)
    return erasure.of.room, (name, *args), {}


def _report(letter: str, pk: int, user: User | None) -> Found:
    report = Report.objects.for_list().filter(pk=pk).first()
    if report is None or user is None:
        return None
    message = report.message
    if letter == SETTLED:
        page = ("messaging:report", message.room_id, message.seq)
        return message.room, page, {"outcome": report.get_outcome_display()}
    if not report.is_open or user not in moderators_of(message.room):
        return None
    return message.room, ("messaging:reports", message.room_id), {}


@app.periodic(cron="41 2 * * *")
@app.task(name="messaging.erase_old_texts")
def erase_old_texts(timestamp: int) -> None:
    """Every night: what is older than its room keeps it."""
    from messaging.actions import retention  # noqa: PLC0415  its neighbours defer to here

    retention.erase_old_texts()
