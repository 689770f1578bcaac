"""The clocks of a zone: what moment they mean, and how far they are from UTC."""

from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import timezone


class NoSuchTime(ValueError):
    """The clocks of the zone leave this hour out."""


def moment_of(local: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clocks of `zone` show `local`, for the first time if they do twice.

    Raises NoSuchTime.
    """
    moment = local.replace(tzinfo=zone, fold=0)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(local)
    return moment


def offset_of(moment: datetime) -> str:
    """How far the reader's clocks are from UTC at `moment`: "UTC+2", "UTC−3:30"."""
    offset = timezone.localtime(moment).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def zone_of(moment: datetime) -> str:
    """The reader's zone by its name, with its offset at `moment`: "Africa/Cairo, UTC+2"."""
    name = timezone.get_current_timezone_name()
    offset = offset_of(moment)
    return offset if name == offset else f"{name}, {offset}"
