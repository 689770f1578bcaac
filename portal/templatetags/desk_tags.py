"""What the desk is shown with: names, figures, and charts that are drawn here."""

from datetime import date
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from portal.figures import Month
from records.languages import Shown
from records.reading import number

register = template.Library()

WIDE, HIGH, ABOVE = 300, 124, 16  # of a chart; room for the figure above the highest bar
EVERY = 3  # months between two that are named
DIGIT = 6.5


@register.filter
def named(title: Shown | str) -> SafeString | str:
    """A name isolated, with its language where it is another's; a sentence as it is."""
    if not isinstance(title, Shown):
        return figure(title)
    if title.language in ("", get_language()):
        return format_html("<bdi>{}</bdi>", title.text)
    return format_html('<bdi lang="{}">{}</bdi>', title.language, title.text)


@register.filter
def figure(value: Any) -> str:
    """A number, or a text of ours with numbers in it, as the reader has numbers."""
    return number(value)


class Bar(NamedTuple):
    """One bar in the units of the picture, as texts: SVG knows no decimal comma."""

    series: int
    value: int  # as written above it; 0 for no figure
    x: str
    y: str
    wide: str
    high: str
    middle: str
    over: str


class Label(NamedTuple):
    first: date
    middle: str


class Row(NamedTuple):
    first: date
    values: list[int]


@register.inclusion_tag("portal/desk/_chart.html")
def chart(months: list[Month], **series: str) -> dict[str, Any]:
    """Bars by month, of one field of `Month` or two side by side: field=its name in words.

    Time runs as one reads: in Arabic the first month stands on the right.
    """
    rows = [Row(month.first, [getattr(month, field) for field in series]) for month in months]
    place = WIDE / len(rows)
    middles = [place * (n + 0.5) for n in range(len(rows))]
    if get_language_bidi():
        middles.reverse()
    return {
        "key": f"chart-{'-'.join(series)}",
        "names": list(series.values()),
        "rows": rows,
        "bars": _bars(rows, middles, place, len(series)),
        "labels": [
            Label(row.first, _units(middle))
            for n, (row, middle) in enumerate(zip(rows, middles, strict=True))
            if n % EVERY == 1  # the name of the first or the last would not fit
        ],
    }


def _bars(rows: list[Row], middles: list[float], place: float, series: int) -> list[Bar]:
    most = max((value for row in rows for value in row.values), default=0) or 1
    wide = place * 0.7 / series
    roomy = len(str(most)) * DIGIT <= place / series + 4  # else the highest alone says its figure
    direction = -1 if get_language_bidi() else 1
    bars = []
    for row, middle in zip(rows, middles, strict=True):
        for n, value in enumerate(row.values):
            here = middle + direction * (n - (series - 1) / 2) * wide
            high = max((HIGH - ABOVE) * value / most, 1 if value else 0)
            bars.append(
                Bar(
                    series=n + 1,
                    value=value if roomy or value == most else 0,
                    x=_units(here - wide / 2),
                    y=_units(HIGH - high),
                    wide=_units(wide),
                    high=_units(high),
                    middle=_units(here),
                    over=_units(HIGH - high - 3),
                )
            )
    return bars


def _units(number: float) -> str:
    return f"{number:.1f}"
