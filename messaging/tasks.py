"""Letters about bilateral rooms, statements and messages sent later; transcripts, heads, forgotten
files. Jobs carry numbers and words of ours, never texts: a queue is a log.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members.letters import as_html, message_of, written_for
from members.models import Institution, User
from messaging import (  # procrastinate looks into this module alone
    tasks_moderation,  # noqa: F401
    tasks_news,  # noqa: F401
)
from messaging.models import BilateralInvitation, ScheduledMessage, StatementDraft
from messaging.permissions_opening import leaders_of
from messaging.permissions_statements import access_draft
from messaging.scheduling import reason_of
from messaging.zones import in_words


def tell_leaders(invitation: BilateralInvitation, letter: str, side: Institution) -> None:
    """One job per head and alternate of `side`, in the caller's transaction."""
    for user in leaders_of(side):
        send_bilateral_letter.defer(
            letter=str(letter), invitation_id=invitation.pk, user_id=user.pk
        )


@app.task(
    name="messaging.send_bilateral_letter",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def send_bilateral_letter(*, letter: str, invitation_id: int, user_id: int) -> None:
    """In the reader's language; not to who leads the delegation no longer, nor of old news."""
    invitation = BilateralInvitation.objects.find(invitation_id)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if invitation is None or user is None:
        return
    side = invitation.to if letter == "invited" else invitation.by
    if user not in leaders_of(side) or (letter == "invited" and not invitation.is_pending):
        return
    with written_for(user):
        path = reverse("messaging:bilateral", args=[invitation.pk])
        context = {
            "invitation": invitation,
            "reader": user,
            "letter": letter,
            "link": f"{settings.PUBLIC_ORIGIN}{path}",
        }
        title = render_to_string("messaging/email/bilateral_subject.txt", context)
        subject = " ".join(title.split())
        text = render_to_string("messaging/email/bilateral_body.txt", context)
        message = message_of(subject, text, as_html(subject, text), user.email)
    message.send()


@app.task(
    name="messaging.send_statement_letter",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def send_statement_letter(*, letter: str, draft_id: int, user_id: int) -> None:
    """That a statement is "waiting", "released" or "returned". In the reader's language; not to
    whom it concerns no longer, nor of old news.
    """
    draft = StatementDraft.objects.for_display().filter(pk=draft_id, state=letter).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if draft is None or user is None:
        return
    try:
        access_draft(user, draft.room_id, draft.pk)
    except Http404:
        return
    with written_for(user):
        path = reverse("messaging:statement_draft", args=[draft.room_id, draft.pk])
        context = {"draft": draft, "letter": letter, "link": f"{settings.PUBLIC_ORIGIN}{path}"}
        title = render_to_string("messaging/email/statement_subject.txt", context)
        subject = " ".join(title.split())
        text = render_to_string("messaging/email/statement_body.txt", context)
        message = message_of(subject, text, as_html(subject, text), user.email)
    message.send()


@app.task(name="messaging.make_transcript")
def make_transcript(*, transcript_id: int) -> None:
    """Make the files of a transcript. What fails is shown in the room, so there is no retry."""
    from messaging.actions import transcripts  # noqa: PLC0415  it defers to here

    transcripts.make_transcript(transcript_id=transcript_id)


@app.periodic(cron="7 0 * * *")
@app.task(name="messaging.export_heads")
def export_heads(timestamp: int) -> None:
    """Every night: the heads of all rooms' chains, signed."""
    from messaging.transcripts.heads import write_heads  # noqa: PLC0415  needs the models

    write_heads()


@app.periodic(cron="41 * * * *")
@app.task(name="messaging.remove_forgotten_files")
def remove_forgotten_files(timestamp: int) -> None:
    """Every hour: the files whose message did not come within a day."""
    from messaging.actions import remove_forgotten  # noqa: PLC0415  it defers to here

    remove_forgotten()


@app.task(name="messaging.draw_first_page", priority=-10)
def draw_first_page(*, attachment_id: int) -> None:
    """Of a PDF, when nothing else is to be done. One that cannot be drawn has none: trying again is
    in vain.
    """
    from messaging.actions import attachments  # noqa: PLC0415  it defers to here

    attachments.show_first_page(attachment_id=attachment_id)


def defer_sending(scheduled: ScheduledMessage, *, wait: float = 0) -> None:
    """In the caller's transaction: look at the message when it is due, or in `wait` seconds."""
    at = timezone.now() + timedelta(seconds=wait + 1) if wait else scheduled.due_at
    post_scheduled.configure(schedule_at=at).defer(scheduled_id=scheduled.pk)


@app.task(
    name="messaging.post_scheduled",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def post_scheduled(*, scheduled_id: int) -> None:
    from messaging.actions import scheduling  # noqa: PLC0415  it defers to here

    scheduling.send_due(scheduled_id=scheduled_id)


@app.task(
    name="messaging.send_scheduled_letter",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def send_scheduled_letter(*, scheduled_id: int) -> None:
    """Tell the author that their message was not sent, and why; its text stays in the portal."""
    scheduled = ScheduledMessage.objects.for_letter(scheduled_id)
    if scheduled is None or not scheduled.is_failed or not scheduled.author.is_active:
        return
    author = scheduled.author
    with written_for(author), timezone.override(ZoneInfo(author.time_zone)):
        context = {
            "scheduled": scheduled,
            "reader": author,
            "due": in_words(scheduled.due_at),
            "reason": reason_of(scheduled.failure),
            "link": f"{settings.PUBLIC_ORIGIN}{reverse('messaging:scheduled_list')}",
        }
        title = render_to_string("messaging/email/scheduled_subject.txt", context)
        subject = " ".join(title.split())
        text = render_to_string("messaging/email/scheduled_body.txt", context)
        message = message_of(subject, text, as_html(subject, text), author.email)
    message.send()


@app.task(
    name="messaging.close_opinion",
    retry=RetryStrategy(max_attempts=10, exponential_wait=4),
)
def close_opinion(*, message_id: int) -> None:
    """At the end of a poll of opinion, so that every open page shows it closed."""
    from messaging.actions import opinions  # noqa: PLC0415  it defers to here

    opinions.close_due(message_id=message_id)
