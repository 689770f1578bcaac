"""Two server processes tell each other's readers what waits, who is there and who is writing."""

import asyncio
import json
from collections.abc import Callable

import pytest

from tests.clients.client import Client
from tests.messaging.test_endurance import client_of, eventually, set_stage
from tests.processes import OwnValkey, Portal

pytestmark = pytest.mark.processes


async def say(client: Client, type: str, **values: object) -> None:
    assert client._socket
    await client._socket.send(json.dumps({"type": type, **values}))


async def test_news_of_the_moment_crosses_processes(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    first, second = (
        portal_process(database_url=fresh_database, redis_url=own_valkey.url) for _ in range(2)
    )
    stage = await asyncio.to_thread(set_stage, first, 2)
    await asyncio.gather(asyncio.to_thread(first.start), asyncio.to_thread(second.start))
    here, there = client_of(first.url, stage, 0).start(), client_of(second.url, stage, 1).start()
    other = client_of(first.url, stage, 1).start()  # the same person, at the other process
    everyone = (here, there, other)
    await eventually(lambda: all(c.live.is_set() for c in everyone), 20, "all are there")
    room = here.room
    for client in everyone:
        await say(client, "counts.follow")
        await say(client, "presence.follow", room=room)

    def mentions(client: Client) -> int:
        counts = [frame["mentions"] for frame in client.frames if frame["type"] == "counts"]
        return counts[-1] if counts else -1

    def present(client: Client) -> int:
        found = [f["institutions"] for f in client.frames if f["type"] == "room.presence"]
        return len(found[-1]) if found else 0

    await eventually(lambda: all(present(c) == 2 for c in everyone), 10, "both delegations")
    await eventually(lambda: all(mentions(c) == 0 for c in everyone), 10, "nothing waits")
    key = await here.write(f"@[delegate1](person:{there.user}), good morning")
    await eventually(lambda: mentions(there) == mentions(other) == 1, 5, "told in both")
    await say(there, "room.read", room=room, seq=here.acknowledged[key])
    await eventually(
        lambda: mentions(there) == mentions(other) == 0, 5, "read in one, told in both"
    )
    assert mentions(here) == 0
    await say(here, "room.typing", room=room)
    told = {"type": "room.typing", "room": room, "user": here.user}
    await eventually(lambda: told in there.frames and told in other.frames, 5, "both see it")
    await there.stop()
    await other.stop()
    await eventually(lambda: present(here) == 1, 10, "one delegation is left")
    await here.stop()
