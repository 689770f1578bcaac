"""The web server as a real process: what it refuses, how it ends."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.processes import OwnValkey, Portal, wait_until

pytestmark = pytest.mark.processes
MIB = 1024 * 1024


@pytest.fixture
def portal(
    portal_process: Callable[..., Portal],
    fresh_database: str,
    own_valkey: OwnValkey,
    tmp_path: Path,
) -> Iterator[Portal]:
    (tmp_path / "spool").mkdir()
    portal = portal_process(
        database_url=fresh_database, redis_url=own_valkey.url, TMPDIR=str(tmp_path / "spool")
    )
    return portal.start()


def test_serve_answers(portal: Portal) -> None:
    pass
