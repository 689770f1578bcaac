"""Public keys, from the list that a portal publishes or as they are."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from majlis_verify.canonical import key_id

SIZE = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A public key; from and to are days (ISO 8601) or "" for not said."""

    public: bytes
    since: str = ""
    until: str = ""

    @property
    def id(self) -> str:
        return key_id(self.public)

    def in_use(self, moment: str) -> bool:
        day = moment[:10]
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


def read_bytes(text: str) -> bytes:
    """32 bytes written in hexadecimal or base64. Raises ValueError."""
    text = text.strip()
    try:
        value = bytes.fromhex(text)
    except ValueError:
        try:
            value = base64.b64decode(text, altchars=b"-_" if set("-_") & set(text) else None)
        except binascii.Error as error:
            raise ValueError("neither hexadecimal nor base64") from error
    if len(value) != SIZE:
        raise ValueError(f"{len(value)} bytes instead of {SIZE}")
    return value


def read_keys(text: str) -> list[Key]:
    """The keys of a `majlis-keys.json`, or one key as it is. Raises ValueError."""
    if not text.lstrip().startswith("{"):
        return [Key(read_bytes(text))]
    listed: Any = json.loads(text)
    try:
        return [
            Key(read_bytes(each["public"]), each.get("from") or "", each.get("to") or "")
            for each in listed["keys"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a list of keys") from error


def by_id(keys: Iterable[Key]) -> dict[str, Key]:
    return {key.id: key for key in keys}
