"""Bytes and hashes, as the portal computes them."""

import hashlib
import json
from typing import Any

GENESIS = "00" * 32


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def link(previous: str, content: Any) -> str:
    return hashlib.sha256(bytes.fromhex(previous) + canonical(content)).hexdigest()


def digest(salt: str, text: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def unsigned(document: dict[str, Any]) -> bytes:
    """What a signature covers: the document without it."""
    return canonical({key: value for key, value in document.items() if key != "signature"})


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def seal_of(pdf: bytes) -> bytes:
    """What the seal at the end of a PDF signs: a word of its own, and the digest of all before."""
    return b"majlis-pdf/1\n" + hashlib.sha256(pdf).digest()
