"""Where on the map of the world the members are.

The shapes are made by `manage.py build_map`; where they were not made, there is no map, and the
list says the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from members.countries import alphabetical, codes_off_map, country_name
from members.models import Institution
from members.models.directory import InCountry

MARGIN = 260  # units: a name is written at least so far from the edges of the sheet


@dataclass
class Place:
    """A member country on the map, with its members: where its mark stands, and where its name."""

    code: str
    name: str
    path: str
    mark: tuple[int, int]
    name_at: tuple[int, int]
    is_small: bool
    members: InCountry

    @property
    def only(self) -> Institution | None:
        """Its member, where it has one."""
        return self.members.institutions[0] if self.members.number == 1 else None


@dataclass
class WorldMap:
    """The sheet (left, top, width, height) and what stands out on it."""

    box: list[int]
    places: list[Place]

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.box))


def alone(institution: Institution) -> dict[str, InCountry]:
    """For `members_on_map`: one institution, as if its country had no other."""
    code = str(institution.country.code or "")
    return {code: InCountry(1, [institution])} if code else {}


def members_on_map(members: Mapping[str, InCountry]) -> WorldMap | None:
    """The map with these countries (see `by_country`), in the order of their names; no query.

    A territory that the network keeps off its map stays off. None where no shapes were made, or
    none of them has a place on the map.
    """
    shapes = _shapes()
    if shapes is None:
        return None
    left, _top, width, _height = shapes["box"]
    off_map = codes_off_map()
    places = []
    for code, of_country in members.items():
        shape = shapes["countries"].get(code)
        if shape is None or code in off_map:
            continue
        x, y = shape["at"]
        place = Place(
            code=code,
            name=country_name(code).text,
            path=shape["d"],
            mark=(x, y),
            name_at=(min(max(x, left + MARGIN), left + width - MARGIN), y),
            is_small=shape["small"],
            members=of_country,
        )
        places.append(place)
    if not places:
        return None
    return WorldMap(shapes["box"], sorted(places, key=lambda place: alphabetical(place.name)))


def _shapes() -> dict[str, Any] | None:
    path = settings.VAR_DIR / "build" / "portal" / "map" / "countries.json"
    return _read(path) if path.exists() else None


@cache
def _read(path: Path) -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(path.read_text())
    return shapes
