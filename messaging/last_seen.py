"""When a person was last here, to the half minute: they asked for a page, or read in a room.

Kept in the cache alone. Lost, a person counts as away: at worst an e-mail comes early.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime

from django.core.cache import cache

EVERY = 30.0  # seconds in which one process notes a person once
KEPT = 24 * 60 * 60  # seconds; who was here before is away by any measure
MOST = 10_000  # people that a process remembers to have noted

_noted: dict[tuple[str, int], float] = {}


def note(user_id: int) -> None:
    """The person is here. Cheap: once in EVERY seconds it asks Valkey, and never raises."""
    now = time.monotonic()
    key = (cache.key_prefix, user_id)
    if now - _noted.get(key, -EVERY) < EVERY:
        return
    if len(_noted) >= MOST:
        _noted.clear()
    _noted[key] = now
    cache.set(_name(user_id), int(time.time()), KEPT)


def seen(users: Iterable[int]) -> dict[int, datetime]:
    """Person -> when they were last here, where that is known. One question to Valkey."""
    names = {_name(user): user for user in users}
    found = cache.get_many(list(names))
    return {names[name]: datetime.fromtimestamp(at, UTC) for name, at in found.items()}


def _name(user_id: int) -> str:
    return f"seen:{user_id}"
