"""How a person has set the portal up for themselves, and what it told them."""

from collections.abc import Iterator
from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.translation import pgettext

from members.models import CalendarFeed, SavedFilter, User
from messaging.models import NotificationLevel, NotificationSettings, PushDevice, ToldMark
from portal.data_export.parts import Row


def notification_rows(user: User) -> Iterator[Row]:
    """As they are for the person, be it that they have chosen nothing."""
    chosen = NotificationSettings.objects.of(user)
    yield {
        "rhythm": str(chosen.get_rhythm_display()),
        "absence": str(chosen.get_absence_display()),
        "daily_hour": chosen.daily_hour,
        "quiet_from": _hour(chosen.quiet_from),
        "quiet_until": _hour(chosen.quiet_until),
        "quiet_days": pgettext("between things", ", ").join(
            str(WEEKDAYS[day - 1]) for day in chosen.quiet_days
        ),
        "last_written": chosen.written_at,
    }


def _hour(hour: time | None) -> str:
    return f"{hour:%H:%M}" if hour else ""


def level_rows(user: User) -> Iterator[Row]:
    for chosen in NotificationLevel.objects.of_person(user):
        yield {"room": chosen.room.title.text, "level": str(chosen.get_level_display())}


def told_rows(user: User) -> Iterator[Row]:
    for mark in ToldMark.objects.of_person(user):
        yield {
            "room": mark.room.title.text,
            "mailed": mark.mailed_seq,
            "pushed": mark.pushed_seq,
        }


def push_rows(user: User) -> Iterator[Row]:
    """Neither keys nor the address at the push service: with both, others could write to it."""
    for device in PushDevice.objects.of(user):
        yield {"device": device.user_agent, "since": device.created_at}


def filter_rows(user: User) -> Iterator[Row]:
    for saved in SavedFilter.objects.owned_by(user.pk).order_by("pk"):
        yield {
            "listing": str(saved.get_listing_display()),
            "name": saved.name,
            "query": saved.query,
            "shared": saved.is_shared,
            "since": saved.created_at,
        }


def calendar_rows(user: User) -> Iterator[Row]:
    """That there is one. Whoever has the address itself reads without signing in."""
    for feed in CalendarFeed.objects.of_person(user):
        yield {"since": feed.made_at}
