"""How fast one person may write: a bucket of tokens per person and process.

It protects the room from a flood, not the portal from an attacker: that is the proxy's part. It
holds while Valkey is away, at the price of counting per process.
"""

import time
from collections import OrderedDict
from threading import Lock

from django.conf import settings

_KEPT = 10_000  # people remembered; the one longest silent is forgotten first
_lock = Lock()
_buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()  # person -> (tokens, since)


def seconds_to_wait(user_id: int) -> float:
    """0.0 and one token taken, or the seconds after which there will be one."""
    burst, rate = settings.MESSAGE_BURST, settings.MESSAGES_PER_SECOND
    now = time.monotonic()
    with _lock:
        tokens, since = _buckets.pop(user_id, (float(burst), now))
        tokens = min(burst, tokens + (now - since) * rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
        _buckets[user_id] = (tokens if wait else tokens - 1, now)
        if len(_buckets) > _KEPT:
            _buckets.popitem(last=False)
    return wait
