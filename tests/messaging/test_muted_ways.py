"""Whoever is muted says nothing, by whatever way: a poll, a statement, a message sent later."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.actions import (
    RoomShut,
    ask_opinion,
    issue_statement,
    mute_person,
    schedule_message,
    unmute_person,
)
from messaging.actions.scheduling import send_due
from messaging.models import Message, Room
from tests.factories import Cast
from tests.messaging.conftest import make_room

MUTED = "You are muted in this room"


@pytest.fixture
def muted(cast: Cast, room: Room) -> Room:
    mute_person(room=room, user=cast.amal, length="until_lifted", reason="Calm", actor=cast.dina)
    room.refresh_from_db()
    return room


def test_no_poll_is_asked(cast: Cast, muted: Room) -> None:
    with pytest.raises(RoomShut, match="muted"):
        ask_opinion(
            room=muted,
            author=cast.amal,
            mandate=cast.amal_mandate,
            question="Where?",
            options=("Doha", "Seoul"),
            client_id=uuid4(),
        )
    assert not Message.objects.exists()


def test_no_statement_is_issued_and_the_page_says_why(cast: Cast, muted: Room) -> None:
    client = Client()
    client.force_login(cast.amal)
    said = {"step": "issue", "body": "We declare.", "client_id": str(uuid4())}
    said["mandate"] = str(cast.amal_mandate.pk)
    answer = client.post(f"/en/rooms/{muted.pk}/statements/new/", said)
    assert answer.status_code in (403, 409)
    assert not Message.objects.exists()


def test_nothing_is_offered_that_would_be_refused_and_the_page_says_why(
    cast: Cast, muted: Room
) -> None:
    """At a statement of another delegation, and where messages wait to be sent later."""
    said = issue_statement(
        room=muted,
        author=cast.bilal,
        mandate=cast.bilal_mandate,
        body="Nigeria agrees.",
        client_id=uuid4(),
    )
    assert isinstance(said, Message)
    client = Client()
    client.force_login(cast.amal)
    page = f"/en/rooms/{muted.pk}/messages/{said.seq}/"
    offered = ("?reply=", "?reply_to=")
    html = client.get(page).content.decode()
    assert [way in html for way in offered] == [False, False]
    assert MUTED in html
    unmute_person(room=muted, user=cast.amal, actor=cast.dina)
    html = client.get(page).content.decode()
    assert [way in html for way in offered] == [True, True]
    assert MUTED not in html


def test_what_waits_is_not_sent_now_and_its_list_says_why(
    cast: Cast, room: Room, django_assert_num_queries: Any
) -> None:
    client = Client()
    client.force_login(cast.amal)

    def wait(where: Room) -> None:
        schedule_message(
            room=where,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body="Later",
            reply_to=None,
            client_id=uuid4(),
            due_at=timezone.now() + timedelta(hours=1),
        )

    def listed() -> tuple[int, int]:
        html = client.get("/en/rooms/scheduled/").content.decode()
        return html.count("Send now"), html.count(MUTED)

    wait(room)
    assert listed() == (1, 0)
    mute_person(room=room, user=cast.amal, length="until_lifted", reason="Calm", actor=cast.dina)
    assert listed() == (0, 1)
    with CaptureQueriesContext(connection) as one:
        listed()
    for _ in range(2):
        wait(make_room(cast))
    with django_assert_num_queries(len(one)):
        assert listed() == (2, 1)


def test_what_was_to_be_sent_later_is_kept_with_the_reason(cast: Cast, room: Room) -> None:
    scheduled = schedule_message(
        room=room,
        author=cast.amal,
        mandate=cast.amal_mandate,
        body="Later",
        reply_to=None,
        client_id=uuid4(),
        due_at=timezone.now() + timedelta(hours=1),
    )
    mute_person(room=room, user=cast.amal, length="until_lifted", reason="Calm", actor=cast.dina)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        send_due(scheduled_id=scheduled.pk)
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.failure, scheduled.body) == ("failed", "muted", "Later")
    assert not Message.objects.exists()
