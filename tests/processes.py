"""Real processes for the tests that need them: the portal, its worker, a Valkey of one's own."""

import fcntl
import hashlib
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import redis
from django.contrib.auth.hashers import Argon2PasswordHasher

from portal.embedded import ROOT, die_with_parent, postgres_url, var_dir
from portal.embedded_programs import postgres_program, valkey_command
from tests.warm import CHEAP, Forked, Warm

DEMO = "demo"  # what the names of databases with the demo network begin with
DEMO_PASSWORD = "demo password of the tests"
Process = subprocess.Popen[bytes] | Forked


def free_port() -> int:
    """A port that nobody listens on now, and that the kernel gives to nobody who connects: a portal
    that is killed finds it free again.
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311  below the ephemeral ones
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(true: Any, *, seconds: float = 30, what: str = "it") -> None:
    """Wait until `true()` is. Raises AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not come true in {seconds} s"
        time.sleep(0.05)


class Portal:
    """A web server process (and, asked for, a worker) with its own database, mail and files.

    Killed and started again it keeps its address. Two with one `database_url` and one `redis_url`
    are two processes of one portal. What they print is in `log`. `warm`: see `tests.warm`; worth it
    for one of many portals with the same arguments.
    """

    made: ClassVar[list["Portal"]] = []

    def __init__(
        self,
        directory: Path,
        *,
        database_url: str,
        redis_url: str,
        port: int | None = None,
        host: str = "127.0.0.1",
        demo: bool = False,
        warm: bool = False,
        **environment: str,
    ) -> None:
        self.directory = directory
        self.port = port or free_port()
        self.url = f"http://{host}:{self.port}"
        self.log = directory / "portal.log"
        self.demo = demo
        self.warm = warm
        self.process: Process | None = None
        self.worker: Process | None = None
        self.made.append(self)
        self.environment = {
            **os.environ,
            "VAR_DIR": str(directory),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "for-tests-only",
            "SIGNING_KEY": "11" * 32,
            "ORIGINS": self.url,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HTTPS": "0",
            "DEMO": "1" if demo else "0",
            "DEMO_PASSWORD": DEMO_PASSWORD,
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("static", "build"):  # collected once for the whole run
            if not (directory / name).exists():
                (directory / name).symlink_to(var_dir() / name)
        if demo and f"/{DEMO}_" not in database_url:
            self.manage("load_demo", f"--password={DEMO_PASSWORD}")
        elif demo:  # a copy of the loaded database; the pictures that it refers to
            shutil.copytree(demo_files(), directory / "files", dirs_exist_ok=True)

    def start(self) -> "Portal":
        """Start it and wait until it answers."""
        assert self.process is None or self.process.poll() is not None
        self.process = self._start("portal.serve", f"--port={self.port}")
        wait_until(self.answers, what=f"{self.url}/healthz")
        return self

    def start_worker(self) -> None:
        assert self.worker is None or self.worker.poll() is not None
        self.worker = self._start("portal.work")

    def kill(self) -> None:
        """SIGKILL to the web server: nothing of it is told."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM to web server and worker; returns when they are gone. Safe to repeat."""
        for process in (self.process, self.worker):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (self.process, self.worker):
            if process is not None:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def manage(self, *arguments: str) -> str:
        """`manage.py` with this portal's environment; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _start(self, module: str, *arguments: str) -> "Process":
        if self.warm and hasattr(os, "pidfd_open"):
            return Warm.of(self.environment).run(module, *arguments, log=self.log)
        return self._run("-m", module, *arguments)

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )


class OwnValkey:
    """A Valkey that a test may stop and start; what it held is gone each time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory  # a short path: the kernel's limit for a socket's is 108 bytes
        self.socket = directory / "valkey.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self.process is None
        self.process = subprocess.Popen(
            valkey_command(self.directory, self.socket),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        wait_until(self._answers, what="Valkey")

    def stop(self) -> None:
        """SIGKILL, as an outage is."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


class OwnPostgres:
    """A PostgreSQL that a test may stop, kill and start; it keeps what was committed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory  # a short path, as OwnValkey's
        self.url = postgres_url(directory)
        self.process: subprocess.Popen[bytes] | None = None
        self.command, self.options = postgres_program(directory, durable=True)

    def start(self) -> None:
        assert self.process is None
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(signal.SIGQUIT),
            **self.options,
        )
        wait_until(self._answers, what="PostgreSQL")

    def take(self, template: str) -> None:
        """Hold, as `majlis`, what the run's own PostgreSQL holds as `template`."""
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute("CREATE DATABASE majlis")
        programs = Path(self.command[0]).parent
        dump = subprocess.run(
            [programs / "pg_dump", "--no-owner", f"--dbname={database_url(template)}"],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={self.url}"],
            check=True,
            input=dump.stdout,
            stdout=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """As an administrator restarts it: nobody is waited for."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut ends it, but for the disk."""
        self._end(signal.SIGQUIT)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None

    @property
    def _server(self) -> str:
        return postgres_url(self.directory, "postgres")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._server, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Between the processes of one test run."""
    with (var_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def collect_static() -> None:
    """Translations, fonts and static files of this run, made when a source changed."""
    with one_at_a_time("collect"):
        _manage("prepare", "--files")


def template_database() -> str:
    """The name of a migrated, empty database, made when a migration changed."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    name = f"template_{digest.hexdigest()[:12]}"
    with one_at_a_time("template"), connect_server() as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall():
            server.execute(f"DROP DATABASE IF EXISTS {name}_new WITH (FORCE)".encode())
            server.execute(f"CREATE DATABASE {name}_new".encode())
            _manage("migrate", "--verbosity=0", DATABASE_URL=database_url(f"{name}_new"))
            server.execute(f"ALTER DATABASE {name}_new RENAME TO {name}".encode())
    return name


def demo_template() -> str:
    """The name of a database that holds the demo network as it is loaded today."""
    template = template_database()
    digest = hashlib.sha256(f"{template} {date.today()}".encode())  # noqa: DTZ011
    for path in [ROOT / "portal" / "founding.py", *sorted((ROOT / "portal" / "demo").glob("*.*"))]:
        digest.update(path.read_bytes())
    name = f"{DEMO}_template_{digest.hexdigest()[:12]}"
    with one_at_a_time("template"), connect_server() as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall():
            url = create_database(f"{name}_new", template, kept=True)
            where = {"DATABASE_URL": url, "VAR_DIR": str(demo_files().parent)}
            _manage("load_demo", f"--password={DEMO_PASSWORD}", **where)
            with psycopg.connect(url) as loaded:
                loaded.execute(
                    "UPDATE members_user SET password = %s WHERE password LIKE 'argon2%%'",
                    [_cheap_password()],
                )
            server.execute(f"ALTER DATABASE {name}_new RENAME TO {name}".encode())
    return name


def _cheap_password() -> str:
    hasher = Argon2PasswordHasher()
    vars(hasher).update(CHEAP)
    return hasher.encode(DEMO_PASSWORD, hasher.salt())


def demo_files() -> Path:
    """Where the stored files of `demo_template()` lie."""
    return var_dir() / DEMO / "files"


def create_database(name: str, template: str, *, kept: bool = False) -> str:
    """A copy of `template`, made anew, in memory if it is not to be `kept`; returns its URL."""
    place = "pg_default" if kept else os.environ.get("TABLESPACE", "pg_default")
    with connect_server() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {place}".encode())
    return database_url(name)


def drop_database(name: str) -> None:
    """Drop it, once the portals that use it have stopped."""
    for portal in Portal.made:
        if portal.environment["DATABASE_URL"] == database_url(name):
            portal.stop()
    with connect_server() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def database_url(name: str) -> str:
    """The address of a database of this run's PostgreSQL."""
    return postgres_url(var_dir() / "postgres", name)


def connect_server() -> psycopg.Connection[Any]:
    """To this run's PostgreSQL, for what is done to whole databases."""
    return psycopg.connect(database_url("postgres"), autocommit=True)


def _manage(*arguments: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
