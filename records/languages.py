"""Texts that people write in several languages: a JSON object from language code to text."""

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language


class Shown(NamedTuple):
    """A text, and the language it is in (which need not be the one asked for)."""

    text: str
    language: str


def in_language(texts: dict[str, str], language: str | None = None) -> Shown:
    """`texts` in `language` (default: the active one), else English, else the first at hand.

    Returns Shown("", language) when there is none.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    for candidate in (language, settings.LANGUAGE_CODE, *texts):
        if text := texts.get(candidate, ""):
            return Shown(text, candidate)
    return Shown("", language)
