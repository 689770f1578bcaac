"""A pytest plugin, loaded before Django: the embedded services that every test runs against.

`VAR_DIR` in the environment moves them, so that two runs can go side by side. They stop when the
run ends, whatever it dies of (see `portal.embedded`).
"""

import gc
import os
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling

from portal.embedded import ROOT, start_postgres, start_valkey
from portal.translations import compile_translations
from tests.memory import clear_room, make_room
from tests.processes import connect_server

if "PYTEST_XDIST_WORKER" not in os.environ:
    directory = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var" / "test"))).resolve()
    for name in ("build", "static"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    compile_translations(ROOT)
    os.environ["DATABASE_URL"] = start_postgres(directory / "postgres", durable=False)
    os.environ["REDIS_URL"] = start_valkey(directory / "valkey")
    os.environ["SECRET_KEY"] = "for-tests-only"
    os.environ["SIGNING_KEY"] = "11" * 32
    os.environ["VAPID_KEY"] = "22" * 32
    os.environ["HTTPS"] = "0"
    os.environ["DEMO"] = "0"
    os.environ["SECOND_FACTOR_REQUIRED"] = "0"  # the cast has none; see test_second_factor.py
    os.environ["DATABASE_POOL"] = "8"
    os.environ["ORIGINS"] = "http://testserver"
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"

TOGETHER = {
    "tests/portal/test_serve.py",  # one server for all of them
    "tests/portal/test_launch.py",  # they start portals in one `var/`, one after another
    "tests/site/test_pages.py",  # what one visitor saw on a long walk
}


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to whoever is free, but those of a file of TOGETHER to one worker.

    pytest-xdist's own `loadgroup` does nothing under pytest 9: it marks the tests by a name that
    they no longer keep.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with connect_server() as server:
            make_room(server)


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with connect_server() as server:
            clear_room(server)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it need not be looked through again after every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Scheduling:
    return Scheduling(config, log)
