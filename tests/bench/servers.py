"""The servers that are measured, each in a process of its own, and the rounds."""

import asyncio
import http.client
import json
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from portal.embedded import ROOT, die_with_parent
from tests import processes
from tests.bench.figures import BARE, NAIVE, OURS, SHORT, SMALL
from tests.bench.lists import LISTS
from tests.bench.measure import Size, Target, measure

PEOPLED = "bench_people"  # the database with everyone in it, which each round copies
NEEDS = {  # what a baseline is measured for
    OURS: {"fanout", "cpu", "latency", "posts", "memory", "join"},
    BARE: {"fanout", "cpu", "latency", "join"},
    NAIVE: {"fanout", "cpu", "posts", "memory"},
}


def rounds(template: str, size: Size, names: set[str]) -> list[dict[str, Any]]:
    """The servers by turns, each and its data fresh in every round."""
    processes.create_database(PEOPLED, template)
    with server("people", template=PEOPLED, own=False) as peopled:
        stage = answer(peopled, "tests.bench.stage", str(max(size.many, size.writers)))
    servers = [(OURS, portal), (BARE, bare), (NAIVE, naive)]
    servers = [(name, serve) for name, serve in servers if NEEDS[name] & names]
    found: list[dict[str, Any]] = []
    for number in range(size.rounds):
        this: dict[str, Any] = {"other_cores": 0.0}
        for name, serve in servers[:: 1 if number % 2 == 0 else -1]:
            with serve(stage) as target:
                others = Others()
                this[name] = asyncio.run(measure(target, size, NEEDS[name] & names))
                this["other_cores"] = max(this["other_cores"], others.cores())
            print(f"round {number + 1}, {name}: done", file=sys.stderr, flush=True)
        found.append(this)
    processes.drop_database(PEOPLED)
    return found


def rounds_of_past(template: str, size: Size, names: set[str]) -> list[dict[str, Any]]:
    """Of one portal with a million messages: what a room's page, its counts and a search take."""
    found = []
    with server("bench_past", template=template) as past:
        began = time.monotonic()
        filled = answer(
            past, "tests.bench.past", *map(str, (size.messages, size.messages_few, size.rooms))
        )
        took = time.monotonic() - began
        print(f"{size.messages:,} messages written in {took:.0f} s", file=sys.stderr, flush=True)
        if "open" in names:
            past.start()
        for number in range(size.rounds):
            others = Others()
            this: dict[str, Any] = {OURS: {}, SMALL: {}}
            if "open" in names:
                cookie = f"sessionid={filled['session']}"
                rooms = [filled["big"], filled["small"]] * size.openings
                times = [  # the first ones warm it
                    _open(past.port, f"/en/rooms/{room}/", cookie, sign=b"data-timeline")
                    for room in [*rooms[:6], *rooms]
                ][6:]
                this[OURS]["open"] = statistics.median(times[::2])
                this[SMALL]["open"] = statistics.median(times[1::2])
            if names & {"unread", "search"}:
                asked = ("ask", str(filled["big"]), str(filled["user"]))
                this[OURS] |= answer(past, "tests.bench.past", *asked)
            this["other_cores"] = others.cores()
            found.append(this)
            print(f"round {number + 1} of the past: done", file=sys.stderr, flush=True)
    return found


def rounds_of_lists(template: str, size: Size) -> list[dict[str, Any]]:
    """Of two portals, one with long lists and one with lists of 100: what it takes to open them."""
    found = []
    with (
        server("bench_many", template=template, SECOND_FACTOR_REQUIRED="0") as many,
        server("bench_few", template=template, SECOND_FACTOR_REQUIRED="0") as few,
    ):
        began = time.monotonic()
        sessions = {
            portal.port: answer(portal, "tests.bench.lists", *map(str, numbers))["session"]
            for portal, numbers in ((many, size.listed), (few, (size.listed_few,) * 3))
        }
        took = time.monotonic() - began
        print(f"{sum(size.listed):,} rows of lists in {took:.0f} s", file=sys.stderr, flush=True)
        many.start()
        few.start()
        for number in range(size.rounds):
            others = Others()
            this: dict[str, Any] = {OURS: {}, SHORT: {}}
            for key, path in LISTS.items():
                times: dict[int, list[float]] = {many.port: [], few.port: []}
                for turn in range(size.openings + 3):
                    for port, session in sessions.items():
                        cookie = "" if path.startswith("/en/members/") else f"sessionid={session}"
                        took = _open(port, path, cookie, sign=b'class="table')
                        times[port] += [took] if turn >= 3 else []  # warm by then
                this[OURS][key] = statistics.median(times[many.port])
                this[SHORT][key] = statistics.median(times[few.port])
            this["other_cores"] = others.cores()
            found.append(this)
            print(f"round {number + 1} of the lists: done", file=sys.stderr, flush=True)
    return found


