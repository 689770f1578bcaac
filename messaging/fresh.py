"""Records that this process has just committed, kept for a moment: it need not read them back to
deliver them. Other processes, and who comes late, read the database.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from messaging.models import Record

LASTS = 2.0  # seconds: what is delivered later is read anew, as it stands by then
KEPT = 256

_kept: OrderedDict[tuple[int, int], tuple[Record, float]] = OrderedDict()
_lock = Lock()


def keep(records: Iterable[Record]) -> None:
    """To be called after the commit, before anybody is told of it."""
    now = time.monotonic()
    with _lock:
        for record in records:
            _kept[record.room_id, record.seq] = record, now + LASTS
        while _kept and (len(_kept) > KEPT or next(iter(_kept.values()))[1] <= now):
            _kept.popitem(last=False)


def after(room: int, seq: int) -> list[Record]:
    """Those that follow `seq` in the room without a gap, as they were committed; often none."""
    found: list[Record] = []
    now = time.monotonic()
    with _lock:
        while (entry := _kept.get((room, seq + len(found) + 1))) and entry[1] > now:
            found.append(entry[0])
    return found
