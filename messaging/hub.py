"""One per server process: which local sockets hear which room, and what they hear.

The hub is told that a room has advanced (by the bus) or finds it out (by comparing heads with
the database, every second while the bus is away), reads the new records once, renders them once
per language, and hands the same text to every socket. What it sends of a room is gapless and in
order, whatever order the hints came in.

Everything here runs on the event loop of the server; the database is reached in other threads.
"""

import asyncio
import contextlib
import json
import logging
import struct
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from redis.exceptions import RedisError

from members.models import User
from messaging import bus
from messaging.commands import post_together
from messaging.counts import Counts
from messaging.events import Event, session_digest
from messaging.models import Room
from messaging.permissions import Seat, Seats, earliest_end, live_sessions, seats_of
from messaging.presence import Presence
from messaging.present import keep_saying
from messaging.rendering import fill_next, read_next
from messaging.together import Together, in_thread

logger = logging.getLogger(__name__)

WINDOW = 512  # frames that a socket may leave unconfirmed before it is closed
SWEEP_WITH_BUS = 15.0  # seconds between comparisons with the database, as a safety net
SWEEP_WITHOUT_BUS = 1.0
ENDS_EVERY = 0.25  # seconds between looks for mandates that have just ended by their own date

SESSION_OVER = 4401
LAGGING = 4408

# An extension of ASGI (in `scope["extensions"]`): hand a WebSocket frame to the kernel at once,
# without a coroutine; False where the socket is not open.
WIRE = "majlis.wire"

Frame = dict[str, Any]


def text_event(frame: Frame) -> dict[str, Any]:
    """What tells an ASGI server to send `frame`; made once, it can be handed to many sockets.

    Under WIRE is the whole WebSocket frame, for a server with that extension (`portal.serve`): it
    spares framing the same text for every reader. Other servers send `text`.
    """
    text = json.dumps(frame, ensure_ascii=False)
    data = text.encode()
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", 0x81, size)
    elif size < 2**16:
        head = struct.pack("!BBH", 0x81, 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 127, size)
    return {"type": "websocket.send", "text": text, WIRE: head + data}


@dataclass(eq=False)
class Connection:
    """A socket, as the hub sees it."""

    user_id: int
    session_key: str
    language: str
    send_event: Callable[[dict[str, Any]], Awaitable[None]]
    close: Callable[[int], Awaitable[None]]
    write: Callable[[bytes], bool] | None = None  # see `WIRE`
    rooms: dict[int, tuple[Seat, ...]] = field(default_factory=dict)  # and the seats held there
    in_doubt: bool = False  # rights may have changed: nobody hears until they were looked at
    doubts: int = 0  # how often they may have
    ends_at: float | None = None  # when the first mandate behind its rooms ends by its own date
    unconfirmed: int = 0

    async def send(self, frame: Frame) -> None:
        await self.send_event(text_event(frame))


@dataclass(eq=False)
class Watch:
    """A room with local readers.

    `last` is the last record that they were sent, `head` the last that is known to be there.
    """

    last: int
    head: int = 0
    readers: set[Connection] = field(default_factory=set)
    task: asyncio.Task[None] | None = None


