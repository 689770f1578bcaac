"""What a push says of what is new in a room: little, and of a restricted room nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from members.letters import written_for
from members.models import User
from messaging.models import Message, Room
from messaging.news import RoomNews, find_news
from records.languages import in_language
from records.message_markdown import plain_message
from records.reading import number

LONGEST = 160  # characters of what was said


@dataclass(frozen=True, slots=True)
class Push:
    payload: dict[str, Any]
    topic: str


def news_push(user: User, room_id: int, since: int, upto: int, *, after: datetime) -> Push | None:
    """What is still new to the person there, as they may read it now; None where nothing is."""
    room = Room.objects.by_id([room_id]).get(room_id)
    if room is None:
        return None
    room.head_seq = min(room.head_seq, upto)
    news = find_news([user.pk], [room], {(user.pk, room_id): since}, after=after).get(user.pk)
    if not news:
        return None
    topic = hashlib.sha256(f"room {room_id}".encode()).hexdigest()[:32]
    with written_for(user) as language:
        title, body = _words(news[0])
        first = reverse("messaging:place", args=[room_id, news[0].pieces[0].seq])
        payload = {
            "title": title,
            "body": body,
            "url": first,
            "tag": topic,
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
        }
    return Push(payload, topic)


def _words(news: RoomNews) -> tuple[str, str]:
    if news.room.is_restricted:
        return gettext("Majlis"), gettext("There is something new in one of your rooms.")
    title = news.room.title.text
    count = len(news.pieces)
    if count > 1:
        words = ngettext("%(number)s new message", "%(number)s new messages", count)
        return title, number(words % {"number": count})
    [piece] = news.pieces
    message = Message.objects.for_letter([piece.pk]).get(piece.pk)
    if message is None:  # deleted this very moment
        return title, gettext("There is something new in one of your rooms.")
    said = plain_message(message.body)
    if len(said) > LONGEST:
        said = said[: LONGEST - 1] + "…"
    institution = in_language(message.mandate.institution.names).text
    return title, f"{message.author.name} ({institution}): {said}"
