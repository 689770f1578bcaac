"""How a reader has numbers and dates: their digits, and the Hijri date beside the Gregorian.

Both are of Arabic pages alone. What a person wrote, what is stored, and what a program reads
(addresses, values of fields, ids) keeps European digits: nothing is rewritten after the fact.
Whoever writes a number or a date for people asks here; templates do so by the filters `number`
and `date` and by `blocktranslate` (`portal.templatetags`).
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol

from django.utils import timezone
from django.utils.formats import date_format, get_format, localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from hijridate import Gregorian

ARABIC_INDIC = "arabic_indic"
_TO_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# Beyond, a time zone leaves the calendar.
EARLIEST, LATEST = datetime.date(1970, 1, 1), datetime.date(2999, 1, 1)
# Formats that programs read: a `datetime` attribute, a field's value, a name of a file.
_MACHINE = ("c", "r", "U")
# Formats that name a whole day, and so may say it in the other calendar too.
_DAY, _MOMENT = ("DATE_FORMAT", "j F Y"), "DATETIME_FORMAT"
_HIJRI_MONTHS = (
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
)


class Reading(NamedTuple):
    """What one reader chose."""

    digits: str = ""
    shows_hijri: bool = False


class Reader(Protocol):
    """Who has such a choice: a `members.User`."""

    digits: str
    shows_hijri: bool


_NOBODY = Reading()
_reading: ContextVar[Reading] = ContextVar("reading", default=_NOBODY)


@contextmanager
def as_read_by(reader: Reader | None) -> Iterator[None]:
    """Write numbers and dates as this person reads them; None: as nobody in particular does."""
    chosen = Reading(reader.digits, reader.shows_hijri) if reader else _NOBODY
    token = _reading.set(chosen)
    try:
        yield
    finally:
        _reading.reset(token)


def uses_arabic_indic() -> bool:
    """Whether numbers are written ٠١٢٣ here: chosen, and the page is in Arabic."""
    return _is_arabic() and _reading.get().digits == ARABIC_INDIC


def number(value: Any) -> str:
    """A number for people, or a text of the interface that has numbers in it.

    Never for what a person wrote.
    """
    text = str(localize(value))
    return text.translate(_TO_ARABIC_INDIC) if uses_arabic_indic() else text


def written_date(value: Any, form: str | None = None) -> str:
    """A date or moment as `date_format` writes it, in the reader's digits and calendars."""
    form = form or "DATE_FORMAT"
    if form in _MACHINE or form.startswith("Y-"):
        return date_format(value, form)
    hijri = hijri_days(value) if form in (*_DAY, _MOMENT) else ""
    if hijri and form == _MOMENT:  # the other calendar stands with the day, before the hour
        day, _hour = get_format(_MOMENT).split("H:i")
        bare = day.rstrip("، ")
        text = f"{date_format(value, bare)} ({hijri}){day[len(bare) :]}{date_format(value, 'H:i')}"
    else:
        text = f"{date_format(value, form)} ({hijri})" if hijri else date_format(value, form)
    return number(text)


def written_days(first: datetime.date, last: datetime.date) -> str:
    """From one day to another: "20–22 January 2020"; in the reader's digits and calendars."""
    if first == last:
        text = date_format(first, "j F Y")
    elif (first.year, first.month) == (last.year, last.month):
        text = _("%(first)s–%(last)s %(month)s") % {
            "first": first.day,
            "last": last.day,
            "month": date_format(first, "F Y"),
        }
    else:
        text = _("%(first)s – %(last)s") % {
            "first": date_format(first, "j F Y"),
            "last": date_format(last, "j F Y"),
        }
    hijri = hijri_days(first, last)
    return number(f"{text} ({hijri})" if hijri else text)


def midnight(day: datetime.date, later: int = 0) -> datetime.datetime:
    """When `day` begins in the reader's time zone, or that many days `later`; far from now, when
    another day does.
    """
    day = min(max(day, EARLIEST), LATEST) + datetime.timedelta(days=later)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def hijri_days(first: datetime.date, last: datetime.date | None = None) -> str:
    """The day (or days) in the calendar of Umm al-Qura, in Arabic and European digits.

    "" where the reader did not ask for it, the page is not in Arabic, or the calendar, which is
    settled from 1924 to 2077, does not say.
    """
    if not (_is_arabic() and _reading.get().shows_hijri):
        return ""
    try:
        begin, end = _hijri(first), _hijri(last or first)
    except (OverflowError, TypeError, AttributeError):
        return ""
    closing = f"{end[2]} {_HIJRI_MONTHS[end[1] - 1]} {end[0]} هـ"
    if begin == end:
        return closing
    if begin[:2] == end[:2]:
        return f"{begin[2]}–{closing}"
    opening = f"{begin[2]} {_HIJRI_MONTHS[begin[1] - 1]}"
    year = f" {begin[0]} هـ" if begin[0] != end[0] else ""
    return f"{opening}{year} – {closing}"


def _hijri(day: datetime.date) -> tuple[int, int, int]:
    if isinstance(day, datetime.datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return Gregorian(day.year, day.month, day.day).to_hijri().datetuple()


def _is_arabic() -> bool:
    return (get_language() or "").partition("-")[0] == "ar"
