"""What a room was opened for, where an app above knows it: the meeting whose room it is.

Imports point one way, so the app above leaves a finder here when it is ready (`assembly.apps`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from messaging.enums import RoomKind
from messaging.models import Room


@dataclass(frozen=True, slots=True)
class Occasion:
    """As its reader has it, in the active language. `days` is a `<time>`."""

    name: str
    days: SafeString
    place: str
    address: str
    is_over: bool


Finder = Callable[[list[int]], dict[int, Occasion]]  # of rooms, by their ids
finders: list[Finder] = []


def occasions_of(rooms: Iterable[Room]) -> dict[int, Occasion]:
    """Room id -> what it was opened for, of those for which somebody knows. A query at the most."""
    asked = [room.pk for room in rooms if room.kind == RoomKind.MEETING]
    found: dict[int, Occasion] = {}
    for finder in finders if asked else ():
        found |= finder(asked)
    return found
