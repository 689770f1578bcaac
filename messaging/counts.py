"""What waits for each person, told to all their pages: unread messages and mentions.

A `Counts` is part of the hub of a process. It hears which rooms advanced and whose marks or rights
changed, counts at most about once a second for all who follow, in a few queries, and tells those
for whom something changed. It has a task of its own: no frame of a room waits for it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.models import COUNTED, Room
from messaging.models.counting import waiting
from messaging.notices import Notice, find_notices, written
from messaging.permissions import seats_of
from messaging.together import in_thread

if TYPE_CHECKING:
    from messaging.hub import Connection

logger = logging.getLogger(__name__)

SETTLE = 0.5  # seconds to wait for more news: a page that shows what is new marks it read meanwhile
PAUSE = 0.4  # seconds between one count and the next news
SAFETY = 15.0  # seconds between counts of everything, for what no bus told

ByRoom = dict[int, tuple[int, int]]  # room -> unread, mentions; of those that have any


def unread_in_words(number: int) -> str:
    if number >= COUNTED:
        return _("more than %(number)s unread messages") % {"number": COUNTED - 1}
    return ngettext("%(number)s unread message", "%(number)s unread messages", number) % {
        "number": number
    }


def mentions_in_words(number: int) -> str:
    if number >= COUNTED:
        return _("more than %(number)s mentions of you") % {"number": COUNTED - 1}
    return ngettext("%(number)s mention of you", "%(number)s mentions of you", number) % {
        "number": number
    }


def counts_frame(by_room: ByRoom, language: str) -> dict[str, Any]:
    """What a page is told, over the socket and over HTTP; a room that is not in it has nothing."""
    with translation.override(language):
        unread = sum(unread for unread, _ in by_room.values())
        mentions = sum(mentions for _, mentions in by_room.values())
        return {
            "type": "counts",
            **_said(unread, mentions),
            "rooms": {str(room): _said(*counts) for room, counts in by_room.items()},
        }


def _said(unread: int, mentions: int) -> dict[str, Any]:
    return {
        "unread": unread,
        "mentions": mentions,
        "unread_label": unread_in_words(unread) if unread else "",
        "mentions_label": mentions_in_words(mentions) if mentions else "",
    }


def count_anew(anew: Collection[int], others: Collection[int], rooms: Collection[int]) -> Any:
    """Person -> room -> counts: of `anew` all their rooms, of `others` these `rooms` alone.

    Rooms that a person may not read are left out. Five queries at the most, for however many.
    """
    pairs = [(user, room) for user, held in seats_of(anew).items() for room in held] if anew else []
    if others and rooms:
        seats = seats_of(others, rooms)
        pairs += [(user, room) for user, held in seats.items() for room in held]
    found: dict[int, dict[int, tuple[int, int]]] = {user: {} for user in (*anew, *others)}
    for (user, room), counts in waiting(pairs).items():
        found[user][room] = counts
    return found


def look(
    anew: Collection[int], others: Collection[int], rooms: Collection[int], told: dict[int, int]
) -> tuple[dict[int, ByRoom], dict[int, list[Notice]]]:
    """What waits (`count_anew`), and whom to tell of what in `rooms` (`find_notices`)."""
    found = count_anew(anew, others, rooms)
    return found, find_notices(found, rooms, told) if rooms else {}


class Counts:
    """See the module. Runs on the event loop of the hub."""

    def __init__(self) -> None:
        self._following: dict[int, set[Connection]] = {}
        self._known: dict[int, ByRoom] = {}  # of those who follow, as they were told last
        self._fresh: set[Connection] = set()  # to be told in any case
        self._rooms: set[int] = set()
        self._people: set[int] = set()
        self._heads: dict[int, int] = {}
        self._noticed: dict[int, int] = {}  # room -> up to which record people were told
        self._news = asyncio.Event()
        self._counted_all = 0.0

    # --- Who follows, and what is new -----------------------------------------------------------

    def follow(self, connection: "Connection") -> None:
        self._following.setdefault(connection.user_id, set()).add(connection)
        self._fresh.add(connection)
        self.changed([connection.user_id])

    def part(self, connection: "Connection") -> None:
        self._fresh.discard(connection)
        if followers := self._following.get(connection.user_id):
            followers.discard(connection)
            if not followers:
                del self._following[connection.user_id]
                self._known.pop(connection.user_id, None)

    def advanced(self, room: int) -> None:
        """Something was said in the room."""
        if self._following:
            self._rooms.add(room)
            self._news.set()

    def changed(self, users: Iterable[int] | None) -> None:
        """The marks or the rights of these people (None: of anybody) are others now."""
        whom = self._following.keys() if users is None else self._following.keys() & set(users)
        if whom:
            self._people |= whom
            self._news.set()

    async def compare(self) -> None:
        """Find out without the bus what it may not have told."""
        if not self._following:
            return
        now = asyncio.get_running_loop().time()
        if now - self._counted_all > SAFETY:
            self._counted_all = now
            self.changed(None)
        heads = await in_thread(Room.objects.all_heads)()
        for room, head in heads.items():
            if head > self._heads.get(room, head):
                self.advanced(room)
        self._heads = heads

    # --- Counting -------------------------------------------------------------------------------

    async def run(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(SETTLE)
            self._news.clear()
            rooms, people = self._rooms, self._people & self._following.keys()
            self._rooms, self._people = set(), set()
            try:
                others = self._following.keys() - people if rooms else set()
                found, notices = await in_thread(look)(people, others, rooms, self._noticed)
            except Exception:
                logger.exception("What waits could not be counted")
                self._rooms |= rooms
                self._people |= people
                self._news.set()
            else:
                for user, counts in found.items():
                    counted = rooms if user in others else None
                    if not await self._tell(user, counts, counted, notices.get(user, [])):
                        self._rooms |= {each.room.pk for each in notices.pop(user, ())}
                for notice in (each for of in notices.values() for each in of):
                    before = self._noticed.get(notice.room.pk, 0)
                    self._noticed[notice.room.pk] = max(before, notice.upto)
                for room in self._rooms:  # told again to all: pages know what they were told
                    self._noticed.pop(room, None)
            await asyncio.sleep(PAUSE)

    async def _tell(
        self, user: int, counts: ByRoom, rooms: set[int] | None, notices: list[Notice]
    ) -> bool:
        """`rooms`: those that were counted; None: all. False where nothing could be told yet."""
        followers = self._following.get(user, set())
        if user in self._people or any(each.in_doubt for each in followers):
            self.changed([user])  # rights may be others by now: nothing is told of what was counted
            return False
        known = self._known.get(user)
        kept = {} if rooms is None else {r: c for r, c in (known or {}).items() if r not in rooms}
        counts = {room: each for room, each in {**kept, **counts}.items() if any(each)}
        self._known[user] = counts
        if known is None and rooms is not None:  # not counted as a whole yet
            self.changed([user])
            return False
        told = [c for c in followers if counts != known or c in self._fresh or notices]
        frames = {
            language: counts_frame(counts, language)
            | ({"notices": written(notices, language)} if notices else {})
            for language in {c.language for c in told}
        }
        for connection in told:
            self._fresh.discard(connection)
            with contextlib.suppress(Exception):  # a socket that is going: its consumer will part
                await connection.send(frames[connection.language])
        return True
