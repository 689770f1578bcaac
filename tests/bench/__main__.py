"""`make bench`: what a room costs, as ratios to a bare server beside it (docs/performance.md).

Milliseconds depend on the machine; ratios say whether a change made the portal dearer.
"""

import asyncio
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from portal.embedded import ROOT, die_with_parent, start_postgres
from portal.translations import compile_translations
from tests.bench.measure import Size, Target, measure

DIRECTORY = ROOT / "var" / "bench"
REPORT = ROOT / "var" / "bench.json"
OURS, BARE = "portal", "bare"


def main() -> None:
    for name in ("build", "static"):
        (DIRECTORY / name).mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VAR_DIR": str(DIRECTORY),
        "DATABASE_URL": start_postgres(DIRECTORY / "postgres"),  # durable, as in production
        "REDIS_URL": "unix:///none",  # the portal gets a Valkey of its own
        "SECRET_KEY": "for-measuring-only",
        "HTTPS": "0",
        "ORIGINS": "http://127.0.0.1",
    }
    compile_translations(ROOT)

    from tests import processes  # noqa: PLC0415  reads the environment

    processes.collect_static()
    report = run(processes.template_database(), Size())
    show(report)
    REPORT.write_text(json.dumps(report, indent=1) + "\n")
    print(f"Written to {REPORT.relative_to(ROOT)}.")


def run(template: str, size: Size) -> dict[str, Any]:
    """All rounds, the two servers by turns, each server and its data fresh in every round."""
    began = time.monotonic()
    rounds: list[dict[str, Any]] = []
    for number in range(size.rounds):
        for name, serve in ((OURS, portal), (BARE, bare))[:: 1 if number % 2 == 0 else -1]:
            with serve(template, max(size.rooms)) as target:
                others = Others()
                figures = asyncio.run(measure(target, size))
                load = others.cores()
            rounds.append({"server": name, "other_cores": load, "figures": figures})
            print(f"round {number + 1}, {name}: done", file=sys.stderr, flush=True)
    return {
        "seconds": time.monotonic() - began,
        "cores": psutil.cpu_count(),
        "python": sys.version.split()[0],
        "rounds": rounds,
        "summary": summary(rounds),
    }


def summary(rounds: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By figure: the medians of both servers, and the ratios within the rounds."""
    ours = [each["figures"] for each in rounds if each["server"] == OURS]
    theirs = [each["figures"] for each in rounds if each["server"] == BARE]
    found = {}
    for figure in ours[0]:
        pairs = [(mine[figure], bare[figure]) for mine, bare in zip(ours, theirs, strict=True)]
        found[figure] = {
            OURS: statistics.median(mine for mine, _ in pairs),
            BARE: statistics.median(bare for _, bare in pairs),
            "ratios": sorted(mine / bare for mine, bare in pairs if bare > 0),
        }
    return found


def show(report: dict[str, Any]) -> None:
    print(f"\n{'median':<30}{'portal':>12}{'bare':>12}{'portal/bare':>13}   lowest..highest")
    for figure, found in report["summary"].items():
        line = f"{figure:<30}{found[OURS]:>12,.2f}{found[BARE]:>12,.2f}"
        if ratios := found["ratios"]:  # none where a small round took the bare server nothing
            line += f"{statistics.median(ratios):>13.2f}   {ratios[0]:.2f}..{ratios[-1]:.2f}"
        print(line)
    loads = [each["other_cores"] for each in report["rounds"]]
    print(
        f"\n{report['cores']} cores, of which others took {min(loads):.1f} to {max(loads):.1f};"
        f" {report['seconds']:.0f} s."
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
        own = psutil.Process()
        return sum(sum(each.cpu_times()[:4]) for each in [own, *own.children(recursive=True)])


@contextmanager
def portal(template: str, people: int) -> Iterator[Target]:
    """A portal in a process, with a database and a Valkey of its own."""
    from tests import processes  # noqa: PLC0415  reads the environment

    directory = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    valkey = processes.OwnValkey(directory)
    valkey.start()
    server = processes.Portal(
        directory / "portal",
        database_url=processes.create_database("bench", template),
        redis_url=valkey.url,
        MESSAGE_BURST="1000000",
        MESSAGES_PER_SECOND="1000000",
    )
    try:
        stage = subprocess.run(
            [sys.executable, "-m", "tests.bench.stage", str(people)],
            cwd=ROOT,
            env=server.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        server.start()
        assert server.process
        set_out = json.loads(stage.stdout)
        yield Target(OURS, server.port, server.process.pid, set_out["room"], set_out["people"])
    finally:
        processes.drop_database("bench")
        valkey.stop()
        shutil.rmtree(directory)


@contextmanager
def bare(template: str, people: int) -> Iterator[Target]:
    """The server of `tests.bench.bare` in a process, in the same PostgreSQL."""
    from tests import processes  # noqa: PLC0415  reads the environment

    port = processes.free_port()
    url = processes.create_database("bench", template)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bare", str(port), url],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        processes.wait_until(lambda: _listens(server, port), what="the bare server")
        everyone = [{"mandate": 0, "session": "none"}] * people
        yield Target(BARE, port, server.pid, 0, everyone)
    finally:
        server.terminate()
        server.wait(20)
        processes.drop_database("bench")


def _listens(server: "subprocess.Popen[bytes]", port: int) -> bool:
    assert server.poll() is None
    return any(
        each.laddr.port == port and each.status == psutil.CONN_LISTEN
        for each in psutil.Process(server.pid).net_connections("tcp")
    )


if __name__ == "__main__":
    main()
