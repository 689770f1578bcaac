"""Which figures there are, what each is held against, and whether it holds."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OURS, BARE, NAIVE = "portal", "B", "N"


@dataclass(frozen=True)
class Figure:
    """`key` in what a server's round gives, against the same of the baseline: `bar` is a ratio.

    Without a baseline the bar is the value itself.
    """

    name: str  # for BENCH=
    what: str
    key: str
    baseline: str
    more_is_better: bool
    bar: float

    @property
    def bar_text(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        return f"{sign} {self.bar:g} {self.baseline}".strip()

    def judged(self, rounds: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, Any]:
        """The line of this figure: the medians, the median of the rounds' own ratios."""
        ours = [each[OURS][self.key] for each in rounds]
        line: dict[str, Any] = {"figure": self.name, "what": self.what}
        line["value"] = tidy(statistics.median(ours))
        counts = ours
        if self.baseline:
            theirs = [each[self.baseline][self.key] for each in rounds]
            counts = [mine / (their or 1e-9) for mine, their in zip(ours, theirs, strict=True)]
            line["baseline"] = tidy(statistics.median(theirs))
            line["ratio"] = tidy(statistics.median(counts))
            line["ratios"] = sorted(map(tidy, counts))
        else:
            line["baseline"] = line["ratio"] = None
        middle = statistics.median(counts)
        line["rounds"] = len(rounds)
        line["bar"] = self.bar_text
        line["holds"] = middle >= self.bar if self.more_is_better else middle <= self.bar
        return line


def tidy(number: float) -> float:
    """Four digits that mean something."""
    return float(f"{number:.4g}")


# Stand where a server's name does:
SMALL = "a room with few messages"
SHORT = "lists of 100"

FIGURES = [
    Figure("fanout", "200 in a room, deliveries/s", "fanout", BARE, True, 0.4),
    Figure("fanout", "200 in a room, deliveries/s", "fanout", NAIVE, True, 10),
    Figure("latency", "200 in a room, p50 ms", "p50_few", BARE, False, 3),
    Figure("latency", "200 in a room, p99 ms", "p99_few", BARE, False, 5),
    Figure("latency", "500 in a room, p50 ms", "p50_many", BARE, False, 3),
    Figure("latency", "500 in a room, p99 ms", "p99_many", BARE, False, 5),
    Figure("posts", "acknowledged posts/s, 1 in flight", "posts_one", NAIVE, True, 3),
    Figure("posts", "acknowledged posts/s, 16 in flight", "posts_many", NAIVE, True, 10),
    Figure("memory", "KiB per idle connection", "memory", NAIVE, False, 1.1),
    Figure("cpu", "server CPU s per 100,000 deliveries", "cpu", BARE, False, 3),
    Figure("cpu", "server CPU s per 100,000 deliveries", "cpu", NAIVE, False, 0.1),
    Figure("join", "500 join at once, s", "join", BARE, False, 6),
    Figure("open", "open a room: 1,000,000 messages against 1,000, ms", "open", SMALL, False, 1.3),
    Figure("unread", "unread in 200 rooms, queries", "unread_queries", "", False, 1),
    Figure("lists", "open the directory of 10,000, ms", "directory", SHORT, False, 1.5),
    Figure("lists", "search and sort it by name, ms", "directory_found", SHORT, False, 1.5),
    Figure(
        "lists", "one class of it, by date of joining, ms", "directory_joined", SHORT, False, 1.5
    ),
    Figure("lists", "open 100,000 people, ms", "people", SHORT, False, 1.5),
    Figure("lists", "sort them by institution, ms", "people_by_institution", SHORT, False, 1.5),
    Figure("lists", "search them, sorted by institution, ms", "people_found", SHORT, False, 1.5),
    Figure("lists", "open 10,000 applications, ms", "queue", SHORT, False, 1.5),
    Figure("lists", "sort them by country, ms", "queue_by_country", SHORT, False, 1.5),
    Figure("lists", "search them, sorted by name, ms", "queue_found", SHORT, False, 1.5),
    Figure("search", "search in 1,000,000 messages, median ms", "search", "", False, 100),
]
NAMES = list(dict.fromkeys(figure.name for figure in FIGURES))
OF_DATA = {"open", "unread", "search"}  # which need no baseline, and a million messages
OF_LISTS = {"lists"}


def wanted(names: str) -> set[str]:
    """What `BENCH=fanout,join` asks for; all where it is empty. Raises SystemExit for others."""
    chosen = {name.strip() for name in names.split(",") if name.strip()}
    if unknown := chosen - set(NAMES):
        raise SystemExit(f"No figure {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
    return chosen or set(NAMES)


def table(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = [f"{'':<52}{'value':>10}{'baseline':>10}{'ratio':>8}   {'bar':<9} holds"]
    for line in lines:
        baseline = f"{line['baseline']:>10,.4g}" if line["baseline"] is not None else f"{'':>10}"
        ratio = f"{line['ratio']:>8.3g}" if line["ratio"] is not None else f"{'':>8}"
        holds = "yes" if line["holds"] else "NO"
        rows.append(
            f"{line['what']:<52}{line['value']:>10,.4g}{baseline}{ratio}   {line['bar']:<9} {holds}"
        )
    return "\n".join(rows)
