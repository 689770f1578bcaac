"""Letters about accounts: the HTML of what the text templates say: nothing is said twice."""

import re

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Left-to-right in every language; bare in an Arabic sentence they would fall apart.
_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,3}(?:\.\d{1,3}){3}\b")
_SIGNATURE = "\n--\n"


def as_html(subject: str, text: str) -> str:
    """The letter with `lang` and `dir`; what is an address stands isolated, and links are links."""
    body, _, foot = text.partition(_SIGNATURE)
    return render_to_string(
        "account/email/letter.html",
        {
            "subject": subject,
            "language": translation.get_language(),
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "blocks": [_block(block) for block in re.split(r"\n\s*\n", body.strip())],
            "foot": _block(foot.strip()),
        },
    )


def _block(text: str) -> SafeString:
    lines = [_line(line.strip()) for line in text.splitlines()]
    return mark_safe("<br>".join(lines))  # noqa: S308  each line was escaped


def _line(line: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(line):
        word = found.group()
        shape = '<a href="{0}" dir="ltr">{0}</a>' if "//" in word else '<bdi dir="ltr">{0}</bdi>'
        parts += [conditional_escape(line[end : found.start()]), format_html(shape, word)]
        end = found.end()
    return "".join([*parts, conditional_escape(line[end:])])
