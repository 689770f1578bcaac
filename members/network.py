"""What the network is called, how it is reached and in which languages it works: what the
secretariat settled on its page, else what the portal was deployed with (`NETWORK_NAME`, `LANGUAGES`
and `LANGUAGE_CODE` of the settings).

Each process keeps what was settled for `STALE` seconds: no query for each page. The pages that say
that something broke show the name too, so this never raises for want of a database.
"""

import time
from collections.abc import Container
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError
from django.utils.translation import get_language

from records.languages import Shown, in_language

STALE = 5.0  # seconds after which another process's change is looked for


class Settled(NamedTuple):
    """What the network has settled, as read at one time: language -> text."""

    until: float
    names: dict[str, str]
    short_names: dict[str, str]
    contacts: dict[str, str]
    classes: dict[str, dict[str, str]]  # of membership, by their value
    languages: tuple[str, ...] = ()


_settled = Settled(0, {}, {}, {}, {})


def forget() -> None:
    """Read what was settled again at the next question. For this process."""
    global _settled
    _settled = _settled._replace(until=0)


def settled() -> Settled:
    """One query for each process every `STALE` seconds; the last known where there is none."""
    global _settled
    if _settled.until < time.monotonic():
        until = time.monotonic() + STALE
        try:
            found = apps.get_model("members", "NetworkVersion").objects.current()
        except (DatabaseError, SynchronousOnlyOperation):
            _settled = _settled._replace(until=until)
        else:
            _settled = Settled(
                until,
                found.names,
                found.short_names,
                found.contacts,
                found.class_names,
                tuple(found.languages),
            )
    return _settled


def names_of_network() -> dict[str, str]:
    """Language code → name: what was settled, over what was deployed."""
    return {**settings.NETWORK_NAME, **settled().names}


def name_of_network(language: str | None = None) -> Shown:
    """The official name in `language` (default: the active one)."""
    return in_language(names_of_network(), language)


def short_name_of_network(language: str | None = None) -> Shown:
    """Where there is no short one in that language, the official one."""
    name = name_of_network(language)
    short = settled().short_names.get(name.language)
    return Shown(short, name.language) if short else name


def contact_of_network(language: str | None = None) -> Shown:
    """How it is reached, as lines of text; "" where nothing was settled."""
    return in_language(settled().contacts, language)


def class_name(value: str) -> str:
    """What the network calls this class of membership in the active language; "" where it has
    settled nothing.
    """
    return settled().classes.get(value, {}).get(get_language() or "", "")


def offered_languages() -> list[tuple[str, str]]:
    """Code and own name of the languages in which the network works, in its order: what was settled
    of what is deployed, else all that is.
    """
    names = dict(settings.LANGUAGES)
    return [(code, names[code]) for code in _settled_languages() or names]


def first_language() -> str:
    """The one that is used where nobody's language is known."""
    return next(iter(_settled_languages()), settings.LANGUAGE_CODE)


def offered_or_first(language: str | None) -> str:
    """`language` where the network works in it, else the first."""
    return language if language and language in dict(offered_languages()) else first_language()


def languages_with(used: Container[str]) -> list[tuple[str, str]]:
    """Those that are offered, and of the others that are deployed the ones in `used`: there is
    something in them already, or somebody still reads in them.
    """
    offered = offered_languages()
    left = [each for each in settings.LANGUAGES if each not in offered]
    return offered + [(code, name) for code, name in left if code in used]


def read_in(language: str, own: str) -> str:
    """`language` where the network works in it, else a person's own, which they keep while it is
    deployed, else the first.
    """
    if language in dict(offered_languages()):
        return language
    return own if own in dict(settings.LANGUAGES) else first_language()


def languages_for(own: str) -> list[tuple[str, str]]:
    """Those that are offered, and a person's own: they keep it until they choose another."""
    offered = offered_languages()
    if not own or own in dict(offered):
        return offered
    return [*offered, (own, dict(settings.LANGUAGES).get(own, own))]


def _settled_languages() -> list[str]:
    """Without those that the portal is no longer deployed with."""
    deployed = dict(settings.LANGUAGES)
    return [code for code in settled().languages if code in deployed]
