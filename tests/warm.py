"""A portal that is loaded already: processes of it start in a tenth of the time.

Most of what a web server or worker does until it answers is importing. `python -m tests.warm`
imports once, in the environment of the processes to come, and forks one for each line that it
reads. Settings are read by then, so each environment has a process like this of its own.
"""

import gc
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from portal.embedded import ROOT, die_with_parent

# To hash a password costs what it costs a guesser, a third of a second and 100 MiB each time
# somebody signs in: of that a test learns nothing.
CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


class Forked:
    """What tests use of a `Popen`, for a process that is not our child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._file = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        return 0 if select.select([self._file], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        if not select.select([self._file], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return 0

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._file, number)


class Warm:
    """The process that forks, from here. It ends with this process."""

    _running: ClassVar[dict[frozenset[tuple[str, str]], "Warm"]] = {}

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )

    @classmethod
    def of(cls, environment: dict[str, str]) -> "Warm":
        """The one of this environment, started for the first who asks."""
        # The test's own name is of no concern to the portal.
        key = frozenset((k, v) for k, v in environment.items() if k != "PYTEST_CURRENT_TEST")
        if key not in cls._running:
            cls._running[key] = cls(environment)
        return cls._running[key]

    @classmethod
    def leave(cls) -> None:
        """End them all, once what they forked is gone."""
        while cls._running:
            _key, warm = cls._running.popitem()
            warm._process.communicate()

    def run(self, module: str, *arguments: str, log: Path) -> Forked:
        """`python -m module arguments`, its words appended to `log`. One web server at a time: they
        share the loop's file descriptors.
        """
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([module, arguments, str(log)]), file=self._process.stdin, flush=True)
        return Forked(int(self._process.stdout.readline()))


def read_ahead() -> None:
    """What the first requests would read: the catalogues, the addresses and the templates."""
    from django.conf import settings  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils.translation import gettext, override  # noqa: PLC0415

    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Sign in")
            reverse("account_login")
    for path in ROOT.glob("*/templates/**/*.html"):
        get_template("/".join(path.relative_to(ROOT).parts[2:]))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from portal import asgi, serve, work  # noqa: F401, I001, PLC0415  it needs the environment
    from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415
    from procrastinate.contrib.django import app  # noqa: PLC0415

    from messaging import watching  # noqa: F401, PLC0415

    for name, value in CHEAP.items():
        setattr(Argon2PasswordHasher, name, value)
    read_ahead()
    app.perform_import_paths()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()  # or each fork's first collection would copy all of this
    mains = {"portal.serve": serve.main, "portal.work": lambda _arguments: work.main()}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # leaves no zombies
    for line in sys.stdin:
        module, arguments, log = json.loads(line)
        if pid := os.fork():
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        die_with_parent(signal.SIGKILL)()
        words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), words, words)):
            os.dup2(file, number)
        try:
            mains[module](arguments)
        finally:
            os._exit(0)


if __name__ == "__main__":
    main()
