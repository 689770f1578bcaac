"""What is new for whom: the one reading behind e-mails and pushes.

It asks for rights, levels and read marks at the moment at which it is called: whoever tells people
something calls it when they decide to, and again when they write.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from messaging.enums import Level
from messaging.models import Mention, NotificationLevel, ReadMark, Room
from messaging.models.notifications import default_level, new_messages
from messaging.permissions import seats_of

Told = Mapping[tuple[int, int], int]  # (person, room) -> up to which record they were told


@dataclass(frozen=True, slots=True)
class Piece:
    """A message that is new for a person, or calls upon them since it was edited."""

    pk: int
    seq: int
    at: datetime  # when it was posted; when it was edited so
    is_statement: bool
    is_mention: bool  # of this person


@dataclass(frozen=True, slots=True)
class RoomNews:
    """What is new in a room for a person, past `since` and up to `upto`: never nothing."""

    room: Room
    since: int
    upto: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def oldest(self) -> datetime:
        return min(piece.at for piece in self.pieces)


def find_news(
    users: Collection[int], rooms: Iterable[Room], told: Told, *, after: datetime
) -> dict[int, list[RoomNews]]:
    """Person -> what is new for them in `rooms`, up to the head that each of these has, in order.

    New is a message that stands, of somebody else, that the person may read now, has not read, is
    past what they were told, was posted `after` a moment and since they have their seat, and is
    of the level that they chose for the room. So is one that was posted before, if an edit since
    then calls upon them for the first time. At most seven queries, however many people and rooms.
    """
    by_id = {room.pk: room for room in rooms}
    seats = seats_of(users, by_id) if by_id and users else {}
    if not seats:
        return {}
    read = ReadMark.objects.of_many(users, by_id)
    levels = NotificationLevel.objects.of_many(users, by_id.values())
    pairs: dict[tuple[int, int], tuple[int, Level, datetime]] = {}
    for user, held in seats.items():
        for pk, through in held.items():
            level = levels.get((user, pk)) or default_level(by_id[pk])
            since = max(read.get((user, pk), 0), told.get((user, pk), 0))
            if level != Level.NOTHING and since < by_id[pk].head_seq:
                began = max(after, min(seat.mandate.starts_at for seat in through))
                pairs[user, pk] = since, level, began
    return _sorted_out(pairs, by_id, after)


def _sorted_out(
    pairs: Mapping[tuple[int, int], tuple[int, Level, datetime]],
    rooms: Mapping[int, Room],
    after: datetime,
) -> dict[int, list[RoomNews]]:
    spans: dict[int, dict[Level, int]] = defaultdict(dict)
    for (_user, room), (since, level, _began) in pairs.items():
        spans[room][level] = min(since, spans[room].get(level, since))
    users = {user for user, _room in pairs}
    both = {r: (least.get(Level.ALL), least.get(Level.MENTIONS)) for r, least in spans.items()}
    messages = list(new_messages(both, users, after).values_list(*_COLUMNS, named=True))
    least = {room: min(levels.values()) for room, levels in spans.items()}
    calls: dict[tuple[int, int], dict[int, Any]] = defaultdict(dict)  # person, room -> message
    for mention in Mention.objects.calling(users, least):
        calls[mention.user_id, mention.room_id][mention.message_id] = mention
    by_room = defaultdict(list)
    for message in messages:
        by_room[message.room_id].append(message)
    news: dict[int, list[RoomNews]] = defaultdict(list)
    for (user, pk), (since, level, began) in pairs.items():
        upto, called = rooms[pk].head_seq, calls[user, pk]
        pieces = [
            Piece(m.pk, m.seq, m.posted_at, m.is_statement, m.pk in called)
            for m in by_room[pk]
            if since < m.seq <= upto and m.author_id != user and m.posted_at > began
        ]
        known = {piece.pk for piece in pieces}
        pieces += [
            Piece(c.message_id, c.message.seq, c.called_at, False, is_mention=True)
            for c in called.values()
            if c.seq > c.message.seq and c.message_id not in known
            if since < c.seq <= upto and c.called_at > began
        ]
        pieces.sort(key=lambda piece: piece.seq)
        if level == Level.MENTIONS:
            pieces = [piece for piece in pieces if piece.is_statement or piece.is_mention]
        if pieces:
            news[user].append(RoomNews(rooms[pk], since, rooms[pk].head_seq, pieces))
    return dict(news)


_COLUMNS = ("pk", "room_id", "seq", "author_id", "posted_at", "is_statement", "calls")
