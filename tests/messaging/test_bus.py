"""Hints between processes, and what becomes of them while Valkey is away."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.db import connection

from messaging import bus
from portal.embedded import ROOT
from tests.processes import database_url


def heard_within(
    seconds: float, heard: Callable[[], list[dict[str, Any]]], number: int
) -> list[dict[str, Any]]:
    end, events = time.monotonic() + seconds, heard()
    while len(events) < number and time.monotonic() < end:
        events += heard()
    return events


def test_what_could_not_be_said_is_said_when_the_bus_is_asked_again(
    bus_events: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "PAUSE", 0.3)
    monkeypatch.setattr(bus, "_paused_until", 0.0)
    monkeypatch.setattr(bus, "_client", redis.Redis.from_url("redis://127.0.0.1:1"))
    for seq in (1, 2, 3):
        bus.publish({"type": "room.advanced", "room": 1, "seq": seq})
    bus.publish({"type": "rights.changed", "users": [7]})
    assert bus_events() == []
    monkeypatch.setattr(bus, "_client", None)  # it is back, and nobody writes any more
    assert heard_within(3, bus_events, 2) == [
        {"type": "room.advanced", "room": 1, "seq": 3},
        {"type": "rights.changed", "users": [7]},
    ]
    assert bus_events() == []
    bus.flush()
    assert not bus._unsent


def test_what_is_kept_is_bounded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "MOST_UNSENT", 3)
    monkeypatch.setattr(bus, "_unsent", {})
    monkeypatch.setattr(bus, "_client", redis.Redis.from_url("redis://127.0.0.1:1"))
    monkeypatch.setattr(bus, "_paused_until", 0.0)
    for room in range(5):
        bus.publish({"type": "room.advanced", "room": room, "seq": 1})
    assert [event["room"] for event in bus._unsent.values()] == [2, 3, 4]


def test_a_hint_that_cannot_be_sent_holds_no_other_back(
    bus_events: Callable[[], list[dict[str, Any]]],
) -> None:
    bus.publish_soon({"type": "room.advanced", "room": 1, "seq": object()})
    bus.publish_soon({"type": "room.advanced", "room": 2, "seq": 1})
    assert heard_within(3, bus_events, 1) == [{"type": "room.advanced", "room": 2, "seq": 1}]


def test_a_command_that_ends_has_sent_its_hints(
    bus_events: Callable[[], list[dict[str, Any]]],
) -> None:
    hint = {"type": "room.advanced", "room": 1, "seq": 1}
    url = database_url(connection.settings_dict["NAME"])
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup(); from messaging import bus; bus.publish_soon({hint})",
        ],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        check=True,
    )
    assert heard_within(3, bus_events, 1) == [hint]
