"""Replies: what they answer is quoted as it stands, recorded, and never shown once deleted."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from members.models import User
from messaging import throttle
from messaging.actions import (
    ClientIdReused,
    RepliesToNothing,
    delete_message,
    edit_message,
    post_message,
)
from messaging.models import Message, Room
from messaging.verification import verify_rooms
from tests.factories import Cast
from tests.messaging.conftest import make_room, say


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    throttle._buckets.clear()
    return say(room, cast.amal, cast.amal_mandate, "Who brings the minutes?")


def answer(cast: Cast, said: Message, **more: Any) -> Message:
    values = {"reply_to": said.seq, "client_id": uuid4(), "body": "Nigeria does.", **more}
    return post_message(room=said.room, author=cast.bilal, mandate=cast.bilal_mandate, **values)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def quote(client: Client, room: Room) -> str:
    page = client.get(f"/en/rooms/{room.pk}/").content.decode()
    return page.split("<blockquote")[1].split("</blockquote>")[0]


def test_a_reply_is_recorded_and_proven(cast: Cast, said: Message) -> None:
    reply = answer(cast, said)
    assert reply.reply_to == said
    assert reply.records.get().detail == {"reply_to": said.seq}
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET reply_to_id=NULL WHERE id=%s", [reply.pk])
    assert verify_rooms() is not None


def test_a_reply_repeated_is_one_and_to_another_message_refused(cast: Cast, said: Message) -> None:
    key = uuid4()
    assert answer(cast, said, client_id=key) == answer(cast, said, client_id=key)
    with pytest.raises(ClientIdReused):
        answer(cast, said, client_id=key, reply_to=None)


def test_a_reply_to_what_is_no_message_of_the_room_is_refused(cast: Cast, said: Message) -> None:
    elsewhere = say(make_room(cast), cast.amal, cast.amal_mandate, "Elsewhere")
    for seq in (1, 999, elsewhere.seq + 50):
        with pytest.raises(RepliesToNothing):
            answer(cast, said, reply_to=seq)
    assert Message.objects.count() == 2


def test_a_quote_shows_what_stands_and_nothing_of_what_was_deleted(
    cast: Cast, room: Room, said: Message
) -> None:
    answer(cast, said)
    chosen = signed_in(cast.amal)
    assert "Who brings the minutes?" in quote(chosen, room)
    edit_message(
        room=room, seq=said.seq, version=1, body="Who writes them?", client_id=uuid4(),
        actor=cast.amal,
    )  # fmt: skip
    assert "Who writes them?" in quote(chosen, room)
    assert "edited" in quote(chosen, room)
    delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    assert "This message was deleted." in quote(chosen, room)
    page = chosen.get(f"/en/rooms/{room.pk}/").content.decode()
    assert "Who " not in page.split("data-timeline")[1].split("</ol>")[0]


def test_a_reply_without_a_script_names_what_it_answers(
    cast: Cast, room: Room, said: Message
) -> None:
    bilal = signed_in(cast.bilal)
    message = bilal.get(f"/en/rooms/{room.pk}/messages/{said.seq}/").content.decode()
    assert f'href="/en/rooms/{room.pk}/?reply={said.seq}#composer"' in message
    page = bilal.get(f"/en/rooms/{room.pk}/?reply={said.seq}")
    assert page.context["replied"] == said
    assert f'name="reply_to" value="{said.seq}"' in page.content.decode()
    sent = {
        "body": "Nigeria does.", "reply_to": said.seq, "client_id": uuid4(),
        "mandate": cast.bilal_mandate.pk,
    }  # fmt: skip
    refused = bilal.post(f"/en/rooms/{room.pk}/messages/", {**sent, "body": " "})
    assert refused.status_code == 422
    assert refused.context["replied"] == said
    assert bilal.post(f"/en/rooms/{room.pk}/messages/", sent).status_code == 302
    assert Message.objects.filter(reply_to=said).count() == 1
    nothing = {**sent, "reply_to": 1, "client_id": uuid4()}
    assert bilal.post(f"/en/rooms/{room.pk}/messages/", nothing).status_code == 422


def test_a_page_costs_the_same_with_one_reply_and_with_three(
    cast: Cast, room: Room, said: Message, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amal = signed_in(cast.amal)
    answer(cast, said)
    with CaptureQueriesContext(connection) as one:
        amal.get(f"/en/rooms/{room.pk}/")
    answer(cast, said)
    answer(cast, said)
    with django_assert_num_queries(len(one)):
        amal.get(f"/en/rooms/{room.pk}/")
