"""How fast one person may write: buckets of tokens, kept in Valkey for all processes.

There is a bucket per person and room, and one of twice its size per person over all rooms. A batch
of posts asks for all its people in one round trip. While Valkey is away every process counts by
itself: a flood is still held, at a limit as many times as high as there are processes.

It protects the room from a flood, not the portal from an attacker: that is the proxy's part.
"""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from messaging import bus

EVERYWHERE = 2  # how many times a room's bucket, and its rate, a person has in all rooms together
_KEPT = 10_000  # buckets remembered while Valkey is away; the one longest untouched goes first
_lock = Lock()
_buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # name -> (tokens, since)

# One clock, Valkey's, for all servers. KEYS: room's and person's bucket of each person; ARGV: size,
# rate, EVERYWHERE, then how many tokens each person wants. Returns of each person what they got,
# and what is left in both.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local size, rate, times = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local answers = {}
local function level(key, size, rate)
  local kept = redis.call('HMGET', key, 'tokens', 'since')
  if not kept[1] then return size end
  return math.min(size, kept[1] + math.max(0, now - kept[2]) * rate)
end
local function keep(key, tokens, size, rate)
  redis.call('HSET', key, 'tokens', string.format('%.6f', tokens),
    'since', string.format('%.6f', now))
  redis.call('PEXPIRE', key, math.ceil(size / rate * 1000) + 1000)
end
for i = 1, #KEYS / 2 do
  local here = level(KEYS[2 * i - 1], size, rate)
  local everywhere = level(KEYS[2 * i], size * times, rate * times)
  local wanted = tonumber(ARGV[3 + i])
  local taken = math.max(0, math.min(wanted, math.floor(math.min(here, everywhere) + 0.000001)))
  keep(KEYS[2 * i - 1], here - taken, size, rate)
  keep(KEYS[2 * i], everywhere - taken, size * times, rate * times)
  answers[i] = {taken, tostring(here - taken), tostring(everywhere - taken)}
end
return answers
"""


@dataclass
class Allowance:
    """What a person got of what they wanted, and what is left in their two buckets."""

    taken: int
    here: float
    everywhere: float
    refused: int = 0

    def next_wait(self) -> float:
        """0.0 for as many as were taken; then the seconds until there will be one more token."""
        if self.taken:
            self.taken -= 1
            return 0.0
        self.refused += 1
        rate: float = settings.MESSAGES_PER_SECOND
        waits = (
            (self.refused - self.here) / rate,
            (self.refused - self.everywhere) / (rate * EVERYWHERE),
        )
        return max(0.001, *waits)


def seconds_to_wait(room: int, people: Sequence[int]) -> list[float]:
    """For messages that `people` (ids, in order) want to say in `room`: of each 0.0, and one token
    is taken, or the seconds after which its author will have one for it.
    """
    wanted = Counter(people)
    allowed = _shared(room, wanted) or _own(room, wanted)
    return [allowed[person].next_wait() for person in people]


def _names(room: int, person: int) -> tuple[str, str]:
    return bus.name(f"pace:{person}:{room}"), bus.name(f"pace:{person}")


def _shared(room: int, wanted: Counter[int]) -> dict[int, Allowance] | None:
    """From Valkey; None while it is away."""
    keys = [name for person in wanted for name in _names(room, person)]
    limits = [settings.MESSAGE_BURST, settings.MESSAGES_PER_SECOND, EVERYWHERE]
    answers = bus.run(_TAKE, keys, [*limits, *wanted.values()])
    if answers is None:
        return None
    return {
        person: Allowance(taken, float(here), float(everywhere))
        for person, (taken, here, everywhere) in zip(wanted, answers, strict=True)
    }


def _own(room: int, wanted: Counter[int]) -> dict[int, Allowance]:
    """From the buckets of this process."""
    now = time.monotonic()
    found = {}
    with _lock:
        for person, number in wanted.items():
            names = _names(room, person)
            levels = [
                _level(name, now, times) for name, times in zip(names, (1, EVERYWHERE), strict=True)
            ]
            taken = max(0, min(number, math.floor(min(levels))))
            for name, level in zip(names, levels, strict=True):
                _buckets[name] = (level - taken, now)
            found[person] = Allowance(taken, levels[0] - taken, levels[1] - taken)
        while len(_buckets) > _KEPT:
            _buckets.popitem(last=False)
    return found


def _level(name: str, now: float, times: int) -> float:
    size = float(settings.MESSAGE_BURST * times)
    tokens, since = _buckets.pop(name, (size, now))
    rate: float = settings.MESSAGES_PER_SECOND
    return min(size, tokens + (now - since) * rate * times)
