"""When a date of a group is, in words."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from members.models.group_dates import Occasion
from records.reading import hijri_days, written_days
from records.reading import number as written
from records.zones import zone_of


def days_said(date: Occasion) -> str:
    """Its days by the clocks that it was set by: "12–14 March 2027"."""
    return written_days(date.first_day, date.last_day)


def said_in(date: Occasion, zone: ZoneInfo | None = None) -> str:
    """Days and hours by the clocks of `zone` (default: the reader's), which is named."""
    if not date.has_hours:
        return days_said(date)
    with timezone.override(zone or timezone.get_current_timezone()):
        first, last = timezone.localtime(date.starts_at), timezone.localtime(date.ends_at)
        day, hijri = date_format(first, "j F Y"), hijri_days(first.date())
        day = f"{day} ({hijri})" if hijri else day
        # From left to right in Arabic too, and in one line: the comma would stray from its place.
        named = written(zone_of(date.starts_at)).replace(" ", "\u00a0")
        clocks = f"\u2066{named}\u2069"
        if first.date() == last.date():
            return f"{written(f'{day} · {first:%H:%M}–{last:%H:%M}')} ({clocks})"
        until = f"{date_format(last, 'j F Y')} · {last:%H:%M}"
        return f"{written(f'{day} · {first:%H:%M} – {until}')} ({clocks})"


def said_elsewhere(date: Occasion) -> list[str]:
    """The same by the clocks that it was set by and by the network's, where they show another hour
    than the reader's.
    """
    if not date.has_hours:
        return []
    reader = date.starts_at.astimezone(timezone.get_current_timezone())
    shown = [reader.utcoffset()]
    found = []
    for name in (date.zone, settings.NETWORK_TIME_ZONE):
        zone = ZoneInfo(name)
        offset = date.starts_at.astimezone(zone).utcoffset()
        if offset not in shown:
            shown.append(offset)
            found.append(said_in(date, zone))
    return found
