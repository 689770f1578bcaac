"""Whoever is muted says nothing, by whatever way: a poll, a statement, a message sent later."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from messaging.actions import RoomShut, ask_opinion, mute_person, schedule_message
from messaging.actions.scheduling import send_due
from messaging.models import Message, Room
from tests.factories import Cast


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
