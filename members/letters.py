"""What every letter has: the text, the same as HTML that says its language and direction."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from members.models import User
from records.reading import as_read_by

# In a letter's own words: addresses of pages and of people.
_ADDRESS = re.compile(r"https?://[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]*\w")


@contextmanager
def written_for(reader: User | None, language: str = "") -> Iterator[str]:
    """In the language of the letter, with numbers and dates as its reader has them."""
    language = language or (reader.language if reader else "") or settings.LANGUAGE_CODE
    with translation.override(language), as_read_by(reader):
        yield language


def tongue() -> dict[str, str]:
    """What the HTML of a letter says of itself: the active language and its direction."""
    return {
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def message_of(
    subject: str, text: str, html: str, to: str, headers: dict[str, str] | None = None
) -> EmailMultiAlternatives:
    """A message with both parts, in the active language. Not sent."""
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text.strip() + "\n",
        to=[to],
        headers={"Content-Language": tongue()["language"], **(headers or {})},
    )
    message.attach_alternative(html, "text/html")
    return message


def as_html(subject: str, text: str) -> str:
    """The HTML of a letter that was written as text: its paragraphs, addresses as links."""
    paragraphs = [_paragraph(block) for block in re.split(r"\n\s*\n", text.strip())]
    context: dict[str, Any] = {**tongue(), "subject": subject, "paragraphs": paragraphs}
    return render_to_string("members/emails/text.html", context)


def _paragraph(block: str) -> SafeString:
    html, end = "", 0
    for found in _ADDRESS.finditer(block):
        address = escape(found[0])
        href = address if "://" in found[0] else f"mailto:{address}"
        html += f'{escape(block[end : found.start()])}<a href="{href}" dir="ltr">{address}</a>'
        end = found.end()
    html += escape(block[end:])
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308  every piece was escaped above