def _open(port: int, path: str, cookie: str, *, sign: bytes) -> float:
    """Milliseconds until the page has come, which must have `sign` in it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read()
    took = time.perf_counter() - began
    connection.close()
    assert (answer.status, sign in page) == (200, True), (path, answer.status)
    return took * 1000


def answer(of: processes.Portal, *module: str) -> Any:
    """What a module of ours, run in the environment of a portal, prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=of.environment, stdout=subprocess.PIPE
    )
    assert done.returncode == 0, module
    return json.loads(done.stdout)


@contextmanager
def server(
    name: str, *, template: str, own: bool = True, **environment: str
) -> Iterator[processes.Portal]:
    """A portal, not yet started, with a Valkey and a database (a copy of `template`) of its own."""
    directory = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    valkey = processes.OwnValkey(directory)
    valkey.start()
    url = processes.create_database(name, template) if own else processes.database_url(template)
    made = processes.Portal(
        directory / "portal",
        database_url=url,
        redis_url=valkey.url,
        MESSAGE_BURST="1000000",
        MESSAGES_PER_SECOND="1000000",
        **environment,
    )
    try:
        yield made
    finally:
        made.stop()
        if own:
            processes.drop_database(name)
        valkey.stop()
        shutil.rmtree(directory)


@contextmanager
def portal(stage: dict[str, Any]) -> Iterator[Target]:
    with server("bench", template=PEOPLED) as ours:
        ours.start()
        assert ours.process
        yield Target(OURS, ours.port, ours.process.pid, stage["room"], stage["people"])


@contextmanager
def naive(stage: dict[str, Any]) -> Iterator[Target]:
    with server("bench", template=PEOPLED) as home:
        command = ("tests.bench.naive", str(home.port))
        with _process(*command, port=home.port, environment=home.environment) as process:
            yield Target(NAIVE, home.port, process.pid, stage["room"], stage["people"])


@contextmanager
def bare(stage: dict[str, Any]) -> Iterator[Target]:
    port = processes.free_port()
    with (
        tempfile.TemporaryDirectory(prefix="majlis-bench-") as directory,
        _process("tests.bench.bare", str(port), f"{directory}/bare.sqlite", port=port) as process,
    ):
        yield Target(BARE, port, process.pid, stage["room"], stage["people"])


@contextmanager
def _process(
    *module: str, port: int, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        processes.wait_until(lambda: _listens(process, port), what=module[0])
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    assert process.poll() is None
    return any(
        each.laddr.port == port and each.status == psutil.CONN_LISTEN
        for each in psutil.Process(process.pid).net_connections("tcp")
    )


class Others:
    """What everything but this run takes of the machine."""

    def __init__(self) -> None:
        self.began, self.all, self.own = time.monotonic(), self._all(), self._own()

    def cores(self) -> float:
        """Since this was made, on the average. Called while the server of the round still lives."""
        used = self._all() - self.all - (self._own() - self.own)
        return max(0.0, used / (time.monotonic() - self.began))

    @staticmethod
    def _all() -> float:
        times = psutil.cpu_times()
        return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))

    @staticmethod
    def _own() -> float:
        own, used = psutil.Process(), 0.0
        for each in [own, *own.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):  # it has just ended; its parent has its times
                used += sum(each.cpu_times()[:4])
        return used
