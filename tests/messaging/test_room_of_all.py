"""A room of a meeting of all is held like the plenary: too many write in it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from messaging.actions import start_room
from messaging.enums import RoomKind
from messaging.models import Room
from messaging.opinions import asking
from messaging.permissions import access_room
from messaging.presence import _tell_of_writing
from tests.factories import Cast


def opened(cast: Cast, **more: Any) -> Room:
    given: dict[str, Any] = {
        "kind": RoomKind.MEETING,
        "titles": {"en": "Assembly"},
        "purposes": {},
        "group": None,
        "delegations": {cast.kr: "member", cast.ng: "member"},
        "actor": cast.dina,
        "mandate": cast.dina_mandate,
    }
    return start_room(**given | more)


def test_writing_is_not_shown_and_chairs_alone_ask_for_opinions(
    cast: Cast, bus_events: Callable[[], list[dict[str, Any]]]
) -> None:
    board, assembly = opened(cast), opened(cast, is_of_all=True)
    bus_events()
    for each in (assembly, board):
        _tell_of_writing(each.pk, cast.amal.pk, chairs=False)
    assert bus_events() == [{"type": "room.typing", "room": board.pk, "user": cast.amal.pk}]
    may_ask = [bool(asking(access_room(cast.amal, each.pk))) for each in (assembly, board)]
    assert may_ask == [False, True]
    assert asking(access_room(cast.dina, assembly.pk))


def test_only_a_meetings_room_is_of_all_and_the_secretariat_alone_opens_it(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        opened(cast, is_of_all=True, kind=RoomKind.GROUP)
    with pytest.raises(PermissionDenied):
        opened(cast, is_of_all=True, actor=cast.amal, mandate=cast.amal_mandate)
    assert not Room.objects.exists()
