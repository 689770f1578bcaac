"""Numbers and dates as the reader has them (`records.reading`); built into every template.

`date`, `timesince` and `filesizeformat` stand in for Django's of the same names.
"""

import re
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.safestring import SafeString, mark_safe

from records import reading

register = template.Library()
_MARKUP = re.compile(r"(<[^>]*>|&[#\w]+;)")


@register.filter
def number(value: Any) -> str:
    """A number for people (`{{ count|number }}`), or a text of the interface with numbers in it.

    Not for attributes that programs read, and not for what a person wrote.
    """
    if value is None or value == "":
        return ""
    if not isinstance(value, SafeString):
        return reading.number(value)
    # What is markup already: its tags and entities stay as they are.
    parts = _MARKUP.split(value)
    written = (part if n % 2 else reading.number(part) for n, part in enumerate(parts))
    return mark_safe("".join(written))  # noqa: S308  digits for digits


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """Django's, in the reader's digits and with the Hijri day; formats for programs are left."""
    if value in (None, ""):
        return ""
    try:
        return reading.written_date(value, form)
    except AttributeError:
        return ""


@register.filter(is_safe=False)
def timesince(value: Any, other: Any = None) -> str:
    return reading.number(defaultfilters.timesince_filter(value, other))


@register.filter(is_safe=True)
def filesizeformat(size: Any) -> str:
    return reading.number(defaultfilters.filesizeformat(size))


@register.simple_tag
def digits() -> str:
    """What `Intl` calls the reader's digits: for scripts, in `<html data-digits>`."""
    return "arab" if reading.uses_arabic_indic() else "latn"
