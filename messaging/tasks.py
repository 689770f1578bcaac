"""Letters about bilateral rooms, what is new in the rooms, transcripts, heads.

Jobs carry numbers and words of ours, never texts: a queue is a log.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from members.letters import as_html, message_of, written_for
from members.models import Institution, User
from members.tasks import RETRY
from messaging import push
from messaging.enums import Rhythm
from messaging.models import BilateralInvitation, NotificationSettings, PushDevice
from messaging.news_letters import news_letter
from messaging.news_pushes import news_push
from messaging.permissions import leaders_of, live_sessions

LETTER_KEPT = timedelta(days=14)  # what is older is left out of a letter that waited
PUSH_KEPT = timedelta(hours=1)
PUSH_TTL = 4 * 60 * 60  # seconds in which a browser must come by, or it is not told


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


@app.periodic(cron="* * * * *")
@app.task(name="messaging.gather_news", queueing_lock="messaging.gather_news")
def gather_news(timestamp: int) -> None:
    """Every minute: who is to be told what. Pushes are found sooner by `messaging.watching`."""
    from messaging.actions import telling  # noqa: PLC0415  it defers to here

    telling.gather_letters()
    telling.gather_pushes()


@app.task(name="messaging.send_news_letter", retry=RETRY)
def send_news_letter(*, user_id: int, rooms: dict[str, list[int]]) -> None:
    """`rooms`: id -> past which record, up to which. Written now: what was read, deleted or closed
    to the person meanwhile is left out, and where nothing is left there is no letter.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    chosen = NotificationSettings.objects.of(user)
    if chosen.rhythm == Rhythm.NEVER:
        return
    if chosen.is_quiet(timezone.now()):  # it was kept waiting, by a mail server or a worker
        said: dict[str, Any] = {"user_id": user_id, "rooms": rooms}
        send_news_letter.configure(schedule_in={"minutes": 30}).defer(**said)
        return
    spans = {int(room): (since, upto) for room, (since, upto) in rooms.items()}
    letter = news_letter(user, spans, after=timezone.now() - LETTER_KEPT)
    if letter is not None:
        letter.send()


@app.task(name="messaging.push_news", retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def push_news(*, device_id: int, room_id: int, since: int, upto: int) -> None:
    """Tell one browser what is new in one room, if its person is still signed in there."""
    from messaging.actions import remove_device  # noqa: PLC0415  it defers to here

    device = PushDevice.objects.find(device_id)
    if device is None or not push.has_key():
        return
    user = live_sessions([device.session_key]).get(device.session_key)
    if user != device.user:
        remove_device(user=device.user, pk=device.pk)
        return
    if NotificationSettings.objects.of(user).is_quiet(timezone.now()):
        return
    told = news_push(user, room_id, since, upto, after=timezone.now() - PUSH_KEPT)
    if told is None:
        return
    try:
        push.send_push(device, told.payload, ttl=PUSH_TTL, topic=told.topic)
    except (push.Gone, push.PushRefused):
        remove_device(user=device.user, pk=device.pk)


@app.periodic(cron="41 3 * * *")
@app.task(name="messaging.delete_old_jobs", pass_context=True)
async def delete_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: jobs that were done a week ago. There is one a minute; failed ones stay."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 7)
