"""The read mark: raised by reading, lowered by nobody but its owner."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from messaging.actions import (
    mark_all_read,
    mark_read,
    mark_unread,
    open_room,
    remove_participant,
)
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Participant, ReadMark, Room
from tests.factories import Cast
from tests.messaging.conftest import say

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def amal(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.amal)
    return client


@pytest.fixture
def talk(cast: Cast, room: Room) -> int:
    """Three messages of bilal, all read by amal; the number of the second."""
    for _ in range(3):
        last = say(room, cast.bilal, cast.bilal_mandate)
    mark_read(room=room, user=cast.amal, seq=last.seq)
    return last.seq - 1


def unread(user: Any) -> list[int]:
    return [room.unread for room in Room.objects.for_list(user)]


def test_unread_from_here_lowers_the_mark_to_just_before_and_may_be_repeated(
    cast: Cast, room: Room, talk: int, amal: Client
) -> None:
    for _ in range(2):
        response = amal.post(f"/en/rooms/{room.pk}/unread/", {"seq": talk}, follow=True)
        assert response.redirect_chain == [("/en/rooms/", 302)]
        assert "The room is unread from that message on." in response.text
        assert ReadMark.objects.of(cast.amal, room) == talk - 1
        assert unread(cast.amal) == [2]
    page = amal.get(f"/en/rooms/{room.pk}/")
    assert page.context["place"].unread_line == talk


def test_unread_from_here_never_raises_the_mark(cast: Cast, room: Room, talk: int) -> None:
    assert mark_unread(room=room, user=cast.amal, seq=2).last_read_seq == 1
    assert mark_unread(room=room, user=cast.amal, seq=talk).last_read_seq == 1
    assert mark_unread(room=room, user=cast.amal, seq=0).last_read_seq == 0
    assert mark_unread(room=room, user=cast.dina, seq=5).last_read_seq == 0


def test_what_comes_late_or_twice_does_not_lower_the_mark(
    cast: Cast, room: Room, talk: int, amal: Client
) -> None:
    for seq in (talk, 1, 0):
        amal.post(f"/en/rooms/{room.pk}/read/", {"seq": seq}, **JSON)
        assert ReadMark.objects.of(cast.amal, room) == talk + 1


def test_nobody_elses_mark_is_moved(cast: Cast, room: Room, talk: int, amal: Client) -> None:
    mark_read(room=room, user=cast.dina, seq=talk)
    amal.post(f"/en/rooms/{room.pk}/unread/", {"seq": 1})
    amal.post("/en/rooms/read/")
    assert ReadMark.objects.of(cast.dina, room) == talk


def test_stranger_cannot_mark_a_room_and_nonsense_is_refused(
    cast: Cast, room: Room, talk: int, amal: Client
) -> None:
    chloe = Client()
    chloe.force_login(cast.chloe)
    for pk in (room.pk, room.pk + 999):
        assert chloe.post(f"/en/rooms/{pk}/unread/", {"seq": 1}).status_code == 404
        assert chloe.post(f"/en/rooms/{pk}/unread/", {"seq": 1}, **JSON).status_code == 404
    assert amal.post(f"/en/rooms/{room.pk}/unread/", {"seq": "x"}, **JSON).status_code == 422
    assert (
        "Not a number." in amal.post(f"/en/rooms/{room.pk}/unread/", {"seq": "x"}, follow=True).text
    )
    assert ReadMark.objects.of(cast.amal, room) == talk + 1


def test_script_is_answered_with_the_mark(room: Room, talk: int, amal: Client) -> None:
    reply = amal.post(f"/en/rooms/{room.pk}/unread/", {"seq": talk}, **JSON)
    assert reply.json() == {"type": "room.read", "room": room.pk, "seq": talk - 1}


def test_page_of_a_message_offers_to_mark_it_unread(room: Room, talk: int, amal: Client) -> None:
    page = amal.get(f"/en/rooms/{room.pk}/at/{talk}/").text
    assert f'action="/en/rooms/{room.pk}/unread/"' in page
    assert f'name="seq" value="{talk}"' in page


def other_room(cast: Cast) -> Room:
    room = open_room(
        kind=RoomKind.BILATERAL,
        titles={"en": "Bilateral"},
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )
    say(room, cast.bilal, cast.bilal_mandate)
    return room


def test_mark_all_as_read_raises_every_mark_and_may_be_repeated(
    cast: Cast, room: Room, talk: int, amal: Client
) -> None:
    other_room(cast)
    mark_unread(room=room, user=cast.amal, seq=talk)
    assert sorted(unread(cast.amal)) == [1, 2]
    for _ in range(2):
        response = amal.post("/en/rooms/read/", follow=True)
        assert response.redirect_chain == [("/en/rooms/", 302)]
        assert "All rooms are marked as read." in response.text
        assert unread(cast.amal) == [0, 0]


def test_rooms_that_one_may_not_read_are_left_alone(cast: Cast, room: Room, talk: int) -> None:
    mark_unread(room=room, user=cast.amal, seq=talk)
    remove_participant(participant=Participant.objects.get(room=room, institution=cast.kr))
    mark_all_read(user=cast.amal)
    mark_all_read(user=cast.chloe)
    assert ReadMark.objects.of(cast.amal, room) == talk - 1
    assert not ReadMark.objects.filter(user=cast.chloe).exists()


def test_mark_all_as_read_costs_the_same_with_one_room_and_with_three(
    cast: Cast, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as one:
        mark_all_read(user=cast.amal)
    for _ in range(2):
        other_room(cast)
    with django_assert_num_queries(len(one)):
        mark_all_read(user=cast.amal)
    assert unread(cast.amal) == [0, 0, 0]
