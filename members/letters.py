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
from members.network import first_language
from records.reading import as_read_by

# Left-to-right in every language; bare in an Arabic sentence they would fall apart.
_ADDRESS = re.compile(r"https?://[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]*\w|\b\d{1,3}(?:\.\d{1,3}){3}\b")
_SIGNATURE = "\n--\n"


@contextmanager
def written_for(reader: User | None, language: str = "") -> Iterator[str]:
    """In the language of the letter, with numbers and dates as its reader has them."""
    language = language or (reader.language if reader else "") or first_language()
    with translation.override(language), as_read_by(reader):
        yield language


def tongue() -> dict[str, str]:
    """What the HTML of a letter says of itself: the active language and its direction."""
    return {
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def message_of(
    subject: str, text: str, html: str, to: str, *, reply_to: str = ""
) -> EmailMultiAlternatives:
    """A message with both parts, in the active language. Not sent."""
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text.strip() + "\n",
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Content-Language": tongue()["language"]},
    )
    message.attach_alternative(html, "text/html")
    return message


def as_html(subject: str, text: str) -> str:
    """The HTML of a letter that was written as text: its paragraphs, addresses as links."""
    body, _, foot = text.strip().partition(_SIGNATURE)
    context: dict[str, Any] = {
        **tongue(),
        "subject": subject,
        "paragraphs": [as_paragraph(block) for block in re.split(r"\n\s*\n", body.strip())],
        "foot": as_paragraph(foot.strip()),
    }
    return render_to_string("members/emails/text.html", context)


def as_paragraph(block: str) -> SafeString:
    """Escaped, with its lines, and addresses as links."""
    html, end = "", 0
    for found in _ADDRESS.finditer(block):
        address, word = escape(found[0]), found[0]
        html += escape(block[end : found.start()])
        if "://" in word:
            html += f'<a href="{address}" dir="ltr">{address}</a>'
        elif "@" in word:
            html += f'<a href="mailto:{address}" dir="ltr">{address}</a>'
        else:
            html += f'<bdi dir="ltr">{address}</bdi>'
        end = found.end()
    html += escape(block[end:])
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308  every piece was escaped above
