import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from members.enums import Capacity
from messaging import throttle
from messaging.actions import open_room
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Message, ReadMark, Room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(cast: Cast, body: str = "Good morning", **more: Any) -> dict[str, Any]:
    return {"body": body, "client_id": str(uuid4()), "mandate": cast.amal_mandate.pk, **more}


def test_stranger_gets_404_everywhere_as_for_nothing(cast: Cast, room: Room) -> None:
    chloe = signed_in(cast.chloe)
    for pk in (room.pk, room.pk + 999):
        assert chloe.get(f"/en/rooms/{pk}/").status_code == 404
        assert chloe.get(f"/en/rooms/{pk}/sync?after=0").status_code == 404
        assert chloe.post(f"/en/rooms/{pk}/messages/", form(cast)).status_code == 404
        assert chloe.post(f"/en/rooms/{pk}/messages/", form(cast), **JSON).status_code == 404
        assert chloe.post(f"/en/rooms/{pk}/read/", {"seq": 1}, **JSON).status_code == 404
    assert not Message.objects.exists()


def test_signed_out_is_sent_to_sign_in_and_sync_says_401(
    cast: Cast, room: Room, client: Client
) -> None:
    assert client.get(f"/ar/rooms/{room.pk}/").status_code == 302
    assert client.get(f"/ar/rooms/{room.pk}/sync?after=0").status_code == 401


def test_room_shows_messages_with_person_delegation_and_capacity(cast: Cast, room: Room) -> None:
    say(room, cast.bilal, cast.bilal_mandate, "مرحبا\n\nHello <b>all</b>")
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/").content.decode()
    for text in ('<bdi class="message__name">Bilal</bdi>', "Institution NG", "head of delegation"):
        assert text in page
    assert '<p dir="auto">مرحبا</p>\n<p dir="auto">Hello &lt;b&gt;all&lt;/b&gt;</p>' in page


