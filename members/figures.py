"""Membership applications in figures. Reckoned by the database, however many there are."""

from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from members.enums import ApplicationState as State
from members.enums import QueueTab
from members.models import Application

MEMBERS = (State.ADMITTED, State.CHARTER_SIGNED, State.ACTIVE)
# A spell in a state begins with the entry that led to it, and ends with the next one that led to
# another; where none did, it goes on until now.
_SPELLS = """
SELECT state,
       count(*),
       count(*) FILTER (WHERE ended IS NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       max(days)
FROM (
    SELECT after->>'state' AS state,
           lead(at) OVER steps AS ended,
           extract(epoch FROM coalesce(lead(at) OVER steps, %(now)s) - at) / 86400 AS days
    FROM records_auditentry
    WHERE object_type = 'members.application' AND after ? 'state'
    WINDOW steps AS (PARTITION BY object_id ORDER BY number)
) AS spells
WHERE state = ANY(%(states)s)
GROUP BY state
"""


class YearRow(NamedTuple):
    """Applications submitted in a year, by what has become of them."""

    year: int
    number: int
    members: int
    declined: int
    withdrawn: int
    open: int
    share: int  # of the fullest year, in hundredths: the length of the bar


class StateRow(NamedTuple):
    state: State
    number: int
    share: int


class SpellRow(NamedTuple):
    """How long applications are in a state, in whole days."""

    state: State
    number: int
    running: int
    median: int
    longest: int
    share: int


def _share(value: float, most: float) -> int:
    return round(100 * value / most) if most else 0


def by_year() -> list[YearRow]:
    """By the year of submission, the latest first; years without any are left out."""
    found: dict[int, dict[str, int]] = {}
    for year, state, number in Application.objects.in_queue().counts_by_year():
        found.setdefault(year, {})[state] = number
    most = max((sum(each.values()) for each in found.values()), default=0)
    rows = []
    for year in sorted(found, reverse=True):
        states = found[year]
        total = sum(states.values())
        members = sum(states.get(state, 0) for state in MEMBERS)
        declined = states.get(State.DECLINED, 0)
        withdrawn = states.get(State.WITHDRAWN, 0) + states.get(State.LAPSED, 0)
        rest = total - members - declined - withdrawn
        rows.append(YearRow(year, total, members, declined, withdrawn, rest, _share(total, most)))
    return rows


def by_state() -> list[StateRow]:
    """How many are in each state now, in the order of the way; drafts are the applicants' own."""
    counts = Application.objects.in_queue().counts_by_state()
    most = max(counts.values(), default=0)
    return [
        StateRow(state, counts[state], _share(counts[state], most))
        for state in State
        if counts.get(state)
    ]


def days_in_states() -> list[SpellRow]:
    """Of each state that passes, from the audit log: how often, the median and the longest."""
    passing = [s for s in State if s != State.DRAFT and s not in QueueTab.CLOSED.states]
    with connection.cursor() as cursor:
        cursor.execute(_SPELLS, {"now": timezone.now(), "states": [str(s) for s in passing]})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    most = max((int(row[2]) for row in found.values()), default=0)
    return [
        SpellRow(s, row[0], row[1], int(row[2]), int(row[3]), _share(int(row[2]), most))
        for s in passing
        if (row := found.get(s))
    ]
