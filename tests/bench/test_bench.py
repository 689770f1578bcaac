"""That the harness works; nothing here depends on how fast anything is."""

import json

import pytest

from tests.bench import __main__ as bench
from tests.bench.measure import Size

pytestmark = pytest.mark.processes


def test_a_small_bench_measures_both_servers(
    collected_static: None, migrated_template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    size = Size(rooms=(4, 5), rounds=1, latency_seconds=0.2, loop_seconds=0.1, writers=2)
    report = bench.run(migrated_template, size)
    assert [each["server"] for each in report["rounds"]] == [bench.OURS, bench.BARE]
    for found in report["summary"].values():
        assert found[bench.BARE] is not None
    assert report["summary"]["posts/s, 1 in flight"][bench.OURS] > 0
    assert json.loads(json.dumps(report)) == report
    bench.show(report)
    assert "deliveries/s, N=5" in capsys.readouterr().out
