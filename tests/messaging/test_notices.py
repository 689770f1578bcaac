"""What is told in open pages: to whom, of what, once, and to whom not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.actions.people import end_mandate
from messaging import throttle
from messaging.actions import (
    add_participant,
    change_notifications,
    delete_message,
    issue_statement,
    mark_read,
    remove_participant,
    restrict_room,
    set_level,
)
from messaging.enums import Level
from messaging.models import Message, Participant, Room
from messaging.notices import find_notices, written
from tests.factories import Cast
from tests.messaging.conftest import make_room, say
from tests.messaging.test_counts import follow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


def told(cast: Cast, room: Room, mark: int = 0) -> dict[str, list[tuple[int, int, bool]]]:
    """By name, what everybody would be told of the room."""
    people = {each.pk: each.name for each in (cast.amal, cast.bilal, cast.chloe, cast.dina)}
    found = find_notices(people, [room.pk], {room.pk: mark})
    return {
        people[user]: [(each.seq, each.upto, each.is_mention) for each in of]
        for user, of in found.items()
    }


def call(cast: Cast, room: Room, body: str = "@[Bilal], good morning") -> Message:
    return say(room, cast.amal, cast.amal_mandate, body)


def issue(cast: Cast, room: Room) -> Message:
    issued = issue_statement(
        room=room,
        author=cast.amal,
        mandate=cast.amal_mandate,
        body="Our position.",
        client_id=uuid4(),
    )
    assert isinstance(issued, Message)
    return issued


# --- To whom, of what -----------------------------------------------------------------------------
def test_a_mention_is_told_to_whom_it_calls_upon_alone(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    said = call(cast, room)
    assert told(cast, room) == {"Bilal": [(said.seq, said.seq, True)]}
    assert told(cast, room, said.seq) == {}  # once


def test_a_statement_is_told_to_all_who_read_but_not_to_its_author(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    said = issue(cast, room)
    assert told(cast, room) == {name: [(said.seq, said.seq, False)] for name in ("Bilal", "Dina")}
    mention = call(cast, room)
    assert told(cast, room)["Bilal"] == [(mention.seq, mention.seq, True)]  # one of each room


@pytest.mark.parametrize("level", Level)
def test_the_rooms_level_decides(scene: tuple[Cast, Room], level: Level) -> None:
    cast, room = scene
    set_level(room=room, level=level, user=cast.bilal)
    call(cast, room, "Plain.")
    assert told(cast, room) == {}  # of a plain message nobody is told, whatever they chose
    call(cast, room)
    assert ("Bilal" in told(cast, room)) == (level != Level.NOTHING)


def test_what_was_read_deleted_or_is_old_is_told_to_nobody(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    said = call(cast, room)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert told(cast, room) == {}
    mark_read(room=room, user=cast.bilal, seq=said.seq)
    assert told(cast, room) == {}
    gone = call(cast, room)
    delete_message(room=room, seq=gone.seq, reason="", actor=cast.amal)
    assert told(cast, room) == {}


def test_who_comes_later_or_left_is_told_nothing(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    issue(cast, room)
    nigeria = Participant.objects.get(room=room, institution=cast.ng)
    remove_participant(participant=nigeria, actor=cast.dina, mandate=cast.dina_mandate)
    assert set(told(cast, room)) == {"Dina"}
    add_participant(room=room, institution=cast.pl, actor=cast.dina, mandate=cast.dina_mandate)
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    assert set(told(cast, room)) == {"Chloe", "Dina"}  # a delegation finds its room's past


def test_quiet_hours_are_quiet(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    call(cast, room)
    whole = {"rhythm": "absence", "absence": 30, "daily_hour": 8}
    hours: dict[str, Any] = {"quiet_from": None, "quiet_until": None}
    change_notifications(user=cast.bilal, **whole, **hours, quiet_days=[1, 2, 3, 4, 5, 6, 7])
    assert told(cast, room) == {}
    change_notifications(user=cast.bilal, **whole, **hours, quiet_days=[])
    assert set(told(cast, room)) == {"Bilal"}


def test_words_say_where_and_of_a_restricted_room_not_even_that(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    said = call(cast, room, "@[Bilal], the secret")
    [notice] = find_notices([cast.bilal.pk], [room.pk], {})[cast.bilal.pk]
    assert written([notice], "en") == [
        {
            "room": room.pk,
            "seq": said.seq,
            "text": "You were mentioned in \u2068Working group\u2069.",
            "address": f"/en/rooms/{room.pk}/at/{said.seq}/",
        }
    ]
    assert "فريق عامل" in written([notice], "ar")[0]["text"]
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    restrict_room(room=room, is_restricted=True, **by_dina)
    [notice] = find_notices([cast.bilal.pk], [room.pk], {})[cast.bilal.pk]
    assert written([notice], "en")[0]["text"] == "You were mentioned in a restricted room."


def test_it_costs_one_query_where_nobody_is_called_and_the_same_for_one_and_three(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    call(cast, room, "Plain.")
    people = [cast.bilal.pk, cast.dina.pk, cast.chloe.pk]
    with CaptureQueriesContext(connection) as plain:
        find_notices(people, [room.pk], {})
    assert len(plain) == 1
    issue(cast, room)
    with CaptureQueriesContext(connection) as one:
        find_notices(people[:1], [room.pk], {})
    with CaptureQueriesContext(connection) as three:
        find_notices(people, [room.pk], {})
    assert len(three) == len(one)


# --- Over the socket ------------------------------------------------------------------------------
async def test_every_tab_is_told_with_the_counts_and_once(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    english, _ = await follow(cast.bilal)
    arabic, _ = await follow(cast.bilal, "ar")
    author, _ = await follow(cast.amal)
    said = await in_database(call)(cast, room)
    heard = await english.hear("counts", timeout=2)
    assert [each["seq"] for each in heard["notices"]] == [said.seq]
    assert "أُشير إليكم" in (await arabic.hear("counts", timeout=2))["notices"][0]["text"]
    await author.silence(1.2)
    await in_database(call)(cast, room, "Plain.")
    assert "notices" not in await english.hear("counts", timeout=2)
    for tab in (english, arabic, author):
        await tab.leave()


async def test_whoever_lost_the_room_is_not_told(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    bilal, _ = await follow(cast.bilal)
    chloe, _ = await follow(cast.chloe)
    nigeria = await Participant.objects.aget(room=room, institution=cast.ng)
    said = await in_database(call)(cast, room)
    await in_database(remove_participant)(
        participant=nigeria, actor=cast.dina, mandate=cast.dina_mandate
    )
    assert said.seq
    await bilal.silence(1.5)
    await chloe.silence()
    await bilal.leave()
    await chloe.leave()
