"""The wire between server processes: one Valkey channel, at most once, no content; and what they
count together.
"""

import atexit
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from threading import Condition, Lock, Thread
from typing import Any, Protocol
from weakref import WeakSet

import redis
import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds without a further try after a failure: a post must not wait again and again
MOST_UNSENT = 1000  # hints kept while the bus is away; the oldest go first
SILENCE = 5.0  # seconds after which a connection that says nothing, not even a pong, is dead

_lock = Lock()
_digests: dict[str, str] = {}
_unsent: dict[tuple[str, str, Any], dict[str, Any]] = {}  # hints of rooms: the last of each
_to_send = Condition()
_sender: Thread | None = None
_client: redis.Redis | None = None
_paused_until = 0.0


def name(of: str) -> str:
    """A name in Valkey, of one database, so that two networks (or two tests) can share it."""
    return f"majlis:{connection.settings_dict['NAME']}:{of}"


def channel() -> str:
    return name("events")


class Listener(Protocol):
    """Whoever hears in this process what is told of in it."""

    def overhear(self, event: dict[str, Any]) -> None:
        """Called in any thread; must not wait."""


listeners: WeakSet[Listener] = WeakSet()


def tell_here(event: dict[str, Any]) -> None:
    """Tell the listeners of this process, without the way over Valkey."""
    for listener in tuple(listeners):
        listener.overhear(event)


def publish(event: dict[str, Any]) -> None:
    """Send `event`; a failure is logged, never raised. Waits a second at the most.

    What could not be sent goes out when the bus is asked again: those who are connected to it by
    then would else hear of it by their sweep only.
    """
    if _ask(partial(_publish, channel(), event)) is None:
        publish_soon(event)


def publish_soon(event: dict[str, Any]) -> None:
    """Send `event` from another thread, without a wait; of hints of one room the last only."""
    global _sender
    kind = event["type"]
    key = (channel(), kind, event["room"] if kind == "room.advanced" else json.dumps(event))
    with _to_send:
        _unsent[key] = event
        while len(_unsent) > MOST_UNSENT:
            del _unsent[next(iter(_unsent))]
        if _sender is None or not _sender.is_alive():  # not yet, or this is a fork
            _sender = Thread(target=_send, name="bus", daemon=True)
            _sender.start()
        _to_send.notify_all()


def _send() -> None:
    while True:
        with _to_send:
            _to_send.wait_for(lambda: _unsent)
            while (pause := _paused_until - time.monotonic()) > 0:
                _to_send.wait(pause)
            waiting = tuple(_unsent.items())
        for key, event in waiting:
            try:
                if _ask(partial(_publish, key[0], event)) is None:
                    break
            except Exception:  # or it would be tried first for ever, and the others never
                logger.exception("A hint could not be sent")
            with _to_send:
                if _unsent.get(key) is event:
                    del _unsent[key]
                _to_send.notify_all()


def flush(seconds: float = 1.0) -> None:
    """Wait until all is sent, so long at the most: a command that ends takes its threads along."""
    with _to_send:
        _to_send.wait_for(lambda: not _unsent, seconds)


atexit.register(flush)


def whisper(event: dict[str, Any]) -> None:
    """Send `event` now or never: what is of this moment only."""
    _ask(partial(_publish, channel(), event))


def _publish(to: str, event: dict[str, Any], client: redis.Redis) -> Any:
    return client.publish(to, json.dumps(event))


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
