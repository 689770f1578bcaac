"""Where a visitor can go: every URL name of the portal, with arguments from a real database.

A name without arguments is a place by itself. One with arguments must be in PLACES, in every state
that looks different; a name that is nowhere fails `test_pages.test_every_address_is_a_place`.

What the visitors are answered is what `tests.portal.rights` says of their like, unless the place
says otherwise, in the same letters (and g for 410, gone).
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from tests.portal.rights import TABLE
from tests.portal.rights.row import ROLES as LIKE
from tests.site.places import (
    accounts,
    applications,
    front,
    groups,
    institutions,
    meetings,
    network,
    people,
    rooms,
)
from tests.site.places.place import EVERYBODY, PEOPLE, Place

NOT_A_NAME = "(nothing)"  # an address that leads nowhere
PLACES: dict[str, list[Place]] = {
    **accounts.PLACES,
    **institutions.PLACES,
    **groups.PLACES,
    **people.PLACES,
    **applications.PLACES,
    **network.PLACES,
    **rooms.PLACES,
    **meetings.PLACES,
    **front.PLACES,
}


@dataclass(frozen=True)
class Found:
    """A place as the visitors get it. `paths`: by language, one where all are the same."""

    name: str
    state: str
    paths: dict[str, str]
    answers: dict[str, str] = field(default_factory=dict)  # by who visits
    asks_password: bool = False

    @property
    def title(self) -> str:
        """For file names."""
        return "-".join(filter(None, (self.name.replace(":", "-"), self.state)))


def names_without_a_place() -> set[str]:
    """URL names that nobody would visit: they take arguments, and PLACES does not know any."""
    return {n for n, row in TABLE.items() if row.args is not TABLE["root"].args} - PLACES.keys()


def listed() -> list[dict[str, Any]]:
    """All places of this database, as what JSON can say."""
    return [asdict(found) for found in _found()]


def _found() -> Iterator[Found]:
    for name, row in TABLE.items():
        for place in PLACES.get(name, [Place()]):
            expected = place.answers or [row.get[LIKE.index(PEOPLE[who][1])] for who in EVERYBODY]
            args = place.args()
            yield Found(
                name=name,
                state=place.state,
                paths=_paths(lambda name=name, args=args: reverse(name, args=args), place.query),
                answers={
                    who: letter
                    for who, letter in zip(EVERYBODY, expected, strict=True)
                    if letter != "-"
                }
                | dict.fromkeys(place.also, "o"),
                asks_password=place.asks_password,
            )
    nowhere = {language: f"/{language}/nothing/here/" for language, _ in settings.LANGUAGES}
    yield Found(NOT_A_NAME, "", nowhere, dict.fromkeys(EVERYBODY, "n"))


def _paths(address: Callable[[], str], query: str) -> dict[str, str]:
    paths = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            paths[language] = address() + query
    if len(set(paths.values())) == 1:
        return {settings.LANGUAGE_CODE: paths[settings.LANGUAGE_CODE]}
    return paths
