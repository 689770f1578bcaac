"""Who has a page of the portal open now: by person, for their own delegation alone.

Each process says in Valkey whose sockets it has; what it does not say again lapses. So it has no
past, a process that dies is forgotten, and while Valkey is away nobody is shown as present.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from messaging import bus
from messaging.together import in_thread

if TYPE_CHECKING:
    from messaging.hub import Connection

logger = logging.getLogger(__name__)

TICK = 1.0  # seconds between looks at who has come
AGAIN = 10.0  # seconds after which a process says anew who is there
LAPSE = 25  # seconds after which what was said counts no more

# KEYS: one sorted set, of persons by when they lapse. ARGV: seconds to lapse, then the persons.
_SAY = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
# ARGV: persons. Answers those who are there.
_ASK = """
local now = tonumber(redis.call('TIME')[1])
local found = {}
for _, id in ipairs(ARGV) do
  local lapses = redis.call('ZSCORE', KEYS[1], id)
  if lapses and tonumber(lapses) > now then table.insert(found, id) end
end
return found
"""


def say(users: Iterable[int]) -> bool:
    """These persons are here. Whether Valkey heard it."""
    here = sorted(set(users))
    return not here or bus.run(_SAY, [_key()], [LAPSE, *here]) is not None


def present(users: Iterable[int]) -> set[int]:
    """Those of these persons who are here now; nobody while Valkey is away."""
    asked = sorted(set(users))
    return {int(pk) for pk in (bus.run(_ASK, [_key()], asked) if asked else None) or ()}


async def keep_saying(connections: "set[Connection]") -> None:
    """Of one process, on the event loop of its hub: who comes is said at once, who is there again
    and again.
    """
    loop = asyncio.get_running_loop()
    said: set[int] = set()
    said_all = 0.0
    while True:
        await asyncio.sleep(TICK)
        here = {connection.user_id for connection in connections}
        again = loop.time() - said_all > AGAIN
        fresh = here if again else here - said
        try:
            heard = await in_thread(say)(fresh) if fresh else True
        except Exception:
            logger.exception("Who is present could not be said")
            heard = False
        said = here if heard else set()
        if again and heard:
            said_all = loop.time()


def _key() -> str:
    return bus.name("present")
