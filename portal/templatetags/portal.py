"""Tags of every page."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from records.languages import Shown, in_language

register = template.Library()


@register.filter
def spoken(texts: dict[str, str] | Shown) -> SafeString:
    """A text of several languages in the reader's, isolated, with `lang` where it is another's."""
    shown = texts if isinstance(texts, Shown) else in_language(texts)
    if shown.language == get_language():
        return format_html("<bdi>{}</bdi>", shown.text)
    return format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)


@register.filter
def paragraphs(text: str) -> SafeString:
    """Person-written text: each block takes its own direction; lines are kept."""
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    html = "".join(
        f'<p dir="auto">{escape(block).replace(chr(10), "<br>")}</p>' for block in blocks
    )
    return mark_safe(html)  # noqa: S308  every piece was escaped above


@register.simple_tag
def text_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"
