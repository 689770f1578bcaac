"""The services' keeper: shared by all users, gone with the last, whatever they die of."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis

from portal import embedded
from portal.embedded import ROOT
from portal.embedded_programs import socket_directory
from tests.processes import wait_until

pytestmark = pytest.mark.processes

USER = """
import sys, time
from pathlib import Path
from portal.embedded import start_valkey
print(start_valkey(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix="majlis-"))
    yield parent / "valkey"
    shutil.rmtree(parent)


def use(directory: Path) -> "tuple[subprocess.Popen[str], str]":
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    return user, user.stdout.readline().strip()


def answers(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def running(directory: Path) -> list[str]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        said = " ".join(process.info["cmdline"] or [])
        if str(directory) in said and "import sys, time" not in said:
            found.append(said)
    return found


def end(user: "subprocess.Popen[str]", number: int) -> None:
    user.send_signal(number)
    user.communicate(timeout=40)


def test_service_stays_while_anyone_uses_it_and_goes_with_the_last(directory: Path) -> None:
    first, url = use(directory)
    second, same = use(directory)
    assert url == same
    assert len(running(directory)) == 2  # one keeper, one Valkey
    end(first, signal.SIGKILL)
    assert answers(url)
    end(second, signal.SIGKILL)
    wait_until(lambda: not running(directory), what="an end of the service")


def test_service_that_dies_is_started_again(directory: Path) -> None:
    user, url = use(directory)
    valkey = next(
        process
        for process in psutil.process_iter(["cmdline", "name"])
        if "valkey" in process.info["name"] and str(directory) in str(process.info["cmdline"])
    )
    valkey.kill()
    wait_until(lambda: answers(url), what="Valkey")
    end(user, signal.SIGTERM)
    wait_until(lambda: not running(directory), what="an end of the service")


def test_killed_keeper_takes_its_service_along(directory: Path) -> None:
    user, url = use(directory)
    keeper = next(
        process
        for process in psutil.process_iter(["cmdline"])
        if "portal.embedded" in str(process.info["cmdline"])
        and str(directory) in str(process.info["cmdline"])
    )
    keeper.kill()
    wait_until(lambda: not running(directory), what="an end of the service")
    assert not answers(url)
    end(user, signal.SIGTERM)


def test_long_paths_have_their_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 80) / "postgres"
    sockets = socket_directory(deep)
    assert sockets != deep
    assert str(os.getuid()) in sockets.name
    assert sockets == socket_directory(deep)  # the same in every process


def test_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    made = embedded.kept_secret(path, lambda: "first")
    assert (made, embedded.kept_secret(path, lambda: "second")) == ("first", "first")
    assert path.stat().st_mode & 0o777 == 0o600
