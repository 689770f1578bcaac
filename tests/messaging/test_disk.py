"""The disk of the database fills up while people write, and is emptied again."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.messaging.test_endurance import (
    assert_whole,
    client_of,
    eventually,
    keep_writing,
    set_stage,
)
from tests.processes import OwnPostgres, OwnValkey, Portal

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk that is small"),
]

SIZE = "256m"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "majlis", directory], check=True)
    yield directory
    subprocess.run(["umount", "--lazy", directory], check=True)
    shutil.rmtree(directory)


@pytest.fixture
def small_postgres(small_disk: Path, migrated_template: str) -> Iterator[OwnPostgres]:
    postgres = OwnPostgres(small_disk / "postgres")
    postgres.start()
    postgres.take(migrated_template)
    yield postgres
    for portal in Portal.made:
        if portal.environment["DATABASE_URL"] == postgres.url:
            portal.stop()
    postgres.kill()


def fill(ballast: Path) -> None:
    """Take all that is left of the disk."""
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):  # there is no room for one of this size
                while file.write(b"\0" * size):
                    pass


async def test_a_full_disk_refuses_and_loses_nothing(
    portal_process: Callable[..., Portal],
    small_postgres: OwnPostgres,
    small_disk: Path,
    own_valkey: OwnValkey,
) -> None:
    portal = portal_process(
        database_url=small_postgres.url, redis_url=own_valkey.url, MESSAGE_BURST="100000"
    )
    stage = await asyncio.to_thread(set_stage, portal, 3)
    await asyncio.to_thread(portal.start)
    tabs = [client_of(portal.url, stage, n).start() for n in range(3)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.02, enough)) for tab in tabs]

    def acknowledged() -> int:
        return sum(len(tab.acknowledged) for tab in tabs)

    def failures() -> int:
        return sum(f.get("code") == "failed" for tab in tabs for f in tab.frames)

    await eventually(lambda: acknowledged() > 20, 20, "messages are acknowledged")
    ballast = small_disk / "ballast"
    await asyncio.to_thread(fill, ballast)
    await eventually(lambda: failures() > 3, 60, "what cannot be saved is not acknowledged")
    before = acknowledged()
    ballast.unlink()
    assert small_postgres.process
    if small_postgres.process.poll() is not None:  # it gave up, as it may; started by its keeper
        small_postgres.process = None
        await asyncio.to_thread(small_postgres.start)
    await eventually(lambda: acknowledged() > before + 20, 30, "messages are acknowledged again")
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    await eventually(lambda: not any(t.pending for t in tabs), 30, "all pending were sent")
    await asyncio.gather(*(tab.sync() for tab in tabs))
    for tab in tabs:
        await tab.stop()
        assert tab.connections == 1  # no socket was lost for it
    assert_whole(tabs, written)
    assert "Whole: 1 rooms" in await asyncio.to_thread(portal.manage, "verify_records")
