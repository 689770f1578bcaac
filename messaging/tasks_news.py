"""Jobs that tell people what is new in the rooms. They carry numbers, never texts."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from members.models import User
from members.tasks import RETRY
from messaging import push
from messaging.enums import Rhythm
from messaging.models import NotificationSettings, PushDevice
from messaging.news_letters import news_letter
from messaging.news_pushes import news_push
from messaging.permissions import live_sessions

LETTER_KEPT = timedelta(days=14)  # what is older is left out of a letter that waited
PUSH_KEPT = timedelta(hours=1)
PUSH_TTL = 4 * 60 * 60  # seconds in which a browser must come by, or it is not told


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
