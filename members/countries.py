"""What countries are called: the network's own names, over the library's.

Names come from django-countries (ISO 3166) with a few words corrected (`members.country_words`);
the secretariat settles them otherwise, language by language, and says which territories stand on
the map (`members.models.CountryName`). Each process keeps what was settled for `STALE` seconds.
"""

import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import django_countries
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, to_locale
from django_countries import countries
from django_countries.fields import Country

from members.country_words import CORRECTED
from records.folding import fold
from records.languages import Shown

STALE = 5.0  # seconds after which another process's change is looked for
FALLBACK = "en"


class Settled(NamedTuple):
    """What the network has settled, as read at one time."""

    until: float
    names: dict[str, dict[str, str]]  # code -> language -> name
    off_map: frozenset[str]


_settled = Settled(0, {}, frozenset())


def forget() -> None:
    """Read what was settled again at the next question. For this process."""
    global _settled
    _settled = Settled(0, {}, frozenset())


def settled() -> Settled:
    """One query for each process every `STALE` seconds, however many names are asked for."""
    global _settled
    if _settled.until < time.monotonic():
        rows = apps.get_model("members", "CountryName").objects.values_list(
            "code", "names", "is_on_map"
        )
        found = list(rows)
        _settled = Settled(
            time.monotonic() + STALE,
            {code: names for code, names, _on_map in found if names},
            frozenset(code for code, _names, on_map in found if not on_map),
        )
    return _settled


@cache
def _library(language: str) -> dict[str, Shown]:
    """Code → the library's name, with the language it is really in."""
    folder = Path(django_countries.__file__).parent / "locale"
    codes = (language, language.partition("-")[0])
    known = language == FALLBACK or any((folder / to_locale(code)).is_dir() for code in codes)
    spoken = language if known else FALLBACK
    with translation.override(spoken):
        found = {code: Shown(str(name), spoken) for code, name in countries}
    corrected = CORRECTED.get(spoken, {})
    return found | {code: Shown(name, spoken) for code, name in corrected.items() if code in found}


def is_country(code: str) -> bool:
    return code in _library(FALLBACK)


def library_name(code: str, language: str | None = None) -> Shown:
    """The name without what the network settled; a code that nobody knows is its own name."""
    language = language or get_language() or FALLBACK
    return _library(language).get(code, Shown(code, language))


def country_name(country: Country | str | None, language: str | None = None) -> Shown:
    """The name of a country, or of a code, in `language` (default: the active one).

    Where neither the network nor the library has one in it, the English one, which says so.
    Shown("", language) for no country.
    """
    language = language or get_language() or FALLBACK
    code = str((country.code if isinstance(country, Country) else country) or "")
    if not code:
        return Shown("", language)
    own = settled().names.get(code, {})
    if text := own.get(language):
        return Shown(text, language)
    shown = library_name(code, language)
    if shown.language != language and (text := own.get(shown.language)):
        return Shown(text, shown.language)
    return shown


def all_names(code: str) -> list[str]:
    """Every name under which somebody may look for the country, the library's included."""
    languages = [language for language, _own_name in settings.LANGUAGES]
    found = [library_name(code, language).text for language in languages]
    return list(dict.fromkeys([*found, *settled().names.get(code, {}).values()]))


def country_choices() -> list[tuple[str, str]]:
    """Code and name of every country, in the alphabet of the reader's language."""
    named = ((code, country_name(code).text) for code in _library(FALLBACK))
    return sorted(named, key=lambda pair: alphabetical(pair[1]))


def codes_off_map() -> frozenset[str]:
    """Territories that the network does not show on its map."""
    return settled().off_map


def alphabetical(name: str) -> str:
    """For sorting names: the Arabic article does not count, as in a dictionary."""
    return fold(name).removeprefix("ال")


@cache
def codes_in_order() -> list[str]:
    """Codes in the official order: the English alphabet of the library's names."""
    names = _library("en")
    return sorted(names, key=lambda code: fold(names[code].text))
