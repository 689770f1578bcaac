"""A draft that is changed in one tab is told to the person's other tabs in the room alone."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from messaging import throttle
from messaging.actions import forget_draft, save_draft
from messaging.hub import Hub
from messaging.models import Room
from tests.factories import Cast
from tests.messaging.conftest import make_room
from tests.messaging.sockets import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


async def enter(user: Any, room: Room) -> Tab:
    tab = await Tab.open(user)
    assert (await tab.enter(room.pk))["type"] == "room.entered"
    for _ in range(100):
        if Hub.current().bus_is_up:
            return tab
        await asyncio.sleep(0.02)
    raise AssertionError("the bus did not come up")


def test_every_change_is_announced_without_a_word_of_it(
    scene: tuple[Cast, Room], bus_events: Callable[[], list[dict[str, Any]]]
) -> None:
    cast, room = scene
    event = {"type": "draft.changed", "room": room.pk, "user": cast.amal.pk}
    draft: dict[str, Any] = {"room": room, "actor": cast.amal, "mandate": None, "reply_to": None}
    save_draft(**draft, body="Korea will", version=None)
    assert bus_events() == [{**event, "version": 1}]
    save_draft(**draft, body="Korea will", version=1)  # nothing new
    forget_draft(room=room, actor=cast.amal, body="Something else")
    assert bus_events() == []
    forget_draft(room=room, actor=cast.amal, body="Korea will")
    assert bus_events() == [{**event, "version": 2}]


async def test_the_persons_own_tabs_in_the_room_hear_of_it_and_nobody_else(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    elsewhere = await in_database(make_room)(cast)
    one, two = await enter(cast.amal, room), await enter(cast.amal, room)
    others = [
        await enter(cast.bilal, room),
        await enter(cast.dina, room),
        await enter(cast.amal, elsewhere),
        await Tab.open(cast.amal),  # has entered nothing
    ]
    await in_database(save_draft)(
        room=room, actor=cast.amal, mandate=None, body="Korea", reply_to=None, version=None
    )
    for tab in (one, two):
        frame = await tab.hear("draft.changed", timeout=3)
        assert frame == {"type": "draft.changed", "room": room.pk, "version": 1}
    await in_database(forget_draft)(room=room, actor=cast.amal, body="Korea")
    for tab in (one, two):
        assert (await tab.hear("draft.changed", timeout=3))["version"] == 2
    for tab in others:
        await tab.silence()
    for tab in (one, two, *others):
        await tab.leave()
