"""In the worker: hears that rooms have advanced, and looks whom that concerns.

Whoever posts does nothing for it. What is not heard, because Valkey was away, is found by
`tasks_news.gather_news` within a minute.
"""

import asyncio
import contextlib
import logging
from threading import Thread

from django.db import connections
from redis.exceptions import RedisError

from messaging import bus
from messaging.actions import gather_pushes

logger = logging.getLogger(__name__)

PAUSE = 3.0  # seconds from the first hint: a burst is told of once, and who is reading has read it
RETRY = 5.0  # seconds without Valkey


def start() -> Thread:
    """Watch in a thread of its own, for as long as the process lives."""
    thread = Thread(target=lambda: asyncio.run(watch()), name="watching", daemon=True)
    thread.start()
    return thread


async def watch() -> None:
    """Hear of rooms until cancelled."""
    advanced: set[int] = set()
    something = asyncio.Event()
    telling = asyncio.create_task(_tell(advanced, something))
    try:
        while True:
            with contextlib.suppress(RedisError, OSError):
                async for event in bus.listen():
                    if event and event.get("type") == "room.advanced":
                        advanced.add(event["room"])
                        something.set()
            await asyncio.sleep(RETRY)
    finally:
        telling.cancel()


async def _tell(advanced: set[int], something: asyncio.Event) -> None:
    while True:
        await something.wait()
        await asyncio.sleep(PAUSE)
        something.clear()
        rooms = sorted(advanced)
        advanced.clear()
        await asyncio.to_thread(_gather, rooms)


def _gather(rooms: list[int]) -> None:
    try:
        gather_pushes(rooms=rooms)
    except Exception:  # the next look, a minute away, finds what this one did not
        logger.exception("Nobody was looked for whom news of rooms concern")
    finally:
        connections.close_all()
