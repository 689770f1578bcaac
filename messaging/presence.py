"""Which delegations have a room open now, and who is writing: shown, never kept.

Presence is by delegation, never by person, and has no past. Each process says in Valkey for which
delegations its sockets are in a room; what it does not say again lapses. So a process that dies is
forgotten, several see the same, and while Valkey is away nobody is shown as present.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import uuid4

from members.enums import Capacity
from messaging import bus
from messaging.enums import RoomKind
from messaging.models import Room
from messaging.permissions import Seat
from messaging.together import in_thread

if TYPE_CHECKING:
    from messaging.hub import Connection, Watch

logger = logging.getLogger(__name__)

TICK = 1.0  # seconds between looks at what has changed
AGAIN = 10.0  # seconds after which a process says anew who is there
LAPSE = 25  # seconds after which what was said counts no more
TYPING_EVERY = 3.0  # seconds between two signs of one person's writing
LATE = 0.25  # seconds that the event loop may lag before signs of writing are dropped
BEHIND = 32  # unconfirmed frames of a reader who is spared them
SILENT_KINDS = (RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS)  # too many write, or one office

# KEYS: one sorted set a room, of "process:delegation" by when it lapses. ARGV: the process, seconds
# to lapse, and for each room a JSON list of its delegations. Answers each room's "…:delegation"s.
_SAY = """
local now = tonumber(redis.call('TIME')[1])
local answer = {}
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  local own = {}
  for _, id in ipairs(cjson.decode(ARGV[i + 2])) do
    local member = ARGV[1] .. ':' .. id
    own[member] = true
    redis.call('ZADD', key, now + ARGV[2], member)
  end
  local all = redis.call('ZRANGE', key, 0, -1)
  local kept = {}
  for _, member in ipairs(all) do
    if own[member] or string.sub(member, 1, #ARGV[1] + 1) ~= ARGV[1] .. ':' then
      table.insert(kept, member)
    else
      redis.call('ZREM', key, member)
    end
  end
  redis.call('EXPIRE', key, ARGV[2])
  answer[i] = kept
end
return answer
"""


def delegations_of(seats: Iterable[Seat]) -> set[int]:
    """For whom the holder of `seats` is in a room; the secretariat is there for no delegation."""
    mandates = (seat.mandate for seat in seats)
    return {m.institution_id for m in mandates if m.capacity != Capacity.SECRETARIAT}


def say_who_is_there(process: str, rooms: dict[int, list[int]]) -> dict[int, list[int]] | None:
    """Room -> delegations that any process has there, after saying ours; None without Valkey."""
    if not rooms:
        return {}
    keys = [bus.name(f"presence:{room}") for room in rooms]
    said = [json.dumps(here) for here in rooms.values()]
    answer = bus.run(_SAY, keys, [process, LAPSE, *said])
    if answer is None:
        return None
    return {
        room: sorted({int(member.rpartition(b":")[2]) for member in members})
        for room, members in zip(rooms, answer, strict=True)
    }


class Presence:
    """Of one process; runs on the event loop of its hub."""

    def __init__(self, watches: "dict[int, Watch]") -> None:
        self._watches = watches
        self._process = uuid4().hex
        self._following: defaultdict[int, set[Connection]] = defaultdict(set)  # by room
        self._fresh: set[tuple[int, Connection]] = set()
        self._said: dict[int, list[int]] = {}  # what this process said last, of each room
        self._shown: dict[int, list[int]] = {}  # what its sockets were told last
        self._hinted: set[int] = set()
        self._said_all = 0.0
        self._typed: dict[int, float] = {}  # when each person was last said to be writing
        self.is_late = False

    def follow(self, connection: "Connection", room: int) -> None:
        self._following[room].add(connection)
        self._fresh.add((room, connection))

    def leave(self, connection: "Connection", room: int) -> None:
        self._fresh.discard((room, connection))
        if followers := self._following.get(room):
            followers.discard(connection)
            if not followers:
                del self._following[room]
                self._shown.pop(room, None)

    def hint(self, room: int) -> None:
        """Another process has said something new of the room."""
        self._hinted.add(room)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self.is_late = loop.time() - due > LATE
            try:
                await self._tick()
            except Exception:
                logger.exception("Presence failed")

    async def _tick(self) -> None:
        now = time.monotonic()
        here = {room: self._here(room) for room in self._following}
        gone: dict[int, list[int]] = {
            room: [] for room, said in self._said.items() if said and room not in here
        }
        changed = {room for room, ids in here.items() if ids != self._said.get(room, [])}
        changed |= gone.keys()
        again = now - self._said_all > AGAIN
        asked = here.keys() if again else here.keys() & (changed | self._hinted)
        fresh = {room for room, _ in self._fresh} - self._shown.keys()
        rooms = {room: here.get(room, []) for room in {*asked, *fresh, *gone}}
        self._hinted.clear()
        if rooms:
            found = await in_thread(say_who_is_there)(self._process, rooms)
            if found is None:  # nobody is known to be there: it is said again when Valkey is back
                self._said.clear()
                found = {room: [] for room in self._following}
            else:
                self._said = {r: ids for r, ids in {**self._said, **rooms}.items() if ids}
                if again:
                    self._said_all = now
                for room in changed:
                    await in_thread(bus.whisper)({"type": "presence.changed", "room": room})
            await self._show(found)
        for room, connection in tuple(self._fresh):
            self._fresh.discard((room, connection))
            if room in self._shown:
                await self._send(connection, room)

    def _here(self, room: int) -> list[int]:
        watch = self._watches.get(room)
        readers = watch.readers if watch else ()
        seats = (seat for reader in readers for seat in reader.rooms.get(room, ()))
        return sorted(delegations_of(seats))

    async def _show(self, found: dict[int, list[int]]) -> None:
        for room, institutions in found.items():
            if room not in self._following or self._shown.get(room) == institutions:
                continue
            self._shown[room] = institutions
            for connection in tuple(self._following[room]):
                self._fresh.discard((room, connection))
                await self._send(connection, room)

    async def _send(self, connection: "Connection", room: int) -> None:
        if room not in connection.rooms or connection.in_doubt or connection.unconfirmed > BEHIND:
            self._fresh.add((room, connection))  # at the next look
            return
        frame = {"type": "room.presence", "room": room, "institutions": self._shown[room]}
        with contextlib.suppress(Exception):  # a socket that is going: its consumer will part
            await connection.send(frame)

    # --- Writing --------------------------------------------------------------------------------

    async def typed(self, connection: "Connection", room: int) -> None:
        """The person is writing in `room`. Told to nobody where it may not be, or too soon."""
        now = time.monotonic()
        seats = connection.rooms.get(room, ())
        may = any(seat.may_write for seat in seats) and not connection.in_doubt
        if not may or self.is_late or now - self._typed.get(connection.user_id, 0) < TYPING_EVERY:
            return
        self._typed = {u: at for u, at in self._typed.items() if now - at < TYPING_EVERY}
        self._typed[connection.user_id] = now
        chairs = any(seat.chairs for seat in seats)
        await in_thread(_tell_of_writing)(room, connection.user_id, chairs)

    async def show_writing(self, room: int, user: int) -> None:
        watch = self._watches.get(room)
        if watch is None or self.is_late:
            return
        frame = {"type": "room.typing", "room": room, "user": user}
        for reader in tuple(watch.readers):
            if reader.user_id == user or reader.in_doubt or reader.unconfirmed > BEHIND:
                continue
            with contextlib.suppress(Exception):
                await reader.send(frame)


def _tell_of_writing(room: int, user: int, chairs: bool) -> None:
    found = Room.objects.open_to_writing(chairs).filter(pk=room, is_of_all=False)
    if found.exclude(kind__in=SILENT_KINDS).exists():
        bus.whisper({"type": "room.typing", "room": room, "user": user})
