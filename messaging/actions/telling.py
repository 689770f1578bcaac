"""Who is told of what, and when: finds it, remembers that it was told, and defers the jobs.

The marks move in the transaction in which the job is deferred: either both are there or neither.
What a job tells of stands in its arguments, as numbers; it looks at all rights again when it runs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from messaging import last_seen
from messaging.enums import Rhythm
from messaging.models import NotificationSettings, PushDevice, Room, ToldMark
from messaging.news import RoomNews, find_news

HORIZON = timedelta(days=7)  # nobody is written to about what was said before
FRESH = timedelta(minutes=15)  # nobody is pushed what was said before
BATCH = 200  # people who are looked at together


def gather_letters(*, now: datetime | None = None) -> int:
    """Defer one e-mail to each person for whom it is time; returns how many there are.

    For each BATCH of people the same number of queries, whatever there is to tell them.
    """
    now = now or timezone.now()
    rooms = Room.objects.spoken_in(now - HORIZON)
    if not rooms:
        return 0
    new = [NotificationSettings(user_id=user) for user in NotificationSettings.objects.missing()]
    NotificationSettings.objects.bulk_create(new, ignore_conflicts=True)
    people = [settings.user_id for settings in NotificationSettings.objects.written_to(now)]
    return sum(
        _gather_letters(people[start : start + BATCH], rooms, now)
        for start in range(0, len(people), BATCH)
    )


@transaction.atomic
def _gather_letters(people: Sequence[int], rooms: list[Room], now: datetime) -> int:
    from messaging.tasks_news import send_news_letter  # noqa: PLC0415  it calls here

    seen = last_seen.seen(people)
    due = [
        settings
        for settings in NotificationSettings.objects.locked(people)
        if settings.may_write(now) and _is_away(settings, seen.get(settings.user_id), now)
    ]
    users = [settings.user_id for settings in due]
    told = ToldMark.objects.mailed(users, (room.pk for room in rooms))
    news = find_news(users, rooms, told, after=now - HORIZON)
    written = [
        settings
        for settings in due
        if settings.user_id in news
        and min(each.oldest for each in news[settings.user_id]) <= settings.boundary(now)
    ]
    if not written:
        return 0
    for settings in written:
        settings.written_at = now
    NotificationSettings.objects.bulk_update(written, ["written_at"])
    _mark("mailed_seq", ((s.user_id, each) for s in written for each in news[s.user_id]))
    jobs: list[dict[str, Any]] = [
        {
            "user_id": settings.user_id,
            "rooms": {str(n.room.pk): [n.since, n.upto] for n in news[settings.user_id]},
        }
        for settings in written
    ]
    send_news_letter.batch_defer(*jobs)
    return len(written)


def _is_away(settings: NotificationSettings, seen: datetime | None, now: datetime) -> bool:
    if settings.rhythm != Rhythm.ABSENCE or seen is None:
        return True
    return seen <= settings.boundary(now)


@transaction.atomic
def gather_pushes(*, rooms: Iterable[int] | None = None, now: datetime | None = None) -> int:
    """Defer a push to each device of each person whom what is new in `rooms` (None: all) concerns;
    returns how many there are. What falls into quiet hours is not pushed later.
    """
    from messaging.tasks_news import push_news  # noqa: PLC0415  it calls here

    now = now or timezone.now()
    people = PushDevice.objects.people()
    spoken = Room.objects.spoken_in(now - FRESH, rooms) if people else []
    if not spoken:
        return 0
    awake = [s.user_id for s in NotificationSettings.objects.locked(people) if not s.is_quiet(now)]
    told = ToldMark.objects.pushed(awake, (room.pk for room in spoken))
    news = find_news(awake, spoken, told, after=now - FRESH)
    if not news:
        return 0
    _mark("pushed_seq", ((user, each) for user, found in news.items() for each in found))
    jobs: list[dict[str, Any]] = [
        {"device_id": device.pk, "room_id": each.room.pk, "since": each.since, "upto": each.upto}
        for device in PushDevice.objects.of_many(news)
        for each in news[device.user_id]
        if any(piece.at > device.created_at for piece in each.pieces)
    ]
    if jobs:
        push_news.batch_defer(*jobs)
    return len(jobs)


def _mark(name: str, told: Iterable[tuple[int, RoomNews]]) -> None:
    ToldMark.objects.bulk_create(
        [ToldMark(user_id=user, room=each.room, **{name: each.upto}) for user, each in told],
        update_conflicts=True,
        unique_fields=["user", "room"],
        update_fields=[name],
    )
