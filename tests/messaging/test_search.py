"""Search in what was said: in one room or in all, by words, person, delegation and days."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from messaging.actions import Draft, open_room, post_messages, remove_participant
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Message, Participant, Room
from tests.factories import Cast
from tests.messaging.conftest import say


@pytest.fixture
def amal(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.amal)
    return client


@pytest.fixture
def plenary(cast: Cast) -> Room:
    return open_room(
        kind=RoomKind.PLENARY,
        titles={"en": "Plenary"},
        delegations=dict.fromkeys((cast.kr, cast.ng, cast.pl), ParticipantRole.MEMBER),
    )


@pytest.fixture
def talk(cast: Cast, room: Room, plenary: Room) -> dict[str, Message]:
    """What is said in both rooms, on three days of March 2026."""
    said = {
        "arabic": say(room, cast.bilal, cast.bilal_mandate, "نؤيد مشاركة المُؤسّسات في الوساطة"),
        "french": say(room, cast.amal, cast.amal_mandate, "La médiation est une œuvre commune"),
        "english": say(plenary, cast.bilal, cast.bilal_mandate, "Mediation in MARCH <b>2026</b>"),
        "polish": say(plenary, cast.chloe, cast.chloe_mandate, "Warsaw offers mediation"),
    }
    for day, message in zip((3, 4, 5, 5), said.values(), strict=True):
        moment = datetime(2026, 3, day, 12, tzinfo=UTC)
        Message.objects.filter(pk=message.pk).update(posted_at=moment)
    return said


def found(client: Client, talk: dict[str, Message], **asked: Any) -> list[str]:
    response = client.get("/en/rooms/search/", asked)
    assert response.status_code == 200
    names = {message.pk: name for name, message in talk.items()}
    return [names[hit.pk] for hit in response.context["hits"]]


def test_words_are_found_however_they_are_spelled_the_newest_first(
    amal: Client, talk: dict[str, Message]
) -> None:
    assert found(amal, talk, q="mediation") == ["polish", "english", "french"]
    assert found(amal, talk, q="MÉDIATION oeuvre") == ["french"]
    assert found(amal, talk, q="وساطه") == ["arabic"]
    assert found(amal, talk, q="مؤسسة الوساطة") == ["arabic"]
    assert found(amal, talk, q="march ٢٠٢٦") == ["english"]


def test_a_search_is_narrowed_by_room_person_delegation_and_days(
    cast: Cast, room: Room, plenary: Room, amal: Client, talk: dict[str, Message]
) -> None:
    assert found(amal, talk, q="mediation", room=room.pk) == ["french"]
    assert found(amal, talk, q="mediation", room=plenary.pk) == ["polish", "english"]
    assert found(amal, talk, person="BIL") == ["english", "arabic"]
    assert found(amal, talk, delegation=cast.pl.pk) == ["polish"]
    assert found(amal, talk, since="2026-03-04") == ["polish", "english", "french"]
    assert found(amal, talk, until="2026-03-04") == ["french", "arabic"]
    assert found(amal, talk, since="2026-03-04", until="2026-03-04") == ["french"]
    assert found(amal, talk, until="9999-12-31", since="0001-01-01", person="chloe") == ["polish"]
    assert found(amal, talk, q="mediation", person="bilal", delegation=cast.ng.pk) == ["english"]


def test_days_are_those_of_the_readers_time_zone(
    cast: Cast, amal: Client, talk: dict[str, Message]
) -> None:
    Message.objects.filter(pk=talk["french"].pk).update(
        posted_at=datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    )
    cast.amal.time_zone = "Asia/Seoul"
    cast.amal.save()
    assert found(amal, talk, until="2026-03-04") == ["arabic"]


def test_hits_are_marked_escaped_and_lead_to_the_lasting_address(
    amal: Client, talk: dict[str, Message]
) -> None:
    page = amal.get("/en/rooms/search/", {"q": "mediation", "person": "bilal"}).text
    message = talk["english"]
    address = f"/en/rooms/{message.room_id}/at/{message.seq}/"
    assert f'<a href="{address}#r{message.seq}"><time' in page
    assert "<mark>Mediation</mark> in MARCH &lt;b&gt;2026&lt;/b&gt;" in page
    assert '<bdi class="room-hits__name"><mark>Bilal</mark></bdi>' in page
    assert amal.get(address).status_code == 200


def test_only_rooms_that_one_may_read_now_are_searched(
    cast: Cast, room: Room, plenary: Room, amal: Client, talk: dict[str, Message]
) -> None:
    chloe = Client()
    chloe.force_login(cast.chloe)
    assert found(chloe, talk, q="mediation") == ["polish", "english"]
    assert chloe.get(f"/en/rooms/search/?q=mediation&room={room.pk}").status_code == 404
    korea = Participant.objects.get(room=plenary, institution=cast.kr)
    remove_participant(participant=korea)
    assert found(amal, talk, q="mediation") == ["french"]
    assert amal.get(f"/en/rooms/search/?room={plenary.pk}").status_code == 404
    nobody = Client()
    nobody.force_login(type(cast.amal).objects.create_user(email="n@example.org", name="N"))
    assert found(nobody, talk, q="mediation") == []


@pytest.mark.parametrize("room", ["x", "0", "-1", "9" * 30, "٣x"])
def test_room_that_is_none_is_not_found(amal: Client, room: str) -> None:
    assert amal.get("/en/rooms/search/", {"room": room}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"q": "a"}, "Type at least three letters or digits."),
        ({"q": "في ab"}, "Type at least three letters or digits."),
        ({"q": "؟!…"}, "Type at least three letters or digits."),
        ({"q": "mediation", "person": "…"}, "Type a name, or a part of one."),
        ({"since": "2026-03-05", "until": "2026-03-04"}, "This day is before the first one."),
        ({"since": "yesterday"}, "This is not a day."),
        ({"q": "mediation", "delegation": "999999"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_looked_for_is_refused_and_kept(
    amal: Client, talk: dict[str, Message], asked: dict[str, str], reason: str
) -> None:
    response = amal.get("/en/rooms/search/", asked)
    assert response.status_code == 422
    assert reason in response.text
    assert "hits" not in response.context
    for value in asked.values():
        assert f'value="{value}"' in response.text or value == "999999"


def test_before_anything_is_asked_the_page_says_what_can_be(room: Room, amal: Client) -> None:
    for address in ("", f"?room={room.pk}", "?q=&person="):
        page = amal.get(f"/en/rooms/search/{address}")
        assert page.status_code == 200
        assert "Only rooms that you may read now are searched." in page.text
    assert (
        f'<option value="{room.pk}" selected>Working group</option>'
        in amal.get(f"/en/rooms/search/?room={room.pk}").text
    )


def test_nothing_found_says_so(amal: Client, talk: dict[str, Message]) -> None:
    page = amal.get("/en/rooms/search/?q=zephyr").text
    assert "Nothing was found" in page
    assert "Try fewer words" in page


def test_all_results_are_reached_page_by_page_though_more_is_said_meanwhile(
    cast: Cast, room: Room, amal: Client
) -> None:
    drafts = [Draft(cast.bilal, cast.bilal_mandate, f"proposal {n}", uuid4()) for n in range(45)]
    post_messages(room_id=room.pk, drafts=drafts)
    address, seen = "?q=proposal", []
    while address:
        page = amal.get(f"/en/rooms/search/{address}")
        seen += [hit.body for hit in page.context["hits"]]
        say(room, cast.bilal, cast.bilal_mandate, "another proposal")
        links = re.findall(r'rel="next" href="([^"]+)"', page.text)
        address = links[0].replace("&amp;", "&") if links else ""
    assert seen == [f"proposal {n}" for n in reversed(range(45))]
    assert "There is nothing older" in amal.get("/en/rooms/search/?q=proposal&before=1").text


def test_search_costs_the_same_with_one_hit_and_with_three(
    cast: Cast, room: Room, amal: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    say(room, cast.bilal, cast.bilal_mandate, "proposal")
    with CaptureQueriesContext(connection) as one:
        amal.get("/en/rooms/search/?q=proposal")
    say(room, cast.bilal, cast.bilal_mandate, "proposal")
    say(room, cast.amal, cast.amal_mandate, "proposal")
    with django_assert_num_queries(len(one)):
        assert len(amal.get("/en/rooms/search/?q=proposal").context["hits"]) == 3
