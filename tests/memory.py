"""Where the databases of a test run lie: in memory, where there is room.

A database is 700 files, and tests make and drop hundreds. For each file that it makes ext4 looks
through what was deleted in the last seconds (`recently_deleted` in fs/ext4/ialloc.c): there a copy
takes a second, here a tenth of one. Templates stay on the disk, for the next run.
"""

import hashlib
import os
import shutil
from pathlib import Path

import psycopg

from portal.embedded import var_dir
from portal.embedded_programs import SYSTEM_USER

MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH = 2 * 1024**3  # bytes
TABLESPACE = "memory"


def make_room(server: psycopg.Connection) -> None:
    """Before the run: a tablespace in memory, named in the environment for those who copy."""
    clear_room(server)  # of a run that was killed
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        return
    directory = _directory()
    directory.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(directory, SYSTEM_USER, SYSTEM_USER)
    server.execute(f"CREATE TABLESPACE {TABLESPACE} LOCATION '{directory}'".encode())
    os.environ["TABLESPACE"] = TABLESPACE


def clear_room(server: psycopg.Connection) -> None:
    """After it: nothing of it is left in memory. Safe to repeat."""
    here = (
        "SELECT datname FROM pg_database JOIN pg_tablespace ON dattablespace = pg_tablespace.oid "
        "WHERE spcname = %s"
    )
    for (name,) in server.execute(here, [TABLESPACE]).fetchall():
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    server.execute(f"DROP TABLESPACE IF EXISTS {TABLESPACE}".encode())
    shutil.rmtree(_directory(), ignore_errors=True)


def _directory() -> Path:
    return MEMORY / f"majlis-{hashlib.sha256(str(var_dir()).encode()).hexdigest()[:12]}"
