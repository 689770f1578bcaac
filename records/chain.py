"""Hash chains: each entry's hash covers its content and the hash of the entry before it.

A chain shows that a row was changed, removed or put in between. It cannot show by itself that
its tail was cut off: for that the head (number and hash of the last entry) is kept apart.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = bytes(32)


def canonical(content: dict[str, Any]) -> bytes:
    """Bytes of `content` that are the same on every machine: sorted keys, no spaces, UTF-8.

    Raises TypeError for values that JSON does not know: convert them before, never here.
    """
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def link(previous: bytes, content: dict[str, Any]) -> bytes:
    """The 32-byte SHA-256 of `previous` followed by the canonical bytes of `content`."""
    return hashlib.sha256(previous + canonical(content)).digest()


def salted_digest(salt: bytes, text: str) -> str:
    """Hex SHA-256 of `salt` + `text`. With the salt erased, a short text cannot be guessed."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def instant(moment: datetime) -> str:
    """`moment` (aware) as ISO 8601 in UTC with microseconds: what PostgreSQL gives back."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
