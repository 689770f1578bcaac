"""Whom a message calls upon: by name, delegation, role, as all; refused, edited, deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.enums import Capacity
from messaging.actions import (
    add_participant,
    change_role,
    delete_message,
    edit_message,
    issue_statement,
    post_message,
    remove_participant,
)
from messaging.enums import ParticipantRole
from messaging.mentions import MOST, MentionRefused, suggestions
from messaging.models import Mention, Message, Participant, Record, Room
from messaging.permissions import access_room
from messaging.verification import verify_room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db


def called(message: Message) -> list[int]:
    rows = sorted(Mention.objects.of_message(message).values_list("user", flat=True))
    message = Message.objects.get(pk=message.pk)
    assert sorted({user for each in message.mentioned for user in each}) == rows
    assert verify_room(message.room) is None
    return rows


def edit(message: Message, body: str) -> Message:
    message = Message.objects.get(pk=message.pk)
    return edit_message(
        room=message.room,
        seq=message.seq,
        version=message.version,
        body=body,
        client_id=uuid4(),
        actor=message.author,
    )


@pytest.fixture
def colleague(cast: Cast) -> Any:
    user = make_user("khalid")
    user.name = "خالد"
    user.save()
    make_mandate(user, cast.ng, Capacity.DELEGATE)
    return user


def test_people_delegations_and_roles_are_called_upon(
    cast: Cast, room: Room, colleague: Any
) -> None:
    cast.ng.names = {"en": "Institute of Nigeria", "ar": "مؤسسة نيجيريا"}
    cast.ng.acronym = "IFN"
    cast.ng.save()
    of_nigeria = sorted([cast.bilal.pk, colleague.pk])
    for text, people in {
        "@[Bilal] please": [cast.bilal.pk],
        "@[bílal]": [cast.bilal.pk],
        "ماذا يرى @[خالد]؟": [colleague.pk],
        f"@[Bilal](person:{cast.bilal.pk}), @[Bilal]": [cast.bilal.pk],
        "@[Institute of Nigeria]": of_nigeria,
        "@[مؤسسه نيجيريا]": of_nigeria,
        "@[ifn] @[Dina]": sorted([*of_nigeria, cast.dina.pk]),
        f"@[IFN](delegation:{cast.ng.pk})": of_nigeria,
        "@[secretariat]": [cast.dina.pk],
        "@[chairs]": [cast.dina.pk],
        "@[Amal]": [],  # oneself
        "@[Institution KR]": [],
        "nobody, `@[Bilal]`": [],
    }.items():
        assert called(say(room, cast.amal, cast.amal_mandate, text)) == people, text


def test_the_words_for_roles_hold_in_every_language(cast: Cast, room: Room) -> None:
    change_role(
        participant=Participant.objects.get(room=room, institution=cast.ng),
        role=ParticipantRole.CHAIR,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    for text in ("@[chairs]", "@[الرئاسة]", "@[Présidence]"):
        message = say(room, cast.amal, cast.amal_mandate, text)
        assert called(message) == sorted([cast.bilal.pk, cast.dina.pk]), text


def test_who_chairs_calls_upon_all_and_nobody_else_does(cast: Cast, room: Room) -> None:
    for text in ("@[all]", "@[الجميع]", "@[Tous] bonjour"):
        everybody = say(room, cast.dina, cast.dina_mandate, text)
        assert called(everybody) == sorted([cast.amal.pk, cast.bilal.pk])
        with pytest.raises(MentionRefused) as refused:
            say(room, cast.amal, cast.amal_mandate, text)
        assert refused.value.code == "chairs_only"
    assert Message.objects.count() == 3


def test_nobody_is_called_upon_who_may_not_read_the_room(cast: Cast, room: Room) -> None:
    for text in (
        "@[Chloe]",
        f"@[Chloe](person:{cast.chloe.pk})",
        f"@[Bilal](person:{cast.chloe.pk})",  # a name that is not that person's
        f"@[Chloe](person:{cast.bilal.pk})",
        "@[Institution PL]",
        f"@[Institution PL](delegation:{cast.pl.pk})",
        "@[Nobody at all]",
    ):
        with pytest.raises(MentionRefused) as refused:
            say(room, cast.amal, cast.amal_mandate, text)
        assert refused.value.code == "nobody", text
    assert not Message.objects.exists()
    assert not Mention.objects.exists()


def test_a_name_that_several_have_asks_which(cast: Cast, room: Room) -> None:
    other = make_user("other")
    other.name = "Bilal"
    other.save()
    make_mandate(other, cast.kr, Capacity.DELEGATE)
    with pytest.raises(MentionRefused) as refused:
        say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    assert refused.value.code == "several"
    for person in (other, cast.bilal):
        message = say(room, cast.amal, cast.amal_mandate, f"@[Bilal](person:{person.pk})")
        assert called(message) == [person.pk]
    written = [
        each["write"] for each in suggestions(room, access_room(cast.dina, room.pk).seats, 0)
    ]
    assert f"@[Bilal](person:{other.pk})" in written
    assert "@[Amal]" in written


def test_a_message_calls_upon_so_many_at_the_most(cast: Cast, room: Room) -> None:
    with pytest.raises(MentionRefused) as refused:
        say(room, cast.amal, cast.amal_mandate, " ".join(f"@[N{n}]" for n in range(MOST + 1)))
    assert refused.value.code == "too_many"


def test_a_repeat_is_the_same_message_and_calls_upon_nobody_twice(cast: Cast, room: Room) -> None:
    key = uuid4()
    first = say(room, cast.amal, cast.amal_mandate, "@[Bilal]", key)
    cast.bilal.name = "Renamed"
    cast.bilal.save()
    assert say(room, cast.amal, cast.amal_mandate, "@[Bilal]", key) == first
    assert called(first) == [cast.bilal.pk]


def test_an_edit_adds_who_is_new_and_drops_who_is_gone(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "@[Bilal] and nobody")
    [row] = Mention.objects.of_message(message)
    for _ in range(2):  # the second is a repeat
        edit_message(
            room=room,
            seq=message.seq,
            version=1,
            body="@[Dina] and @[Bilal]",
            client_id=UUID(int=1),
            actor=cast.amal,
        )
    assert called(message) == sorted([cast.bilal.pk, cast.dina.pk])
    assert Mention.objects.of_message(message).filter(pk=row.pk).exists()
    edit(message, "@[Dina] alone")
    assert called(message) == [cast.dina.pk]
    edit(message, "nobody")
    assert called(message) == []
    with pytest.raises(MentionRefused):
        edit(message, "@[Chloe]")
    assert Message.objects.get(pk=message.pk).body == "nobody"


def test_what_stood_before_an_edit_calls_upon_whom_it_called_upon_then(
    cast: Cast, room: Room
) -> None:
    message = say(room, cast.dina, cast.dina_mandate, "@[all] @[Bilal]: welcom")
    cast.bilal.name = "Renamed"
    cast.bilal.save()
    late = make_user("late")
    make_mandate(late, cast.kr)
    edit(message, "@[all] @[Bilal]: welcome")
    assert called(message) == sorted([cast.amal.pk, cast.bilal.pk])
    remove_participant(
        participant=Participant.objects.get(room=room, institution=cast.ng),
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    edit(message, "@[Bilal] @[all]: welcome!")
    assert called(message) == [cast.amal.pk]


def test_a_deleted_message_calls_upon_nobody(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    assert Room.objects.counts_of(cast.bilal) == {room.pk: (1, 1)}
    delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert called(message) == []
    assert Room.objects.counts_of(cast.bilal) == {}
    client = Client()
    client.force_login(cast.bilal)
    assert b"data-mentions" not in client.get(f"/en/rooms/{room.pk}/").content


def test_the_record_proves_the_rows(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    record = Record.objects.posted(message)
    assert record.detail == {"mentions": [[cast.bilal.pk]]}
    Mention.objects.of_message(message).delete()
    fault = verify_room(Room.objects.get(pk=room.pk))
    assert fault is not None
    assert fault.reason == "calls upon others than its record says"


def test_plain_messages_cost_what_they_cost_and_lines_cost_no_more(
    cast: Cast, room: Room, django_assert_num_queries: Any
) -> None:
    say(room, cast.amal, cast.amal_mandate)
    with CaptureQueriesContext(connection) as plain:
        say(room, cast.amal, cast.amal_mandate, "Write to a@x.example, @all of you")
    assert not [q for q in plain if "messaging_mention" in str(q["sql"])]
    with CaptureQueriesContext(connection) as one:
        say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    with CaptureQueriesContext(connection) as three:
        say(room, cast.amal, cast.amal_mandate, "@[Bilal] @[Dina] @[secretariat]")
    assert len(three) == len(one)
    with CaptureQueriesContext(connection) as shown:
        Record.objects.after(room.pk, room.head_seq, 100)
    assert not [q for q in shown if "messaging_mention" in str(q["sql"])]


def test_the_line_says_whom_it_calls_upon(cast: Cast, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate, "@[Bilal], @[Dina]")
    client = Client()
    client.force_login(cast.bilal)
    page = client.get(f"/en/rooms/{room.pk}/").content.decode()
    assert f'data-mentions="[[{cast.bilal.pk}], [{cast.dina.pk}]]"' in page
    assert '<bdi class="mention" data-mention="1">@Dina</bdi>' in page


# --- Over HTTP --------------------------------------------------------------------------------
def post(client: Client, room: Room, mandate: Any, body: str, accept: str) -> Any:
    values = {"mandate": mandate.pk, "body": body, "client_id": str(uuid4())}
    return client.post(f"/en/rooms/{room.pk}/messages/", values, headers={"accept": accept})


def test_a_refusal_keeps_the_text_and_says_why(cast: Cast, room: Room) -> None:
    client = Client()
    client.force_login(cast.amal)
    reply = post(client, room, cast.amal_mandate, "@[all] hello", "application/json")
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
    assert reply.json()["reason"] == "Only those who chair the room can mention all."
    page = post(client, room, cast.amal_mandate, "@[Chloe] hello", "text/html")
    assert page.status_code == 422
    text = page.content.decode()
    assert "Nobody who can read this room is called “Chloe”" in text
    assert "@[Chloe] hello</textarea>" in text
    message = say(room, cast.amal, cast.amal_mandate)
    values = {"body": "@[Chloe] hello", "version": 1, "client_id": str(uuid4())}
    edited = client.post(f"/en/rooms/{room.pk}/messages/{message.seq}/edit/", values)
    assert edited.status_code == 422
    assert "Nobody who can read this room is called “Chloe”" in edited.content.decode()


def test_the_list_is_of_those_who_may_be_called_upon(cast: Cast, room: Room) -> None:
    def asked(user: Any, language: str = "en") -> list[dict[str, Any]]:
        client = Client()
        client.force_login(user)
        answer = client.get(f"/{language}/rooms/{room.pk}/people")
        assert answer.status_code == 200
        people: list[dict[str, Any]] = answer.json()["people"]
        return people

    assert [(each["kind"], each["name"], each["write"]) for each in asked(cast.amal)] == [
        ("person", "Bilal", "@[Bilal]"),
        ("person", "Dina", "@[Dina]"),
        ("delegation", "Institution KR", "@[Institution KR]"),
        ("delegation", "Institution NG", "@[Institution NG]"),
        ("role", "chairs", "@[chairs]"),
        ("role", "secretariat", "@[secretariat]"),
    ]
    assert "@[all]" in [each["write"] for each in asked(cast.dina)]
    assert "@[الجميع]" in [each["write"] for each in asked(cast.dina, "ar")]
    add_participant(
        room=room,
        institution=cast.pl,
        role=ParticipantRole.OBSERVER,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    assert asked(cast.chloe) == []  # an observer writes nothing


def test_the_list_is_for_readers_alone(cast: Cast, room: Room) -> None:
    client = Client()
    assert client.get(f"/en/rooms/{room.pk}/people").status_code == 401
    client.force_login(cast.chloe)
    assert client.get(f"/en/rooms/{room.pk}/people").status_code == 404
    client.force_login(cast.amal)
    assert client.post(f"/en/rooms/{room.pk}/people").status_code == 405


def test_counts_are_of_what_is_past_the_mark(
    cast: Cast, room: Room, django_assert_num_queries: Callable[[int], Any]
) -> None:
    say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    say(room, cast.amal, cast.amal_mandate, "no one")
    last = say(room, cast.amal, cast.amal_mandate, "@[Bilal]")
    with django_assert_num_queries(1):
        assert Room.objects.counts_of(cast.bilal) == {room.pk: (3, 2)}
    assert Room.objects.counts_of(cast.amal) == {}
    assert Room.objects.counts_of(cast.dina) == {room.pk: (3, 0)}
    assert Room.objects.counts_of(cast.chloe) == {}
    post_message(
        room=room,
        author=cast.bilal,
        mandate=cast.bilal_mandate,
        body="thanks",
        client_id=uuid4(),
        reply_to=last.seq,
    )
    assert Room.objects.counts_of(cast.bilal) == {room.pk: (3, 2)}


def test_a_statement_mentions_as_a_message_does(cast: Cast, room: Room) -> None:
    def issue(body: str) -> Message:
        issued = issue_statement(
            room=room, author=cast.amal, mandate=cast.amal_mandate, body=body, client_id=uuid4()
        )
        assert isinstance(issued, Message)
        return issued

    statement = issue("@[Bilal], our delegation thanks you.")
    assert called(statement) == [cast.bilal.pk]
    assert Record.objects.posted(statement).detail == {"mentions": [[cast.bilal.pk]]}
    with pytest.raises(MentionRefused):
        issue("@[all]")
    client = Client()
    client.force_login(cast.amal)
    page = client.post(
        f"/en/rooms/{room.pk}/statements/new/",
        {
            "step": "issue",
            "body": "@[all]",
            "client_id": str(uuid4()),
            "mandate": cast.amal_mandate.pk,
        },
    )
    assert page.status_code == 409
    assert "Only those who chair the room can mention all." in page.content.decode()
    assert Message.objects.count() == 1
