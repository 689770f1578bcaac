"""Promises kept while things die: real server processes, a real Valkey, real sockets."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal.embedded import ROOT
from tests.clients.client import Client
from tests.processes import OwnPostgres, OwnValkey, Portal

pytestmark = pytest.mark.processes

KILLS = 20
OUTAGE = float(os.environ.get("OUTAGE", "10"))  # seconds; 60 shows no more, and takes a minute


def set_stage(portal: Portal, writers: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.messaging.stage", str(writers)],
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    stage: dict[str, Any] = json.loads(done.stdout)
    return stage


def client_of(url: str, stage: dict[str, Any], writer: int) -> Client:
    person = stage["writers"][writer]
    return Client(url, stage["room"], session=person["session"], mandate=person["mandate"])


async def eventually(true: Callable[[], bool], seconds: float, what: str) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)
    assert true(), what


async def keep_writing(tab: Client, pause: float, until: asyncio.Event) -> list[str]:
    """Write until told to stop, sockets or not; what was written, by client id."""
    written = []
    while not until.is_set():
        if len(tab.pending) > 20:  # as much as a person would write into the void
            await asyncio.sleep(pause)
            continue
        written.append(await tab.write(f"{tab.user} writes {len(written)}"))
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
    return written


def assert_whole(tabs: list[Client], written: list[str]) -> None:
    """Every tab has the same record, 1..n, with every message that was written exactly once."""
    record = tabs[0].record
    assert list(record) == list(range(1, len(record) + 1))
    messages = [key for key in record.values() if key]
    assert sorted(messages) == sorted(written)
    for tab in tabs:
        assert tab.record == record
        assert tab.refused == []
        for key, seq in tab.acknowledged.items():
            assert record[seq] == key


async def test_server_killed_twenty_times_while_people_write(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=fresh_database,
        redis_url=own_valkey.url,
        MESSAGE_BURST="100000",
        MESSAGES_PER_SECOND="100000",
    )
    stage = await asyncio.to_thread(set_stage, portal, 4)
    await asyncio.to_thread(portal.start)
    tabs = [client_of(portal.url, stage, n).start() for n in range(4)]
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.03, enough)) for tab in tabs]
    acknowledged_at_kills = []
    for kills in range(KILLS):
        await eventually(
            lambda kills=kills: all(t.live.is_set() and t.connections > kills for t in tabs),  # type: ignore[misc]
            30,
            "all are back",
        )
        before = sum(len(t.acknowledged) for t in tabs)
        await eventually(
            lambda before=before: sum(len(t.acknowledged) for t in tabs) > before + 3,  # type: ignore[misc]
            30,
            "messages are acknowledged again",
        )
        await asyncio.sleep(random.uniform(0, 0.1))  # noqa: S311
        await asyncio.to_thread(portal.kill)
        acknowledged_at_kills.append({k: s for t in tabs for k, s in t.acknowledged.items()})
        await asyncio.to_thread(portal.start)
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    await eventually(lambda: not any(t.pending for t in tabs), 30, "all pending were sent")
    await asyncio.gather(*(tab.sync() for tab in tabs))
    for tab in tabs:
        await tab.stop()
        assert tab.connections >= KILLS
    assert_whole(tabs, written)
    for acknowledged in acknowledged_at_kills:  # none lost by the kill that followed
        assert all(tabs[0].record[seq] == key for key, seq in acknowledged.items())
    assert "Whole: 1 rooms" in await asyncio.to_thread(portal.manage, "verify_records")


@pytest.mark.parametrize("outage", ["killed", "frozen"])
async def test_valkey_away_for_ten_seconds_while_people_write(
    portal_process: Callable[..., Portal],
    fresh_database: str,
    own_valkey: OwnValkey,
    outage: str,
) -> None:
    def away() -> None:
        if outage == "killed":
            own_valkey.stop()
        else:  # it takes connections and never answers
            assert own_valkey.process
            own_valkey.process.send_signal(signal.SIGSTOP)

    def back() -> None:
        if outage == "killed":
            own_valkey.start()
        else:
            assert own_valkey.process
            own_valkey.process.send_signal(signal.SIGCONT)

    portals = [
        portal_process(
            database_url=fresh_database, redis_url=own_valkey.url, MESSAGE_BURST="100000"
        )
        for _ in range(2)
    ]
    stage = await asyncio.to_thread(set_stage, portals[0], 3)
    await asyncio.gather(*(asyncio.to_thread(portal.start) for portal in portals))
    # Nobody writes where the last one reads: what they hear, that process finds out by itself.
    tabs = [client_of(portals[n // 2].url, stage, n).start() for n in range(3)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.2, enough)) for tab in tabs[:2]]
    await asyncio.sleep(1)
    await asyncio.to_thread(away)
    stopped, heard = sum(len(t.acknowledged) for t in tabs), len(tabs[2].record)
    await asyncio.sleep(OUTAGE)
    during = sum(len(t.acknowledged) for t in tabs) - stopped
    heard = len(tabs[2].record) - heard
    await asyncio.to_thread(back)
    await asyncio.sleep(1)  # said while the readers are back on the bus, and perhaps no writer yet
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    # Complete within ten seconds of its return, by the sockets alone: the tabs do not ask.
    await eventually(
        lambda: all({k for k in t.record.values() if k} == set(written) for t in tabs),
        10,
        "all are complete",
    )
    assert during > (20 if outage == "killed" else 15)
    assert heard > during / 2  # by the sweep, a second late at the most
    assert all(tab.connections == 1 for tab in tabs)
    for tab in tabs:
        await tab.stop()
    assert_whole(tabs, written)


async def test_two_processes_ten_writers_one_order_for_all(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    first, second = (
        portal_process(
            database_url=fresh_database, redis_url=own_valkey.url, MESSAGE_BURST="100000"
        )
        for _ in range(2)
    )
    stage = await asyncio.to_thread(set_stage, first, 10)
    await asyncio.gather(asyncio.to_thread(first.start), asyncio.to_thread(second.start))
    tabs = [client_of((first, second)[n % 2].url, stage, n).start() for n in range(10)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")

    async def write(tab: Client) -> list[str]:
        return [await tab.write(f"{n}") for n in range(20)]

    written = [key for keys in await asyncio.gather(*map(write, tabs)) for key in keys]
    await eventually(lambda: all(len(t.acknowledged) == 20 for t in tabs), 30, "all acknowledged")
    await eventually(
        lambda: all(len([k for k in t.record.values() if k]) == 200 for t in tabs), 10, "all heard"
    )
    for tab in tabs:
        await tab.stop()
        assert not [frame for frame in tab.frames if frame["type"] == "error"]
    assert_whole(tabs, written)


async def test_postgresql_restarted_twice_while_people_write(
    portal_process: Callable[..., Portal], own_postgres: OwnPostgres, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=own_postgres.url, redis_url=own_valkey.url, MESSAGE_BURST="100000"
    )
    stage = await asyncio.to_thread(set_stage, portal, 3)
    await asyncio.to_thread(portal.start)
    tabs = [client_of(portal.url, stage, n).start() for n in range(3)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.05, enough)) for tab in tabs]
    for stop in (own_postgres.stop, own_postgres.kill):
        before = sum(len(t.acknowledged) for t in tabs)
        await eventually(
            lambda before=before: sum(len(t.acknowledged) for t in tabs) > before + 20,  # type: ignore[misc]
            10,
            "messages are acknowledged",
        )
        await asyncio.to_thread(stop)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(own_postgres.start)
    before = sum(len(t.acknowledged) for t in tabs)
    await eventually(
        lambda: sum(len(t.acknowledged) for t in tabs) > before + 20, 10, "and are again"
    )
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    await eventually(lambda: not any(t.pending for t in tabs), 20, "all pending were sent")
    await asyncio.gather(*(tab.sync() for tab in tabs))
    for tab in tabs:
        await tab.stop()
    assert_whole(tabs, written)
    assert "Whole: 1 rooms" in await asyncio.to_thread(portal.manage, "verify_records")


async def test_a_server_whose_clock_is_two_seconds_ahead_keeps_one_order(
    portal_process: Callable[..., Portal],
    fresh_database: str,
    own_valkey: OwnValkey,
    tmp_path: Path,
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import time, time_machine\n"
        "time_machine.travel(time.time() + 2, tick=True).start()\n"
        "time.time()\n"  # the journey begins when it is asked for the time first
    )
    right, ahead = (
        portal_process(
            database_url=fresh_database,
            redis_url=own_valkey.url,
            MESSAGE_BURST="100000",
            **environment,
        )
        for environment in ({}, {"PYTHONPATH": str(tmp_path)})
    )
    stage = await asyncio.to_thread(set_stage, right, 4)
    await asyncio.gather(asyncio.to_thread(right.start), asyncio.to_thread(ahead.start))
    tabs = [client_of((right, ahead)[n % 2].url, stage, n).start() for n in range(4)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.02, enough)) for tab in tabs]
    await asyncio.sleep(2)
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    await eventually(
        lambda: all({k for k in t.record.values() if k} == set(written) for t in tabs), 10, "all"
    )
    for tab in tabs:
        await tab.stop()
        assert tab.connections == 1
    assert_whole(tabs, written)
    assert "Whole: 1 rooms" in await asyncio.to_thread(right.manage, "verify_records")
    with psycopg.connect(fresh_database) as database:  # and the clocks were really apart
        back = database.execute(
            "SELECT count(*) FROM (SELECT at - lag(at) OVER (ORDER BY seq) AS step"
            " FROM messaging_record) AS steps WHERE step < interval '-1.5 s'"
        ).fetchone()
    assert back
    assert back[0] > 5