def test_room_in_arabic_runs_from_right_to_left(cast: Cast, room: Room) -> None:
    page = signed_in(cast.amal).get(f"/ar/rooms/{room.pk}/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "فريق عامل" in page
    assert "رئيس الوفد" in page


def test_plain_form_posts_and_returns_to_the_message(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    sent = form(cast)
    response = amal.post(f"/en/rooms/{room.pk}/messages/", sent)
    message = Message.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"/en/rooms/{room.pk}/?latest=1#r{message.seq}",
    )
    amal.post(f"/en/rooms/{room.pk}/messages/", sent)
    assert Message.objects.count() == 1


def test_refused_form_keeps_what_was_typed(cast: Cast, room: Room) -> None:
    too_long = "long " * 3000
    response = signed_in(cast.amal).post(f"/en/rooms/{room.pk}/messages/", form(cast, too_long))
    assert response.status_code == 422
    assert too_long.strip() in response.content.decode()


def test_reused_id_is_refused_with_409_and_keeps_the_text(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    first = form(cast, "one")
    amal.post(f"/en/rooms/{room.pk}/messages/", first)
    response = amal.post(f"/en/rooms/{room.pk}/messages/", {**first, "body": "two"})
    assert response.status_code == 409
    assert "two" in response.content.decode()


def test_json_post_answers_what_the_socket_would(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    sent = form(cast)
    response = amal.post(f"/en/rooms/{room.pk}/messages/", sent, **JSON)
    assert response.json() == {
        "type": "message.saved",
        "room": room.pk,
        "client_id": sent["client_id"],
        "seq": Message.objects.get().seq,
    }
    refused = amal.post(f"/ar/rooms/{room.pk}/messages/", form(cast, " "), **JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_observer_sees_no_composer_and_cannot_post(cast: Cast, room: Room) -> None:
    observer = make_user("observer")
    mandate = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    client = signed_in(observer)
    page = client.get(f"/en/rooms/{room.pk}/").content.decode()
    assert "data-composer" not in page
    sent = form(cast, mandate=mandate.pk)
    assert client.post(f"/en/rooms/{room.pk}/messages/", sent).status_code == 403
    assert client.post(f"/en/rooms/{room.pk}/messages/", sent, **JSON).status_code == 403
    assert not Message.objects.exists()


def test_post_without_csrf_token_is_refused(cast: Cast, room: Room) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amal)
    assert client.post(f"/en/rooms/{room.pk}/messages/", form(cast)).status_code == 403


def test_sync_gives_what_follows_in_order_and_says_when_there_is_more(
    cast: Cast, room: Room
) -> None:
    start = Room.objects.get(pk=room.pk).head_seq
    for n in range(130):
        say(room, cast.bilal, cast.bilal_mandate, f"message {n}")
    amal = signed_in(cast.amal)
    first = amal.get(f"/en/rooms/{room.pk}/sync?after={start}").json()
    assert [r["seq"] for r in first["records"]] == list(range(start + 1, start + 101))
    assert (first["limited"], first["head"]) == (True, start + 130)
    second = amal.get(f"/en/rooms/{room.pk}/sync?after={start + 100}").json()
    assert [r["seq"] for r in second["records"]] == list(range(start + 101, start + 131))
    assert not second["limited"]
    earlier = amal.get(f"/en/rooms/{room.pk}/sync?before={start + 61}").json()
    assert [r["seq"] for r in earlier["records"]] == list(range(start + 11, start + 61))
    assert amal.get(f"/en/rooms/{room.pk}/sync?after=-1").status_code == 422


def test_page_shows_the_last_fifty_and_leads_to_the_earlier(cast: Cast, room: Room) -> None:
    for n in range(60):
        say(room, cast.bilal, cast.bilal_mandate, f"message {n}.")
    amal = signed_in(cast.amal)
    last = amal.get(f"/en/rooms/{room.pk}/?latest=1")
    assert "message 9." not in last.content.decode()
    earlier = amal.get(
        f"/en/rooms/{room.pk}/?before={last.context['place'].earlier}"
    ).content.decode()
    assert "message 9." in earlier
    assert "To the latest messages" in earlier


def test_page_costs_the_same_with_one_message_and_with_three(
    cast: Cast, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amal = signed_in(cast.amal)
    say(room, cast.bilal, cast.bilal_mandate)
    with CaptureQueriesContext(connection) as one:
        amal.get(f"/en/rooms/{room.pk}/")
    say(room, cast.bilal, cast.bilal_mandate)
    say(room, cast.amal, cast.amal_mandate)
    with django_assert_num_queries(len(one)):
        amal.get(f"/en/rooms/{room.pk}/")


def test_list_costs_the_same_with_one_room_and_with_three(
    cast: Cast, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amal = signed_in(cast.amal)
    with CaptureQueriesContext(connection) as one:
        assert len(amal.get("/en/rooms/").context["rooms"]) == 1
    for _ in range(2):
        open_room(
            kind=RoomKind.PLENARY,
            titles={"en": "Plenary"},
            delegations={cast.kr: ParticipantRole.MEMBER},
        )
    with django_assert_num_queries(len(one)):
        assert len(amal.get("/en/rooms/").context["rooms"]) == 3


def test_list_without_rooms_says_so(cast: Cast) -> None:
    page = signed_in(cast.chloe).get("/en/rooms/").content.decode()
    assert "No rooms yet" in page


def test_panel_names_everyone_who_can_read(cast: Cast, room: Room) -> None:
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/")
    listed = [
        (str(entry.participant.institution or "office"), [m.user.name for m in entry.people])
        for entry in page.context["participants"]
    ]
    assert listed == [
        ("office", ["Dina"]),
        ("Institution KR", ["Amal"]),
        ("Institution NG", ["Bilal"]),
    ]


def test_read_mark_by_form_and_by_script(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    seq = say(room, cast.bilal, cast.bilal_mandate).seq
    assert amal.post(f"/en/rooms/{room.pk}/read/", {"seq": 1}, **JSON).json()["seq"] == 1
    assert amal.post(f"/en/rooms/{room.pk}/read/", {"seq": seq}).status_code == 302
    assert ReadMark.objects.get().last_read_seq == seq
    assert amal.post(f"/en/rooms/{room.pk}/read/", {"seq": "x"}, **JSON).status_code == 422


def test_pages_of_signed_in_people_are_not_kept(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    for path in ("", "sync?after=0"):
        response = amal.get(f"/en/rooms/{room.pk}/{path}")
        assert response["Cache-Control"] == "no-store, private"


def test_client_data_holds_no_secret(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    client = json.loads(amal.get(f"/en/rooms/{room.pk}/").context["client"])
    assert set(client) == {
        "room", "user", "name", "timeZone", "language", "last", "isPast", "readSeq", "page",
        "socket", "sync", "post", "read", "standing", "chairs", "office", "writes",
        "pins", "answers", "translates",
        "subject", "subjects", "whole",
    }  # fmt: skip
