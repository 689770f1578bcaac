"""`make check`: format, lint, types, imports, templates, translations, migrations, deployment.

Every check runs, whatever the ones before it said; what a failed one printed is shown.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from portal.embedded import ROOT, start_postgres, start_valkey
from tests.translations import disagreements, faults, has_gettext, uncollected

PRODUCTION = {
    "HTTPS": "1",
    "DEMO": "0",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "portal.majlis.example",
    "ORIGINS": "https://portal.majlis.example",
    "SIGNING_KEY": "11" * 32,
    "EMAIL_URL": "smtp+tls://mailer:word@mail.majlis.example:587",
    "FROM_EMAIL": "Majlis <no-reply@majlis.example>",
    "TRUSTED_PROXIES": "1",
}


def main() -> int:
    directory = ROOT / "var" / "check"
    for name in ("build", "static"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    os.environ["VAR_DIR"] = str(directory)
    os.environ["DATABASE_URL"] = start_postgres(directory / "postgres", durable=False)
    os.environ["REDIS_URL"] = start_valkey(directory / "valkey")
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    failed = [name for name, check in checks() if not _passes(name, check)]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


Check = Callable[[], str]  # returns what is wrong, "" when nothing is


def checks() -> Iterator[tuple[str, Check]]:
    yield "format", _command("ruff", "format", "--check", "--quiet", "--diff", ".")
    yield "lint", _command("ruff", "check", "--quiet", ".")
    yield "templates", _command("djlint", "--lint", "--quiet", ".")
    yield "types", _command("mypy", "--no-error-summary")
    yield "imports", _script("lint-imports", "--no-logo")
    yield "migrations", _manage("makemigrations", "--check", "--dry-run")
    yield "deployment", _manage("check", "--deploy", "--fail-level=WARNING", **PRODUCTION)
    yield "translations", lambda: "\n".join(faults() + disagreements())
    if has_gettext():
        yield "messages", lambda: "\n".join(uncollected())
    else:
        print("messages      left out: gettext is not installed")


def _passes(name: str, check: Check) -> bool:
    began = time.monotonic()
    wrong = check().strip()
    print(f"{name:<13} {'FAILED' if wrong else 'ok':<7} {time.monotonic() - began:5.1f} s")
    if wrong:
        print(wrong, flush=True)
    return not wrong


def _command(module: str, *arguments: str) -> Check:
    return lambda: _output("-m", module, *arguments)


def _script(name: str, *arguments: str) -> Check:
    return lambda: _output(str(Path(sys.executable).with_name(name)), *arguments)


def _manage(*arguments: str, **environment: str) -> Check:
    return lambda: _output("manage.py", *arguments, **environment)


def _output(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
