import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from members.models import Mandate, User
from messaging import bus
from messaging.actions import open_room, post_message
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Message, Room
from tests.factories import Cast


def make_room(cast: Cast) -> Room:
    """A group room of Korea and Nigeria; Poland is not in it, the secretariat chairs."""
    return open_room(
        kind=RoomKind.GROUP,
        titles={"en": "Working group", "ar": "فريق عامل", "fr": "Groupe de travail"},
        delegations={cast.kr: ParticipantRole.MEMBER, cast.ng: ParticipantRole.MEMBER},
    )


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def say(
    room: Room, author: User, mandate: Mandate, body: str = "Good morning", key: UUID | None = None
) -> Message:
    return post_message(
        room=room, author=author, mandate=mandate, body=body, client_id=key or uuid4()
    )


@pytest.fixture
def bus_events(db: None) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """A function that returns what was announced on the bus since it was last called."""
    bus._unsent.clear()  # of a test without a bus
    bus._paused_until = 0.0
    pubsub = redis.Redis.from_url(settings.REDIS_URL).pubsub(ignore_subscribe_messages=False)
    pubsub.subscribe(bus.channel())
    assert pubsub.get_message(timeout=5)["type"] == "subscribe"

    def heard() -> list[dict[str, Any]]:
        events = []
        bus.flush(0.2)
        while message := pubsub.get_message(timeout=0.3):
            events.append(json.loads(message["data"]))
        return events

    yield heard
    pubsub.close()


@pytest.fixture
async def tidy_threads(transactional_db: None) -> AsyncIterator[None]:
    """Give back the connection of the thread that `sync_to_async` keeps: the pool is small."""
    yield
    await sync_to_async(connections.close_all)()
