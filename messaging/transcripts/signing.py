"""The key that transcripts and heads are signed with, and those that were before it."""

import base64
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from majlis_verify.canonical import seal_of, unsigned
from majlis_verify.files import SEAL
from majlis_verify.keys import Key, read_bytes


class NoSigningKey(Exception):
    """The operator has set no SIGNING_KEY: no transcript can be made."""


def has_key() -> bool:
    return bool(settings.SIGNING_KEY)


def _private() -> Ed25519PrivateKey:
    """Raises NoSigningKey, ValueError for what is no key, OSError for a file that is not there."""
    given = settings.SIGNING_KEY
    if not given:
        raise NoSigningKey
    if "/" in given and Path(given).is_absolute() and Path(given).is_file():
        given = Path(given).read_text()
    return Ed25519PrivateKey.from_private_bytes(read_bytes(given))


def current_key() -> Key:
    """The public part of the key in use."""
    return Key(_private().public_key().public_bytes_raw(), since=settings.SIGNING_KEY_SINCE)


def known_keys() -> list[Key]:
    """The key in use, then those that were replaced: `PUBLIC/FROM/TO` each."""
    keys = [current_key()] if has_key() else []
    for each in settings.OLD_SIGNING_KEYS:
        public, since, until = each.rsplit("/", 2)
        keys.append(Key(read_bytes(public), since, until))
    return keys


def published_keys() -> dict[str, Any]:
    """What stands at /.well-known/majlis-keys.json."""
    return {
        "keys": [
            {
                "id": key.id,
                "algorithm": "Ed25519",
                "public": key.public.hex(),
                "from": key.since or None,
                "to": key.until or None,
            }
            for key in known_keys()
        ]
    }


def signed(document: dict[str, Any]) -> dict[str, Any]:
    """`document` with its signature. Raises NoSigningKey."""
    private = _private()
    key = Key(private.public_key().public_bytes_raw())
    value = base64.b64encode(private.sign(unsigned(document))).decode()
    return {
        **document,
        "signature": {
            "algorithm": "Ed25519",
            "key": key.id,
            "public": key.public.hex(),
            "value": value,
        },
    }


def sealed(pdf: bytes) -> bytes:
    """`pdf` with a last line that signs every byte before it; readers of PDF pass it over."""
    private = _private()
    key = Key(private.public_key().public_bytes_raw())
    value = base64.b64encode(private.sign(seal_of(pdf))).decode()
    return pdf + SEAL + f'{{"key":"{key.id}","value":"{value}"}}\n'.encode()


def now() -> str:
    return timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z")
