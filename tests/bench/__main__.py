"""`make bench`: what a room costs, as ratios to two baselines beside it (docs/performance.md).

Milliseconds depend on the machine; ratios say whether a change made the portal dearer. One JSON
line per figure, then a table. `make bench BENCH=fanout,join` measures these alone.
"""

import json
import os
import sys
import time
from typing import Any

import psutil

from portal.embedded import ROOT, start_postgres
from portal.translations import compile_translations
from tests.bench.figures import FIGURES, OF_DATA, OF_LISTS, table, wanted
from tests.bench.measure import Size

DIRECTORY = ROOT / "var" / "bench"
REPORT = ROOT / "var" / "bench.json"


def start() -> str:
    """Everything that a server needs; returns the name of a migrated database to copy."""
    for name in ("build", "static"):
        (DIRECTORY / name).mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VAR_DIR": str(DIRECTORY),
        "DATABASE_URL": start_postgres(DIRECTORY / "postgres"),  # durable, as in production
        "REDIS_URL": "unix:///none",  # every server gets a Valkey of its own
        "SECRET_KEY": "for-measuring-only",
        "HTTPS": "0",
        "ORIGINS": "http://127.0.0.1",
    }
    compile_translations(ROOT)

    from tests import processes

    processes.collect_static()
    return processes.template_database()


def main() -> None:
    names = wanted(os.environ.get("BENCH", ""))
    report = run(start(), Size(rounds=int(os.environ.get("ROUNDS", "3"))), names)
    show(report)
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(f"Written to {REPORT.relative_to(ROOT)}.")
    sys.exit(not all(line["holds"] for line in report["figures"]))


def run(template: str, size: Size, names: set[str]) -> dict[str, Any]:
    """All rounds of the figures `names`, and what they come to."""
    from tests.bench import servers

    began = time.monotonic()
    of_talk = names - OF_DATA - OF_LISTS
    rounds = servers.rounds(template, size, of_talk) if of_talk else []
    of_data = servers.rounds_of_past(template, size, names & OF_DATA) if names & OF_DATA else []
    of_lists = servers.rounds_of_lists(template, size) if names & OF_LISTS else []
    of = dict.fromkeys(OF_DATA, of_data) | dict.fromkeys(OF_LISTS, of_lists)
    lines = [
        figure.judged(of.get(figure.name, rounds)) for figure in FIGURES if figure.name in names
    ]
    return {
        "seconds": time.monotonic() - began,
        "cores": psutil.cpu_count(),
        "python": sys.version.split()[0],
        "figures": lines,
        "rounds": [*rounds, *of_data, *of_lists],
    }


def show(report: dict[str, Any]) -> None:
    for line in report["figures"]:
        print(json.dumps(line, ensure_ascii=False))
    print(f"\n{table(report['figures'])}")
    loads = [each["other_cores"] for each in report["rounds"]]
    print(
        f"\n{report['cores']} cores, of which others took {min(loads):.1f} to {max(loads):.1f};"
        f" {report['seconds']:.0f} s."
    )


if __name__ == "__main__":
    main()
