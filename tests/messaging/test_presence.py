"""Which delegations have a room open, and who is writing: who is told, and who is not."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from members.enums import Capacity
from messaging import bus, throttle
from messaging.actions import archive_room, lock_to_chairs, open_room, remove_participant
from messaging.enums import ParticipantRole, RoomKind
from messaging.hub import Hub
from messaging.models import Participant, Room
from messaging.presence import BEHIND, say_who_is_there
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room
from tests.messaging.sockets import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> Iterator[tuple[Cast, Room]]:
    throttle._buckets.clear()
    cast = Cast()
    room = make_room(cast)
    yield cast, room
    for each in Room.objects.all():  # other tests' rooms may have the same numbers
        bus._ask(lambda client, pk=each.pk: client.delete(bus.name(f"presence:{pk}")))


async def enter(user: Any, room: Room) -> Tab:
    tab = await Tab.open(user)
    assert (await tab.enter(room.pk))["type"] == "room.entered"
    await tab.send({"type": "presence.follow", "room": room.pk})
    for _ in range(100):
        if Hub.current().bus_is_up:
            return tab
        await asyncio.sleep(0.02)
    raise AssertionError("the bus did not come up")


async def present(tab: Tab, *institutions: Any) -> None:
    wanted = sorted(each.pk for each in institutions)
    async with asyncio.timeout(8):
        while (await tab.hear("room.presence", timeout=8))["institutions"] != wanted:
            pass


async def test_a_room_shows_which_delegations_have_it_open(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal = await enter(cast.amal, room)
    await present(amal, cast.kr)
    bilal = await enter(cast.bilal, room)
    await present(amal, cast.kr, cast.ng)
    await present(bilal, cast.kr, cast.ng)
    dina = await enter(cast.dina, room)  # the secretariat is there for no delegation
    await present(dina, cast.kr, cast.ng)
    again = await enter(cast.bilal, room)
    await bilal.leave()
    await amal.silence(2.5)  # another tab of the same delegation is still there
    await again.leave()
    await present(amal, cast.kr)
    await amal.leave()
    await dina.leave()


async def test_strangers_and_those_who_lost_the_room_hear_nothing(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    chloe = await Tab.open(cast.chloe)
    await chloe.send({"type": "presence.follow", "room": room.pk})
    await chloe.send({"type": "room.typing", "room": room.pk})
    bilal, amal = await enter(cast.bilal, room), await enter(cast.amal, room)
    await present(amal, cast.kr, cast.ng)
    await present(bilal, cast.kr, cast.ng)
    nigeria = await Participant.objects.aget(room=room, institution=cast.ng)
    await in_database(remove_participant)(
        participant=nigeria, actor=cast.dina, mandate=cast.dina_mandate
    )
    await bilal.hear("room.closed")
    await present(amal, cast.kr)
    await bilal.silence()
    await chloe.silence()
    for tab in (chloe, bilal, amal):
        await tab.leave()
    assert not Hub.current().presence._following


def test_processes_see_each_other_and_what_is_not_said_again_lapses(
    scene: tuple[Cast, Room], monkeypatch: Any
) -> None:
    assert say_who_is_there("one", {7: [1, 2], 8: []}) == {7: [1, 2], 8: []}
    assert say_who_is_there("two", {7: [2, 3]}) == {7: [1, 2, 3]}
    assert say_who_is_there("one", {7: [1]}) == {7: [1, 2, 3]}
    assert say_who_is_there("two", {7: []}) == {7: [1]}
    monkeypatch.setattr("messaging.presence.LAPSE", 1)
    assert say_who_is_there("two", {7: [9]}) == {7: [1, 9]}
    bus._ask(lambda client: client.zadd(bus.name("presence:7"), {"two:9": 1}))
    assert say_who_is_there("one", {7: []}) == {7: []}


async def test_without_valkey_nobody_is_shown(scene: tuple[Cast, Room], monkeypatch: Any) -> None:
    cast, room = scene
    amal = await enter(cast.amal, room)
    await present(amal, cast.kr)
    with monkeypatch.context() as broken:
        broken.setattr(bus, "run", lambda *args: None)
        bilal = await enter(cast.bilal, room)
        await present(amal)
    await present(amal, cast.kr, cast.ng)
    await amal.leave()
    await bilal.leave()


# --- Writing ------------------------------------------------------------------------------------
async def test_who_writes_is_told_to_the_others_and_not_too_often(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    tabs = [await enter(user, room) for user in (cast.amal, cast.amal, cast.bilal)]
    for tab in tabs:
        await present(tab, cast.kr, cast.ng)
    mine, other, bilal = tabs
    for tab in (mine, mine, other):
        await tab.send({"type": "room.typing", "room": room.pk})
    assert await bilal.hear("room.typing") == {
        "type": "room.typing",
        "room": room.pk,
        "user": cast.amal.pk,
    }
    for tab in tabs:
        await tab.silence()
    for tab in tabs:
        await tab.leave()


async def test_writing_is_not_told_where_it_may_not_be(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    plenary = await in_database(open_room)(
        kind=RoomKind.PLENARY,
        titles={"en": "Plenary"},
        delegations={cast.kr: ParticipantRole.MEMBER, cast.ng: ParticipantRole.MEMBER},
    )
    archived = await in_database(make_room)(cast)
    await in_database(archive_room)(room=archived, actor=cast.dina, mandate=cast.dina_mandate)
    locked = await in_database(make_room)(cast)
    await in_database(lock_to_chairs)(room=locked, actor=cast.dina, mandate=cast.dina_mandate)
    observer = await in_database(make_user)("observer")
    await in_database(make_mandate)(observer, cast.kr, Capacity.OBSERVER)
    bilal = await Tab.open(cast.bilal)
    amal, watching, dina = [await Tab.open(u) for u in (cast.amal, observer, cast.dina)]
    for each in (plenary, archived, locked, room):
        for tab in (bilal, amal, watching, dina):
            await tab.enter(each.pk)
    await watching.send({"type": "room.typing", "room": room.pk})
    for each in (plenary, archived, locked):
        Hub.current().presence._typed.clear()
        await amal.send({"type": "room.typing", "room": each.pk})
    await bilal.silence()
    await dina.send({"type": "room.typing", "room": locked.pk})  # who chairs may
    assert (await bilal.hear("room.typing"))["user"] == cast.dina.pk
    for tab in (bilal, amal, watching, dina):
        await tab.leave()


async def test_writing_is_the_first_thing_dropped_under_load(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await Tab.open(cast.amal), await Tab.open(cast.bilal)
    for tab in (amal, bilal):
        await tab.enter(room.pk)
    hub = Hub.current()
    [slow] = [c for c in hub.connections if c.user_id == cast.bilal.pk]
    slow.unconfirmed = BEHIND + 1
    await amal.send({"type": "room.typing", "room": room.pk})
    await bilal.silence()
    slow.unconfirmed = 0
    hub.presence._typed.clear()
    hub.presence.is_late = True
    await amal.send({"type": "room.typing", "room": room.pk})
    await bilal.silence(0.2)
    await amal.leave()
    await bilal.leave()
