"""The heads of the rooms' chains, signed every night: what a cut or a rewriting is measured by.

Numbers of rooms and hashes alone: no titles, and not how many records there are, which would say
in public how busy each room is. A hash commits to its record and to all before it.
"""

import json
import os
from pathlib import Path

from django.conf import settings

from messaging.models import Room
from messaging.transcripts import signing

FORMAT = "majlis-heads/1"


def directory() -> Path:
    return Path(settings.VAR_DIR) / "heads"


def write_heads() -> Path | None:
    """Write today's file and return its place; None where there is no key to sign it with."""
    if not signing.has_key():
        return None
    made_at = signing.now()
    document = signing.signed(
        {
            "format": FORMAT,
            "origin": settings.PUBLIC_ORIGIN,
            "made_at": made_at,
            "rooms": [
                {"room": pk, "hash": bytes(head).hex()}
                for pk, head in Room.objects.order_by("pk").values_list("pk", "head_hash")
            ],
        }
    )
    directory().mkdir(parents=True, exist_ok=True)
    target = directory() / f"{made_at[:10]}.json"
    part = target.with_suffix(f".part{os.getpid()}")
    part.write_text(json.dumps(document, indent=1) + "\n")
    part.replace(target)
    return target


def latest_heads() -> str | None:
    """The newest file's content."""
    found = sorted(directory().glob("????-??-??.json"))
    return found[-1].read_text() if found else None