class Hub:
    """See the module. `Hub.current()` is that of the running event loop."""

    _hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.connections: set[Connection] = set()
        self.watches: dict[int, Watch] = {}
        self.bus_is_up = False
        self.sessions = Together(_users)
        self.seats = Together(_seats)
        self.posts = Together(post_together)
        self.counts = Counts()
        self.presence = Presence(self.watches)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._doubted = asyncio.Event()
        self._settled = asyncio.Event()  # nobody is in doubt
        self._settled.set()

    @classmethod
    def current(cls) -> "Hub":
        loop = asyncio.get_running_loop()
        hub = cls._hubs.get(loop)
        if hub is None:
            hub = cls._hubs[loop] = cls()
            tasks = (hub._follow_bus, hub._sweep, hub._resolve_doubts, hub._watch_ends)
            for work in (*tasks, hub.counts.run, hub.presence.run):
                hub._spawn(work())
            hub._spawn(keep_saying(hub.connections))
            bus.listeners.add(hub)
        return hub

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- Sockets come, enter rooms, and go ------------------------------------------------------

    def join(self, connection: Connection) -> None:
        self.connections.add(connection)

    def sockets_of(self, user_id: int) -> int:
        return sum(connection.user_id == user_id for connection in self.connections)

    def part(self, connection: Connection) -> None:
        for room in tuple(connection.rooms):
            self.leave(connection, room)
        self.connections.discard(connection)
        self.counts.part(connection)

    async def enter(self, connection: Connection, room: int, held: tuple[Seat, ...]) -> int:
        """Let the socket hear `room`; returns the number from which on it will hear everything.

        The caller has checked the right. What came before is the client's to fetch (sync).
        """
        watch = self.watches.get(room)
        if watch is None:
            watch = self.watches[room] = Watch(last=-1)
        watch.readers.add(connection)
        connection.rooms[room] = held
        self._note_end(connection, [held])
        if watch.last < 0:  # the head is read after the watch stands, so that nothing falls between
            head = (await in_thread(Room.objects.heads)([room])).get(room, 0)
            watch.last = max(watch.last, head)
        return watch.last

    def leave(self, connection: Connection, room: int) -> None:
        connection.rooms.pop(room, None)
        self.presence.leave(connection, room)
        if watch := self.watches.get(room):
            watch.readers.discard(connection)
            if not watch.readers:
                del self.watches[room]

    def _note_end(self, connection: Connection, seats: Iterable[tuple[Seat, ...]]) -> None:
        end = earliest_end(seats)
        ends = [e for e in (connection.ends_at, end and end.timestamp()) if e]
        connection.ends_at = min(ends, default=None)

    # --- News ---------------------------------------------------------------------------------

    async def _follow_bus(self) -> None:
        while True:
            try:
                async for event in bus.listen():
                    if event is None:
                        self.bus_is_up = True
                        logger.info("The bus is up")
                        await self._compare()
                    else:
                        self._hear(event)
            except (RedisError, OSError) as error:
                if self.bus_is_up:
                    logger.warning("The bus was lost (%s)", type(error).__name__)
            except Exception:
                logger.exception("The bus failed")
            self.bus_is_up = False
            await asyncio.sleep(0.5)

    def overhear(self, event: Event) -> None:
        """As `_hear`, of what this process itself has done; comes again by the bus."""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._hear, event)

    def _hear(self, event: Event) -> None:
        match event.get("type"):
            case "room.advanced":
                self.touch(event["room"], event["seq"])
                self.counts.advanced(event["room"])
            case "read.changed":
                self.counts.changed([event["user"]])
            case "draft.changed":
                self._spawn(self._tell_of_draft(event["room"], event["user"], event["version"]))
            case "presence.changed":
                self.presence.hint(event["room"])
            case "room.typing":
                self._spawn(self.presence.show_writing(event["room"], event["user"]))
            case "rights.changed":
                users = event["users"]
                self.doubt(c for c in self.connections if users is None or c.user_id in users)
                self.counts.changed(users)
            case "session.ended":
                for connection in tuple(self.connections):
                    if session_digest(connection.session_key) == event["session"]:
                        self._spawn(self._drop(connection, SESSION_OVER))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_WITHOUT_BUS)
            waited = SWEEP_WITHOUT_BUS
            while self.bus_is_up and waited < SWEEP_WITH_BUS:
                await asyncio.sleep(SWEEP_WITHOUT_BUS)
                waited += SWEEP_WITHOUT_BUS
            try:
                await self._compare()
            except Exception:
                logger.exception("The sweep failed")

    async def _watch_ends(self) -> None:
        while True:
            await asyncio.sleep(ENDS_EVERY)
            now = time.time()
            over = (c for c in self.connections if c.ends_at and now >= c.ends_at)
            self.doubt(c for c in over if not c.in_doubt)

    async def _compare(self) -> None:
        """Look at everything anew: rights first, then what the watched rooms have come to."""
        self.doubt(self.connections)
        if self.watches:
            heads = await in_thread(Room.objects.heads)(list(self.watches))
            for room, head in heads.items():
                self.touch(room, head)
        await self.counts.compare()

    # --- Rooms --------------------------------------------------------------------------------

    def touch(self, room: int, head: int) -> None:
        """The room has (perhaps) come to `head`: bring its readers up to date."""
        watch = self.watches.get(room)
        if watch is None or head <= watch.last:
            return
        watch.head = max(watch.head, head)
        if watch.task is None or watch.task.done():
            watch.task = self._spawn(self._deliver(room, watch))

    async def _deliver(self, room: int, watch: Watch) -> None:
        while watch.last < watch.head and watch.readers:
            if watch.last < 0:  # the first reader is still entering; it will start at the head
                await asyncio.sleep(0.01)
                continue
            languages = {reader.language for reader in watch.readers}
            try:
                asked = room, watch.last, languages
                rendered = fill_next(*asked) or await in_thread(read_next)(*asked)
            except Exception:
                logger.exception("Room %s could not be read", room)
                await asyncio.sleep(SWEEP_WITHOUT_BUS)
                continue
            if not rendered:  # who told of them was wrong
                watch.head = watch.last
                continue
            head = next(iter(rendered.values()))[-1]["seq"]
            frames = {
                language: text_event(
                    {
                        "type": "room.records",
                        "room": room,
                        "after": watch.last,
                        "head": head,
                        "records": rendered[language],
                    }
                )
                for language in languages
            }
            told = text_event({"type": "room.head", "room": room, "head": head})
            watch.last = head
            now = time.time()
            self.doubt(r for r in watch.readers if r.ends_at and now >= r.ends_at)
            await self._settled.wait()
            for reader in tuple(watch.readers):
                # One who entered meanwhile in another language is told the head, and syncs.
                event = frames.get(reader.language) or told
                reader.unconfirmed += 1
                if reader.unconfirmed > WINDOW:
                    await self._drop(reader, LAGGING)
                    continue
                with contextlib.suppress(Exception):  # a socket that is going: it will part
                    if not (reader.write and reader.write(event[WIRE])):
                        await reader.send_event(event)

    async def _tell_of_draft(self, room: int, user: int, version: int) -> None:
        """To the person's own sockets in the room alone, and without a word of it."""
        frame = {"type": "draft.changed", "room": room, "version": version}
        readers = self.watches[room].readers if room in self.watches else set()
        for reader in tuple(readers):
            if reader.user_id == user and not reader.in_doubt:
                with contextlib.suppress(Exception):  # a socket that is going
                    await reader.send(frame)

    async def _drop(self, connection: Connection, code: int) -> None:
        self.part(connection)
        with contextlib.suppress(Exception):
            await connection.close(code)

    # --- Rights -------------------------------------------------------------------------------

    def doubt(self, connections: Iterable[Connection]) -> None:
        """Let nobody hear anything until the rights of these were looked at (in one go)."""
        for connection in tuple(connections):
            connection.in_doubt = True
            connection.doubts += 1
            self._settled.clear()
            self._doubted.set()

    async def _resolve_doubts(self) -> None:
        while True:
            await self._doubted.wait()
            self._doubted.clear()
            # A room that is entered meanwhile was looked at by who entered it.
            doubted = {c: (frozenset(c.rooms), c.doubts) for c in self.connections if c.in_doubt}
            try:
                living, seats = await in_thread(_standing)(
                    {c.session_key for c in doubted},
                    {room for rooms, _ in doubted.values() for room in rooms},
                )
            except Exception:
                logger.exception("Rights could not be read")
                await asyncio.sleep(SWEEP_WITHOUT_BUS)
                self._doubted.set()
                continue
            for connection, (rooms, doubts) in doubted.items():
                if connection not in self.connections:
                    continue
                if living.get(connection.session_key) != connection.user_id:
                    await self._drop(connection, SESSION_OVER)
                    continue
                allowed = seats.get(connection.user_id, {})
                for room in rooms & connection.rooms.keys():
                    if room in allowed:
                        wrote = _may_write(connection.rooms[room])
                        connection.rooms[room] = allowed[room]
                        if _may_write(allowed[room]) != wrote:
                            await connection.send({"type": "room.rights", "room": room})
                    else:
                        self.leave(connection, room)
                        await connection.send({"type": "room.closed", "room": room})
                if connection.rooms.keys() <= rooms:
                    connection.ends_at = None
                self._note_end(connection, allowed.values())
                connection.in_doubt = connection.doubts != doubts  # doubted anew meanwhile
            if not any(c.in_doubt for c in self.connections):
                self._settled.set()


def _may_write(held: Iterable[Seat]) -> bool:
    return any(seat.may_write for seat in held)


def _users(_: None, sessions: list[str]) -> list[User | None]:
    living = live_sessions(sessions)
    return [living.get(key) for key in sessions]


def _seats(room: int, users: list[int]) -> list[tuple[Seat, ...]]:
    seats = seats_of(users, [room])
    return [seats.get(user, {}).get(room, ()) for user in users]


def _standing(sessions: set[str], rooms: set[int]) -> tuple[dict[str, int], Seats]:
    living = live_sessions(sessions)
    return (
        {key: user.pk for key, user in living.items()},
        seats_of({user.pk for user in living.values()}, rooms),
    )
