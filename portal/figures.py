"""Figures over time, for the secretariat: what was said, and how applications went, by month."""

from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time

from django.core.cache import cache
from django.utils import timezone

from members.models import Application
from messaging.models import Message

MONTHS = 12
KEPT = 600  # seconds: counting a year's messages takes longer than all the rest of the page


@dataclass(frozen=True)
class Month:
    """What happened in a month (UTC); the current one is not over."""

    first: date
    messages: int
    delegates: int  # who wrote at least one message
    submitted: int
    decided: int


def figures(today: date | None = None) -> list[Month]:
    """The last MONTHS months, the oldest first; kept for some minutes. Three queries, or none."""
    today = today or timezone.now().date()
    key = f"figures:{today:%Y-%m}"
    known = cache.get(key)
    if known is None:
        known = [(m.first.isoformat(), *astuple(m)[1:]) for m in _figures(today)]
        cache.set(key, known, KEPT)
    return [Month(date.fromisoformat(first), *numbers) for first, *numbers in known]


def _figures(today: date) -> list[Month]:
    firsts = _firsts(today)
    since = datetime.combine(firsts[0], time(), UTC)
    said = Message.objects.by_month(since)
    submitted = Application.objects.by_month("submitted_at", since)
    decided = Application.objects.by_month("decided_at", since)
    return [
        Month(first, *said.get(first, (0, 0)), submitted.get(first, 0), decided.get(first, 0))
        for first in firsts
    ]


def _firsts(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]
