"""How fast one person may write, in one process and in several."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect

from messaging import bus, throttle
from messaging.throttle import EVERYWHERE, seconds_to_wait
from tests.messaging.test_endurance import set_stage
from tests.processes import OwnValkey, Portal


@pytest.fixture
def limits(settings: Any) -> None:
    settings.MESSAGE_BURST, settings.MESSAGES_PER_SECOND = 4, 0.5


@pytest.fixture(params=["shared", "own"])
def person(
    request: pytest.FixtureRequest, limits: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> int:
    """Somebody nobody has counted yet; counted in Valkey, or by this process while it is away."""
    monkeypatch.setattr(bus, "_client", None)
    monkeypatch.setattr(bus, "_paused_until", 0.0)
    if request.param == "own":
        settings.REDIS_URL = "redis://127.0.0.1:1"
    return uuid4().int % 2**62


def test_a_burst_is_taken_and_the_rest_told_when(person: int, db: None) -> None:
    waits = seconds_to_wait(1, [person] * 7)
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:] == pytest.approx([2, 4, 6], abs=0.1)  # one token every two seconds
    [again] = seconds_to_wait(1, [person])
    assert again == pytest.approx(2, abs=0.3)


def test_the_bucket_fills_again(person: int, db: None, settings: Any) -> None:
    settings.MESSAGES_PER_SECOND = 20
    [*taken, wait] = seconds_to_wait(1, [person] * 5)
    assert (taken, wait) == ([0] * 4, pytest.approx(0.05, abs=0.02))
    time.sleep(wait)
    assert seconds_to_wait(1, [person]) == [0]


def test_another_room_has_its_own_and_all_rooms_together_have_twice_as_much(
    person: int, db: None
) -> None:
    assert seconds_to_wait(1, [person] * 4) == [0] * 4
    assert seconds_to_wait(2, [person] * 4) == [0] * 4
    [wait] = seconds_to_wait(3, [person])
    assert wait == pytest.approx(1 / (0.5 * EVERYWHERE), abs=0.1)


def test_people_said_together_are_counted_each_by_themselves(person: int, db: None) -> None:
    other = person + 1
    waits = seconds_to_wait(1, [person, other] * 5)
    assert [wait == 0 for wait in waits] == [True] * 8 + [False] * 2


def test_a_batch_asks_valkey_once(limits: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def run(script: str, keys: list[str], arguments: list[Any]) -> Any:
        asked.append(len(keys))
        return really(script, keys, arguments)

    really = bus.run
    monkeypatch.setattr(bus, "run", run)
    monkeypatch.setattr(bus, "_paused_until", 0.0)
    seconds_to_wait(1, [uuid4().int % 2**62 for _ in range(3)])
    assert asked == [6]


def test_own_buckets_are_bounded(limits: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_KEPT", 10)
    monkeypatch.setattr(bus, "_paused_until", time.monotonic() + 60)
    seconds_to_wait(1, list(range(100)))
    assert len(throttle._buckets) == 10


@pytest.mark.processes
async def test_two_servers_count_together_and_each_alone_while_valkey_is_away(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    portals = [
        portal_process(
            database_url=fresh_database,
            redis_url=own_valkey.url,
            MESSAGE_BURST="10",
            MESSAGES_PER_SECOND="0.05",
        )
        for _ in range(2)
    ]
    stage = await asyncio.to_thread(set_stage, portals[0], 1)
    await asyncio.gather(*(asyncio.to_thread(portal.start) for portal in portals))
    [person] = stage["writers"]
    cookie = f"sessionid={person['session']}"

    async def say(portal: Portal, number: int) -> list[dict[str, Any]]:
        """What the server answers to so many messages at once."""
        address = portal.url.replace("http", "ws", 1) + "/ws/?language=en"
        answers = []
        async with connect(address, origin=portal.url, additional_headers={"Cookie": cookie}) as ws:  # type: ignore[arg-type]
            await ws.recv()
            for _ in range(number):
                said = {"type": "message.post", "room": stage["room"], "body": "Good morning"}
                said |= {"mandate": person["mandate"], "client_id": str(uuid4())}
                await ws.send(json.dumps(said))
            answers = [json.loads(await ws.recv()) for _ in range(number)]
        return answers

    def saved(answers: list[dict[str, Any]]) -> int:
        return sum(answer["type"] == "message.saved" for answer in answers)

    both = await asyncio.gather(*(say(portal, 8) for portal in portals))
    assert sum(map(saved, both)) == 10
    refused = [a for answers in both for a in answers if a["type"] == "message.refused"]
    assert all(10 < answer["retry_after"] <= 20 for answer in refused)
    await asyncio.to_thread(own_valkey.stop)
    alone = [await say(portal, 12) for portal in portals]
    assert list(map(saved, alone)) == [10, 10]
    await asyncio.to_thread(own_valkey.start)  # forgot everything, as after an outage
    await asyncio.sleep(bus.PAUSE)
    assert sum([saved(await say(portal, 8)) for portal in portals]) == 10
