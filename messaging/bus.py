"""The wire between server processes: one Valkey channel, at most once, no content; and what they
count together.
"""

import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from threading import Lock, Timer
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds without a further try after a failure: a post must not wait again and again
MOST_MISSED = 1000  # hints kept while the bus is away; the oldest go first
SILENCE = 5.0  # seconds after which a connection that says nothing, not even a pong, is dead

_lock = Lock()
_digests: dict[str, str] = {}
_missed: dict[tuple[str, str, Any], dict[str, Any]] = {}  # hints of rooms: the last of each
_timer: Timer | None = None
_client: redis.Redis | None = None
_paused_until = 0.0


def name(of: str) -> str:
    """A name in Valkey, of one database, so that two networks (or two tests) can share it."""
    return f"majlis:{connection.settings_dict['NAME']}:{of}"


def channel() -> str:
    return name("events")


def publish(event: dict[str, Any]) -> None:
    """Send `event`; a failure is logged, never raised. Waits a second at the most.

    What could not be sent goes out when the bus is asked again: those who are connected to it by
    then would else hear of it by their sweep only.
    """
    if _ask(partial(_publish, channel(), event)) is None:
        _miss(channel(), event)


def whisper(event: dict[str, Any]) -> None:
    """Send `event` now or never: what is of this moment only."""
    _ask(partial(_publish, channel(), event))


def _publish(to: str, event: dict[str, Any], client: redis.Redis) -> Any:
    return client.publish(to, json.dumps(event))


def _miss(to: str, event: dict[str, Any]) -> None:
    kind = event["type"]
    with _lock:
        _missed[to, kind, event["room"] if kind == "room.advanced" else json.dumps(event)] = event
        while len(_missed) > MOST_MISSED:
            del _missed[next(iter(_missed))]
    _send_missed_later()


def _send_missed_later() -> None:
    global _timer
    with _lock:
        if _timer is None:
            _timer = Timer(max(0.05, _paused_until - time.monotonic() + 0.05), _send_missed)
            _timer.daemon = True
            _timer.start()


def _send_missed() -> None:
    global _timer
    with _lock:
        _timer = None
        waiting = tuple(_missed.items())
    for key, event in waiting:
        if _ask(partial(_publish, key[0], event)) is None:
            _send_missed_later()
            return
        with _lock:
            if _missed.get(key) is event:
                del _missed[key]


def run(script: str, keys: list[str], arguments: list[Any]) -> Any:
    """What a Lua script of ours answers, or None while Valkey is away; waits as `publish` does."""
    digest = _digests.get(script)
    if digest is None:
        digest = _digests[script] = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()

    def ask(client: redis.Redis) -> Any:
        try:
            return client.evalsha(digest, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:  # it was started again
            return client.eval(script, len(keys), *keys, *arguments)

    return _ask(ask)


def _ask(work: Callable[[redis.Redis], Any]) -> Any:
    """What `work` gets from Valkey; None where it fails, and for PAUSE seconds after."""
    global _client, _paused_until
    if time.monotonic() < _paused_until:
        return None
    with _lock:
        if _client is None:
            _client = redis.Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=1,
                socket_connect_timeout=1,
                retry=Retry(NoBackoff(), 0),  # the default would wait the second four times
            )
    try:
        return work(_client)
    except (redis.RedisError, OSError) as error:
        _paused_until = time.monotonic() + PAUSE
        logger.warning("The bus is away (%s): readers follow the database", type(error).__name__)
        return None


async def listen() -> AsyncIterator[dict[str, Any] | None]:
    """Events as they come; the first item is None and says that the subscription stands.

    Raises redis.RedisError or OSError when the connection is lost, or silent for SILENCE.
    """
    client = redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=2
    )
    try:
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(channel())
            heard = time.monotonic()
            while True:
                message = await pubsub.get_message(timeout=SILENCE / 3)
                if message is None:
                    if time.monotonic() - heard > SILENCE:
                        raise redis.ConnectionError("silent")
                    await pubsub.ping()
                    continue
                heard = time.monotonic()
                if message["type"] == "subscribe":
                    yield None
                elif message["type"] == "message":
                    yield json.loads(message["data"])
    finally:
        await client.aclose()
