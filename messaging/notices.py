"""What a person is told in their open pages while they look at something else: that they were
mentioned, or that a statement was issued. Part of what waits (`messaging.counts`), and found by the
same reading as e-mails and pushes (`messaging.news`): rights, levels and marks of that moment.

A notice says where, and nothing of what was said; of a restricted room not even which it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from messaging.models import Message, NotificationSettings, Room
from messaging.news import RoomNews, find_news

RECENT = timedelta(seconds=30)  # older news was missed, not brought: the counts and letters tell it


@dataclass(frozen=True, slots=True)
class Notice:
    """`seq` is what it leads to, `upto` up to where it tells."""

    room: Room
    seq: int
    upto: int
    is_mention: bool


def find_notices(
    users: Collection[int], rooms: Collection[int], told: Mapping[int, int]
) -> dict[int, list[Notice]]:
    """Person -> what `users` are to be told of `rooms`, past the records that were `told` of them
    (room -> number), one notice a room. One query where nobody was called upon.
    """
    now = timezone.now()
    calling = Message.objects.calling(rooms, now - RECENT)
    fresh = {room for room, seq in calling if seq > told.get(room, 0)}
    if not fresh:
        return {}
    marks = {(user, room): told.get(room, 0) for user in users for room in fresh}
    news = find_news(users, Room.objects.by_id(fresh).values(), marks, after=now - RECENT)
    quiet = NotificationSettings.objects.quiet(news, now) if news else set()
    found = {
        user: [notice for each in of if (notice := _notice(each))]
        for user, of in news.items()
        if user not in quiet
    }
    return {user: notices for user, notices in found.items() if notices}


def _notice(news: RoomNews) -> Notice | None:
    """Of the first that calls upon the person, else of the first statement, if there is one."""
    telling = [piece for piece in news.pieces if piece.is_mention or piece.is_statement]
    if not telling:
        return None
    first = next((piece for piece in telling if piece.is_mention), telling[0])
    return Notice(news.room, first.seq, telling[-1].seq, first.is_mention)


def written(notices: list[Notice], language: str) -> list[dict[str, Any]]:
    """As a page is told, in its language."""
    with translation.override(language):
        return [
            {
                "room": each.room.pk,
                "seq": each.upto,
                "text": _in_words(each),
                "address": reverse("messaging:place", args=[each.room.pk, each.seq]),
            }
            for each in notices
        ]


def _in_words(notice: Notice) -> str:
    if notice.room.is_restricted:
        if notice.is_mention:
            return _("You were mentioned in a restricted room.")
        return _("A statement was issued in a restricted room.")
    if notice.room.is_direct:  # its title is the names of those who are in it
        return _("You were mentioned in a direct room.")
    name = {"room": f"\u2068{notice.room.title.text}\u2069"}  # isolated: it has its own direction
    if notice.is_mention:
        return _("You were mentioned in %(room)s.") % name
    return _("A statement was issued in %(room)s.") % name
