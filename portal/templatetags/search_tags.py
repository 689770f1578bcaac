"""How what was found is shown: the words marked in the text as it was written."""

import re

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from records.folding import folded_with_places

register = template.Library()

LENGTH = 220  # characters of an excerpt
BEFORE = 60  # of them, before the first word found
# Letters of one Arabic word join: it is marked whole, with its article and what is attached to it.
_JOINED = re.compile("[\u0610-\u061a\u0621-\u065f\u066e-\u06d3\u06d5-\u06ed\u06fa-\u06fc]")
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]")

Span = tuple[int, int]


def spans(text: str, words: str) -> list[Span]:
    """Where in `text` the folded `words` stand; no two touch."""
    folded, places = folded_with_places(text)
    found = []
    for word in words.split():
        start = folded.find(word)
        while start >= 0:
            end = start + len(word)
            found.append(_widened(text, places[start], places[end - 1] + 1))
            start = folded.find(word, end)
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _widened(text: str, start: int, end: int) -> Span:
    while end < len(text) and _MARKS.match(text[end]):  # an accent belongs to its letter
        end += 1
    if _JOINED.match(text[start]):
        while start and _JOINED.match(text[start - 1]):
            start -= 1
    if _JOINED.match(text[end - 1]):
        while end < len(text) and _JOINED.match(text[end]):
            end += 1
    return start, end


@register.filter
def marked(text: str, words: str) -> SafeString:
    """`text` with the words that were found in <mark>."""
    return _html(text, spans(text, words), 0, len(text))


@register.filter
def excerpt(text: str, words: str) -> SafeString:
    """The part of `text` where the words are, on one line, with the words in <mark>."""
    text = " ".join(text.split())
    found = spans(text, words)
    start, end = _window(text, found[0][0] if found else 0)
    html = _html(text, [(a, b) for a, b in found if a >= start and b <= end], start, end)
    return mark_safe(  # noqa: S308  `_html` escapes
        f"{'… ' if start else ''}{html}{' …' if end < len(text) else ''}"
    )


def _window(text: str, first: int) -> Span:
    """Where to begin and to end, between words, so that what stands at `first` is seen."""
    if len(text) <= LENGTH:
        return 0, len(text)
    start = 0
    if first > BEFORE:
        start = text.rfind(" ", 0, first - BEFORE) + 1 or first - BEFORE
    end = len(text)
    if end - start > LENGTH:
        end = start + LENGTH
        space = text.rfind(" ", first + 1, end)
        end = space if space > 0 else end
    return start, end


def _html(text: str, found: list[Span], start: int, end: int) -> SafeString:
    pieces, last = [], start
    for a, b in found:
        pieces += [escape(text[last:a]), "<mark>", escape(text[a:b]), "</mark>"]
        last = b
    pieces.append(escape(text[last:end]))
    return mark_safe("".join(pieces))  # noqa: S308  every piece was escaped above


@register.filter
def own_name(code: str) -> str:
    """What a language calls itself; "" for one that is not the portal's."""
    return dict(settings.LANGUAGES).get(code, "")
