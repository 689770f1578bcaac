"""What waits, in every tab: who is told, when, and who is not."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.actions.people import end_mandate
from messaging import bus, throttle
from messaging.actions import (
    delete_message,
    mark_all_read,
    mark_read,
    mark_unread,
    remove_participant,
)
from messaging.counts import count_anew, counts_frame
from messaging.hub import Hub
from messaging.models import COUNTED, Participant, Room
from messaging.models.counting import waiting
from messaging.templatetags.room_words import waiting_count
from tests.factories import Cast
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


async def follow(user: Any, language: str = "en") -> tuple[Tab, dict[str, Any]]:
    """A tab of a page that is no room, and the first counts that it hears."""
    tab = await Tab.open(user, language)
    await tab.send({"type": "counts.follow"})
    first = await tab.hear("counts")
    for _ in range(100):
        if Hub.current().bus_is_up:
            return tab, first
        await asyncio.sleep(0.02)
    raise AssertionError("the bus did not come up")


def numbers(frame: dict[str, Any]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    rooms = {room: (each["unread"], each["mentions"]) for room, each in frame["rooms"].items()}
    return frame["unread"], frame["mentions"], rooms


async def test_every_tab_of_a_person_hears_what_waits_and_what_was_read_elsewhere(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    one, first = await follow(cast.bilal)
    assert numbers(first) == (0, 0, {})
    two, _ = await follow(cast.bilal, "ar")
    amal, _ = await follow(cast.amal)
    message = await in_database(say)(room, cast.amal, cast.amal_mandate, "@[Bilal], good morning")
    heard = await one.hear("counts", timeout=2)
    assert numbers(heard) == (1, 1, {str(room.pk): (1, 1)})
    assert heard["unread_label"] == "1 unread message"
    assert heard["mentions_label"] == "1 mention of you"
    assert (await two.hear("counts", timeout=2))["unread_label"] == "رسالة واحدة غير مقروءة"
    await in_database(mark_read)(room=room, user=cast.bilal, seq=message.seq)
    for tab in (one, two):
        assert numbers(await tab.hear("counts", timeout=2)) == (0, 0, {})
    await in_database(mark_unread)(room=room, user=cast.bilal, seq=message.seq)
    for tab in (one, two):
        assert numbers(await tab.hear("counts", timeout=2)) == (1, 1, {str(room.pk): (1, 1)})
    await in_database(mark_all_read)(user=cast.bilal)
    for tab in (one, two):
        assert numbers(await tab.hear("counts", timeout=2)) == (0, 0, {})
    await amal.silence(1.2)  # one's own words, and what another has read, change nothing
    for tab in (one, two, amal):
        await tab.leave()


async def test_nobody_hears_of_a_room_that_is_not_theirs(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    chloe, first = await follow(cast.chloe)
    assert numbers(first) == (0, 0, {})
    silent = await Tab.open(cast.bilal)  # has not asked
    dina, _ = await follow(cast.dina)
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    assert numbers(await dina.hear("counts", timeout=2)) == (1, 0, {str(room.pk): (1, 0)})
    await chloe.silence(1.2)
    await silent.silence()
    for tab in (chloe, silent, dina):
        await tab.leave()


async def test_counts_end_with_the_right_to_the_room_and_with_the_mandate(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    bilal, first = await follow(cast.bilal)
    assert numbers(first) == (1, 0, {str(room.pk): (1, 0)})
    nigeria = await Participant.objects.aget(room=room, institution=cast.ng)
    await in_database(remove_participant)(
        participant=nigeria, actor=cast.dina, mandate=cast.dina_mandate
    )
    assert numbers(await bilal.hear("counts", timeout=3)) == (0, 0, {})
    await in_database(say)(room, cast.dina, cast.dina_mandate)
    await bilal.silence(1.2)
    amal, first = await follow(cast.amal)
    assert numbers(first) == (1, 0, {str(room.pk): (1, 0)})
    await in_database(end_mandate)(ending=cast.amal_mandate, actor=cast.dina)
    assert numbers(await amal.hear("counts", timeout=3)) == (0, 0, {})
    await bilal.leave()
    await amal.leave()


async def test_a_deleted_message_waits_for_nobody(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    message = await in_database(say)(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    bilal, first = await follow(cast.bilal)
    assert numbers(first) == (1, 1, {str(room.pk): (1, 1)})
    await in_database(delete_message)(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert numbers(await bilal.hear("counts", timeout=2)) == (0, 0, {})
    await bilal.leave()


async def test_a_press_is_counted_together(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    bilal, _ = await follow(cast.bilal)
    for _ in range(5):
        await in_database(say)(room, cast.amal, cast.amal_mandate)
    assert numbers(await bilal.hear("counts", timeout=2))[0] == 5
    await bilal.silence(1.2)
    await bilal.leave()


async def test_without_the_bus_counts_come_by_the_sweep(
    scene: tuple[Cast, Room], monkeypatch: Any
) -> None:
    cast, room = scene
    bilal, _ = await follow(cast.bilal)
    monkeypatch.setattr(bus, "publish", lambda event: None)
    Hub.current().bus_is_up = False
    await asyncio.sleep(1.2)  # the heads are known
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    assert numbers(await bilal.hear("counts", timeout=5))[0] == 1
    await bilal.leave()


async def test_nothing_is_kept_of_who_has_gone(scene: tuple[Cast, Room]) -> None:
    cast, _ = scene
    bilal, _first = await follow(cast.bilal)
    counts = Hub.current().counts
    assert set(counts._following) == {cast.bilal.pk}
    await bilal.leave()
    assert (counts._following, counts._known, counts._fresh) == ({}, {}, set())


# --- What is counted ----------------------------------------------------------------------------
def test_all_at_once_are_the_numbers_of_each(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    other = make_room(cast)
    for body in ("@[Bilal]", "plain", "@[secretariat] and @[Bilal]"):
        say(room, cast.amal, cast.amal_mandate, body)
    say(other, cast.bilal, cast.bilal_mandate, "@[Amal]")
    mark_read(room=room, user=cast.dina, seq=room.head_seq + 1)
    people = [cast.amal, cast.bilal, cast.chloe, cast.dina]
    found = count_anew([p.pk for p in people], [], [])
    for each in people:
        nonzero = {r: counts for r, counts in found[each.pk].items() if any(counts)}
        assert nonzero == Room.objects.counts_of(each)
    some = count_anew([], [p.pk for p in people], [room.pk])
    assert some[cast.bilal.pk] == {room.pk: (3, 2)}
    assert some[cast.dina.pk] == {room.pk: (2, 1)}
    assert some[cast.chloe.pk] == {}


def test_counting_costs_the_same_for_one_and_for_three(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    say(room, cast.amal, cast.amal_mandate)
    with CaptureQueriesContext(connection) as one:
        count_anew([cast.bilal.pk], [cast.dina.pk], [room.pk])
    with CaptureQueriesContext(connection) as three:
        count_anew([cast.bilal.pk, cast.amal.pk, cast.chloe.pk], [cast.dina.pk], [room.pk])
    assert len(one) == len(three) == 5


def test_counting_stops_at_a_hundred(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    for _ in range(COUNTED + 2):
        say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    pair = (cast.bilal.pk, room.pk)
    assert waiting([pair]) == {pair: (COUNTED, COUNTED)}
    assert Room.objects.counts_of(cast.bilal) == {room.pk: (COUNTED, COUNTED)}


def test_a_number_at_which_counting_stopped_is_not_said_to_be_exact() -> None:
    """What is shown as "99+" is read out as more than 99, of one room and of all together."""
    frame = counts_frame({1: (COUNTED, 3), 2: (COUNTED - 1, COUNTED)}, "en")
    assert frame["unread_label"] == "more than 99 unread messages"
    assert frame["mentions_label"] == "more than 99 mentions of you"
    assert frame["rooms"]["1"]["unread_label"] == "more than 99 unread messages"
    assert frame["rooms"]["1"]["mentions_label"] == "3 mentions of you"
    assert frame["rooms"]["2"]["unread_label"] == "99 unread messages"
    shown = waiting_count("unread", COUNTED)
    assert (shown["figure"], shown["label"]) == ("99+", "more than 99 unread messages")


# --- Over HTTP, and on the page -------------------------------------------------------------------
def test_http_answers_the_same(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    client = Client()
    assert client.get("/en/rooms/counts").status_code == 401
    client.force_login(cast.bilal)
    assert client.post("/en/rooms/counts").status_code == 405
    assert numbers(client.get("/en/rooms/counts").json()) == (1, 1, {str(room.pk): (1, 1)})
    client.force_login(cast.chloe)
    assert numbers(client.get("/en/rooms/counts").json()) == (0, 0, {})


def test_the_frame_and_the_list_of_rooms_show_both(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    client = Client()
    assert "messaging/counts" not in client.get("/en/members/").content.decode()  # signed out
    client.force_login(cast.bilal)
    page = client.get("/en/rooms/").content.decode()
    assert "messaging/counts" in page
    assert page.count("1 mention of you") == 4  # the side bar, the bar, its drawer, the room
    assert f'data-count="mentions" data-of="{room.pk}">' in page
    mark_read(room=room, user=cast.bilal, seq=99)
    page = client.get("/en/rooms/").content.decode()
    assert "mention of you" not in page
    assert f'data-count="unread" data-of="{room.pk}" hidden>' in page


def test_a_mark_that_does_not_move_is_no_news(scene: tuple[Cast, Room], bus_events: Any) -> None:
    cast, room = scene
    message = say(room, cast.amal, cast.amal_mandate)
    bus_events()
    for _ in range(2):
        mark_read(room=room, user=cast.bilal, seq=message.seq)
    assert bus_events() == [{"type": "read.changed", "user": cast.bilal.pk}]
