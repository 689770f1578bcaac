"""How often somebody may do what costs others something: counted in the cache."""

import hashlib
import time

from django.core.cache import cache


def within_limit(action: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one use by `key` (an address, never kept as it is); False when it is one too many.

    While the cache is away nothing is limited: pages must not fail with it.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    window = int(time.time() // seconds)
    name = f"limit:{action}:{digest}:{window}"
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) <= limit
    except ValueError:  # it went between the two commands
        return True
