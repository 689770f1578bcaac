"""That the harness works; nothing here depends on how fast anything is."""

import json

import pytest

from tests.bench import __main__ as bench
from tests.bench.figures import FIGURES, NAMES, wanted
from tests.bench.measure import Size

pytestmark = pytest.mark.processes

SMALL = Size(
    few=4,
    many=5,
    rounds=1,
    latency_seconds=0.2,
    loop_seconds=0.1,
    writers=2,
    messages=300,
    messages_few=30,
    rooms=3,
    openings=3,
    listed=(120, 20, 20),  # a second page of the directory
    listed_few=110,
)


def test_a_small_bench_measures_every_figure(
    collected_static: None, migrated_template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = bench.run(migrated_template, SMALL, set(NAMES))
    bench.show(report)
    lines = capsys.readouterr().out.splitlines()
    told = [json.loads(line) for line in lines[: len(FIGURES)]]
    assert [line["figure"] for line in told] == [figure.name for figure in FIGURES]
    for line in told:
        assert {"value", "baseline", "ratio", "rounds", "bar", "holds"} <= line.keys()
    [unread] = [line for line in told if line["figure"] == "unread"]
    assert (unread["value"], unread["bar"], unread["holds"]) == (1, "≤ 1", True)


def test_figures_are_chosen_by_name() -> None:
    assert wanted("") == set(NAMES)
    assert wanted("fanout, join") == {"fanout", "join"}
    with pytest.raises(SystemExit, match="No figure speed"):
        wanted("speed")
