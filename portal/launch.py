"""`make run`: the whole portal on this machine, from nothing, until Ctrl-C.

Starts PostgreSQL and Valkey where the environment names none, brings the database up to date,
loads the demo network the first time, then keeps a web server and a worker running. Only the
standard library is imported here: what is missing must be said in a sentence.
"""

import argparse
import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.embedded import (
    ROOT,
    die_with_parent,
    kept_secret,
    leave,
    secret_key,
    start_postgres,
    start_valkey,
    var_dir,
)
from portal.embedded_programs import EmbeddedServiceError

LEAST_SPACE = 500 * 1024 * 1024  # bytes that must be free under `var/`
SERVE = ["-m", "portal.serve"]
WORK = ["-m", "portal.work"]
PREPARE = ["manage.py", "prepare"]
FIRST_ANSWER = 60.0  # seconds for the web server to answer the first time


class LaunchError(Exception):
    """The portal cannot run; the message is one sentence for the terminal."""


class Stopped(Exception):
    """No error: Ctrl-C, or a request to end."""


class Child:
    """A process of the portal, started again when it dies, later each time."""

    def __init__(self, name: str, arguments: list[str], *, descriptors: tuple[int, ...] = ()):
        self.name, self.arguments, self.descriptors = name, arguments, descriptors
        self.deaths: list[float] = []
        self.again_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, *self.arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=self.descriptors,
            process_group=0,  # Ctrl-C comes to the launcher alone, which stops them in order
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def watch(self) -> None:
        """Start it again if it died. Raises LaunchError after five deaths in a minute."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            self.process = None
            self.deaths = [death for death in self.deaths if death > now - 60] + [now]
            if len(self.deaths) >= 5:
                raise LaunchError(f"The {self.name} ended five times in a minute (code {code}).")
            delay = 2 ** (len(self.deaths) - 1) / 2
            self.again_at = now + delay
            say(f"The {self.name} ended (code {code}) and is started again.")
        if self.process is None and now >= self.again_at:
            self.start()

    def stop(self, patience: float) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.launch", description="Run Majlis.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--reload", action="store_true", help="load the demo network again, and end"
    )
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        check_machine()
        with only_one(var_dir()):
            if options.reload:
                reload_demo()
            else:
                run(options.port)
    except (LaunchError, EmbeddedServiceError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except Stopped:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        leave()
    return 0


def run(port: int) -> None:
    with listening(port) as listener:
        set_environment(port)
        prepare()
        web = Child(
            "web server", [*SERVE, f"--fd={listener.fileno()}"], descriptors=(listener.fileno(),)
        )
        worker = Child("worker", WORK)
        try:
            web.start()
            worker.start()
            await_answer(web, port)
            announce(port)
            while True:
                time.sleep(0.25)
                web.watch()
                worker.watch()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            say("\nStopping.")
            web.stop(patience=10)
            worker.stop(patience=15)


def check_machine() -> None:
    """Raises LaunchError when this machine cannot run the portal."""
    for module in ("django", "daphne", "psycopg", "procrastinate"):
        if importlib.util.find_spec(module) is None:
            raise LaunchError(f"{module} is not installed here: run `make run`.")
    directory = var_dir()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise LaunchError(f"The portal cannot write to {directory}: {error.strerror}.") from error
    free = shutil.disk_usage(directory).free
    if free < LEAST_SPACE:
        raise LaunchError(
            f"The disk of {directory} has {free // 1024**2} MiB left; "
            f"the portal needs {LEAST_SPACE // 1024**2}."
        )


@contextmanager
def only_one(directory: Path) -> Iterator[IO[str]]:
    """Hold `directory` for this launcher. Raises LaunchError when another one holds it."""
    with (directory / "launch.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise LaunchError(
                f"Majlis already runs on {directory} (process {lock.read().strip() or 'unknown'}); "
                "stop it first, or set VAR_DIR to another folder."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """The socket, ours from now on: a web server that is started again loses no connection.

    Raises LaunchError when the port is taken.
    """
    listener = socket.socket()
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(4096)
        except (OSError, OverflowError) as error:
            raise LaunchError(
                f"Port {port} of 127.0.0.1 cannot be used ({getattr(error, 'strerror', error)}): "
                f"try `make run PORT={port + 1 if port < 65535 else 8000}`."
            ) from error
        yield listener


def set_environment(port: int) -> None:
    """What the portal's processes read; what the environment says already stands."""
    directory = var_dir()
    defaults = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "VAR_DIR": str(directory),
        "HTTPS": "0",
        "DEMO": "1",
        "ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
        "LOG_LEVEL": "WARNING",
        "SECURITY_CONTACT": "mailto:security@demo.example",
        "PYTHONUNBUFFERED": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    try:
        os.environ.setdefault("SECRET_KEY", secret_key(directory))
        if not os.environ.get("SIGNING_KEY"):
            os.environ["SIGNING_KEY"] = kept_secret(
                directory / "signing-key", lambda: secrets.token_hex(32)
            )
        if not os.environ.get("VAPID_KEY"):
            os.environ["VAPID_KEY"] = kept_secret(
                directory / "vapid-key", lambda: secrets.token_hex(32)
            )
        if not os.environ.get("DEMO_PASSWORD"):
            os.environ["DEMO_PASSWORD"] = kept_secret(
                directory / "demo-password", lambda: secrets.token_urlsafe(9)
            )
            os.environ["DEMO_PASSWORD_FILE"] = str(directory / "demo-password")
    except OSError as error:
        raise LaunchError(f"The portal cannot write to {directory}: {error.strerror}.") from error
    if not os.environ.get("DATABASE_URL"):
        say("Starting PostgreSQL.")
        os.environ["DATABASE_URL"] = start_postgres(directory / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_valkey(directory / "valkey")


def prepare(*arguments: str) -> None:
    """Database, translations, static files, demo network: in a process of its own."""
    child = Child("preparation", [*PREPARE, *arguments])
    child.start()
    try:
        assert child.process is not None  # noqa: S101
        if child.process.wait():
            raise LaunchError("The portal could not be prepared; the reason stands above.")
    finally:
        child.stop(patience=10)


def await_answer(web: Child, port: int) -> None:
    """Raises LaunchError when the web server dies or stays silent."""
    end = time.monotonic() + FIRST_ANSWER
    while time.monotonic() < end:
        if web.process is None or web.process.poll() is not None:
            raise LaunchError("The web server did not start; the reason stands above.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise LaunchError(f"The web server answers {error.code}; see above.") from error
        except OSError:
            time.sleep(0.1)
    raise LaunchError(f"The web server does not answer after {FIRST_ANSWER:.0f} seconds.")


def announce(port: int) -> None:
    from portal.demo.people import table  # noqa: PLC0415  standard library only, and demo only

    say(f"\nMajlis is ready: http://127.0.0.1:{port}/\n")
    if os.environ["DEMO"] not in ("0", "false", ""):
        kept = os.environ.get("DEMO_PASSWORD_FILE")
        say("Who can sign in:")
        for address, role in table():
            say(f"  {address:<30} {role}")
        say(
            f"Password of all: {os.environ['DEMO_PASSWORD']}"
            + (f" (kept in {_short(Path(kept))})" if kept else " (DEMO_PASSWORD)")
        )
    say("Ctrl-C stops everything; `make run` goes on with the same data.\n")


def reload_demo() -> None:
    """Empty the embedded database and load the demo network again, if the person agrees."""
    if os.environ.get("DATABASE_URL"):
        raise LaunchError("`make demo` empties the embedded database only: unset DATABASE_URL.")
    if os.environ.get("YES") != "1":
        if not sys.stdin.isatty():
            raise LaunchError("Everything written in the portal would be lost: say YES=1.")
        if input("Everything written in the portal is lost. Go on? [y/N] ").lower() != "y":
            raise Stopped
    set_environment(8000)
    prepare("--empty")


def say(text: str) -> None:
    print(text, flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
