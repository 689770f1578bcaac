"""What is announced, and to whom: small hints over Valkey, sent after the commit.

An event never carries content. Losing one costs time, never truth: hubs compare with the database.
"""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from messaging import bus, fresh
from messaging.models import Record

Event = dict[str, Any]


def session_digest(session_key: str) -> str:
    """What names a web session on the bus: its key would open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def room_advanced(*, room: int, seq: int, records: Collection[Record] = ()) -> None:
    """The room's record has reached `seq`. Heard by hubs with readers in the room: by those of this
    process at once, and they need not read `records` back.
    """
    event = {"type": "room.advanced", "room": room, "seq": seq}

    def tell() -> None:
        fresh.keep(records)
        bus.tell_here(event)
        bus.publish_soon(event)

    transaction.on_commit(tell, robust=True)


def read_changed(*, user: int) -> None:
    """A read mark of the person was raised or lowered: their other pages show other counts."""
    publish_on_commit({"type": "read.changed", "user": user})


def draft_changed(*, room: int, user: int, version: int) -> None:
    """The person's draft in the room has another version: their other pages ask for it.

    Said now or never: it is for pages that are looked at, and each asks when it is looked at again.
    """

    def whisper() -> None:
        bus.whisper({"type": "draft.changed", "room": room, "user": user, "version": version})

    transaction.on_commit(whisper, robust=True)


def rights_changed(*, users: Iterable[int] | None) -> None:
    """What these people (None: anyone) may do has changed. Hubs look again before they speak."""
    publish_on_commit({"type": "rights.changed", "users": None if users is None else list(users)})


def session_ended(*, session_key: str) -> None:
    """The web session is over: its sockets are closed."""
    publish_on_commit({"type": "session.ended", "session": session_digest(session_key)})


def publish_on_commit(event: Event) -> None:
    def publish() -> None:  # a named function: Django's report of a failure reads its name
        bus.tell_here(event)  # before what is said next in this process overtakes it
        bus.publish(event)

    transaction.on_commit(publish, robust=True)
