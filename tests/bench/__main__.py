"""`make bench`: what a room costs, as ratios to a bare commit on the same disk and machine.

Milliseconds depend on the machine; ratios say whether a change made the portal dearer.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from portal.embedded import ROOT, start_postgres, start_valkey
from portal.translations import compile_translations

DIRECTORY = ROOT / "var" / "bench"
ALONE = 100  # messages, one after another
WRITERS = 10
EACH = 50  # messages of each of them, as fast as the room takes them
LISTENERS = 40
WIDTH = 54


def main() -> None:
    for name in ("build", "static"):
        (DIRECTORY / name).mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VAR_DIR": str(DIRECTORY),
        "DATABASE_URL": start_postgres(DIRECTORY / "postgres"),  # durable, as in production
        "REDIS_URL": start_valkey(DIRECTORY / "valkey"),
        "SECRET_KEY": "for-measuring-only",
        "HTTPS": "0",
        "ORIGINS": "http://127.0.0.1",
    }
    compile_translations(ROOT)

    from tests import processes  # noqa: PLC0415  reads the environment

    processes.collect_static()
    url = processes.create_database("bench", processes.template_database())
    bare = bare_commit(url)
    print(f"{'bare commit of a row':<{WIDTH}} {bare * 1000:8.2f} ms")
    directory = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    portal = processes.Portal(
        directory / "portal",
        database_url=url,
        redis_url=os.environ["REDIS_URL"],
        MESSAGE_BURST="1000000",
        MESSAGES_PER_SECOND="1000000",
    )
    try:
        stage = set_stage(portal)
        portal.start()
        asyncio.run(measure(portal, stage, bare))
    finally:
        portal.stop()
        processes.drop_database("bench")
        shutil.rmtree(directory)


def bare_commit(url: str) -> float:
    """Seconds for an INSERT and its commit by one connection, the median."""
    import psycopg  # noqa: PLC0415

    times = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench (id bigserial PRIMARY KEY, body text)")
        for _ in range(500):
            began = time.perf_counter()
            connection.execute("INSERT INTO bench (body) VALUES (%s)", ["x" * 200])
            times.append(time.perf_counter() - began)
        connection.execute("DROP TABLE bench")
    return statistics.median(times)


def set_stage(portal: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.messaging.stage", str(WRITERS + LISTENERS)],
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    stage: dict[str, Any] = json.loads(done.stdout)
    return stage


async def measure(portal: Any, stage: dict[str, Any], bare: float) -> None:
    from tests.messaging.tabs import Tab  # noqa: PLC0415

    tabs = [Tab(portal.url, stage, number).start() for number in range(WRITERS)]
    await until(lambda: all(tab.live.is_set() for tab in tabs))

    times = []
    for number in range(ALONE):
        began = time.perf_counter()
        key = await tabs[0].write(f"{number} " + "x" * 200)
        while key in tabs[0].pending:
            await asyncio.sleep(0.0005)
        times.append(time.perf_counter() - began)
    alone = statistics.median(times)
    say("a message alone, sent until acknowledged", f"{alone * 1000:.2f} ms", alone / bare)

    saved, heard = await storm(tabs, tabs)
    say(f"{WRITERS} writers: messages saved per second", f"{saved:.0f}", 1 / saved / bare)
    say(f"{WRITERS} writers: deliveries per second", f"{heard:.0f}", 1 / heard / bare)

    more = [Tab(portal.url, stage, WRITERS + number).start() for number in range(LISTENERS)]
    await until(lambda: all(tab.live.is_set() and tab.last >= tabs[0].last for tab in more))
    saved, heard = await storm(tabs, tabs + more)
    name = f"{WRITERS} writers, {WRITERS + LISTENERS} sockets"
    say(f"{name}: messages saved per second", f"{saved:.0f}", 1 / saved / bare)
    say(f"{name}: deliveries per second", f"{heard:.0f}", 1 / heard / bare)
    for tab in tabs + more:
        await tab.stop()


async def storm(writers: list[Any], listeners: list[Any]) -> tuple[float, float]:
    """Messages saved, and deliveries, per second until every listener has all of them."""
    await until(lambda: len({tab.last for tab in listeners}) == 1)
    target = writers[0].last + WRITERS * EACH
    began = time.perf_counter()

    async def write(tab: Any) -> None:
        for number in range(EACH):
            while len(tab.pending) >= 5:
                await asyncio.sleep(0.001)
            await tab.write(f"{number} " + "x" * 200)

    await asyncio.gather(*(write(tab) for tab in writers))
    await until(lambda: all(tab.last >= target for tab in listeners))
    took = time.perf_counter() - began
    return WRITERS * EACH / took, WRITERS * EACH * len(listeners) / took


async def until(true: Any) -> None:
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0.005)


def say(what: str, figure: str, ratio: float) -> None:
    print(f"{what:<{WIDTH}} {figure:>11}   {ratio:8.2f} bare commits each", flush=True)


if __name__ == "__main__":
    main()
