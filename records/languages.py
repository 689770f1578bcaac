"""Texts that people write in several languages: a JSON object from language code to text.

Where a text is prepared in one language after another, a second object beside it says how far each
has come: `{"en": "final", "ar": "draft"}` (see `TextState`).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _deployed() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


# Code and own name of the languages in which texts are asked for. `members.apps` puts the one here
# that knows (`members.network.offered_languages`).
offered: Callable[[], list[tuple[str, str]]] = _deployed


class TextState(TextChoices):
    """How far a text has come in one language. Missing is never stored: nothing was written."""

    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    FINAL = "final", _("final")


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


def spoken(texts: dict[str, str] | Shown) -> SafeString:
    """A text of several languages in the reader's, isolated, with `lang` where it is another's."""
    shown = texts if isinstance(texts, Shown) else in_language(texts)
    if shown.language == get_language():
        return format_html("<bdi>{}</bdi>", shown.text)
    return format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)


def state_of(texts: dict[str, str], states: dict[str, str], language: str) -> TextState:
    """How far `texts` has come in `language`; a text of no known state is a draft."""
    if not texts.get(language):
        return TextState.MISSING
    return TextState.FINAL if states.get(language) == TextState.FINAL else TextState.DRAFT


def all_final(texts: Mapping[str, str]) -> dict[str, str]:
    """The states of texts that nobody prepared in steps."""
    return {code: TextState.FINAL.value for code, text in texts.items() if text}


def final_only(texts: dict[str, str], states: dict[str, str]) -> dict[str, str]:
    """What of `texts` may be published: the languages that are final."""
    return {code: text for code, text in texts.items() if states.get(code) == TextState.FINAL}
