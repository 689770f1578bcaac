"""E-mails about what is new in the rooms: written of what stands at that moment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from members.letters import message_of, tongue, written_for
from members.models import User
from messaging.models import Message, Room
from messaging.news import Piece, RoomNews, find_news

SHOWN = 5  # messages of one room; the others are counted
SALT = "messaging.stop_letters"


@dataclass(frozen=True, slots=True)
class Line:
    """A message in a letter."""

    message: Message
    piece: Piece


@dataclass(frozen=True, slots=True)
class Section:
    """A room in a letter. Of a restricted one nothing but its title is said."""

    room: Room
    count: int
    link: str  # to the first of the messages
    lines: list[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def stop_address(user: User) -> str:
    """Where e-mails are stopped without signing in. It holds a number and its signature."""
    token = signing.Signer(salt=SALT).sign(str(user.pk))
    path = reverse("messaging:stop_letters", args=[token])
    return f"{settings.PUBLIC_ORIGIN}{path}"


def who_stops(token: str) -> int | None:
    """Whose e-mails the address stops; None for one that is not ours."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def news_letter(
    user: User, spans: Mapping[int, tuple[int, int]], *, after: datetime
) -> EmailMultiAlternatives | None:
    """What in these rooms (room -> past which record, up to which) is still new to the person, as
    they may read it now; None where nothing is.
    """
    news = find_news(
        [user.pk],
        _up_to(spans),
        {(user.pk, room): since for room, (since, _upto) in spans.items()},
        after=after,
    ).get(user.pk)
    if not news:
        return None
    with written_for(user), timezone.override(ZoneInfo(user.time_zone)):
        sections = _sections(news)
        stop = stop_address(user)
        context = {
            "name": user.name,
            "sections": sections,
            "only": sections[0] if len(sections) == 1 else None,
            "stop": stop,
            "choose": settings.PUBLIC_ORIGIN + reverse("messaging:notifications"),
            **tongue(),
        }
        subject = " ".join(render_to_string("messaging/email/news_subject.txt", context).split())
        text = render_to_string("messaging/email/news_body.txt", context)
        html = render_to_string(
            "messaging/email/news_body.html", {**context, "subject": subject, "for_html": True}
        )
        message = message_of(subject, text, html, user.email)
    message.extra_headers |= {
        "Message-ID": _message_id(user, spans),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday note comes back
        "List-Unsubscribe": f"<{stop}>",  # RFC 8058: one click, in the mail program
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return message


def _up_to(spans: Mapping[int, tuple[int, int]]) -> list[Room]:
    """The rooms, with the head that they had when it was decided to tell of them."""
    rooms = Room.objects.by_id(spans)
    for pk, room in rooms.items():
        room.head_seq = min(room.head_seq, spans[pk][1])
    return list(rooms.values())


def _sections(news: list[RoomNews]) -> list[Section]:
    """The room in which somebody is called upon, or a statement was issued, comes first."""
    wanted = {each.room.pk: [] if each.room.is_restricted else each.pieces[:SHOWN] for each in news}
    messages = Message.objects.for_letter(piece.pk for shown in wanted.values() for piece in shown)
    ranked = sorted(
        news, key=lambda each: not any(p.is_mention or p.is_statement for p in each.pieces)
    )
    return [
        Section(
            room=each.room,
            count=len(each.pieces),
            link=settings.PUBLIC_ORIGIN
            + reverse("messaging:place", args=[each.room.pk, each.pieces[0].seq]),
            lines=[Line(messages[p.pk], p) for p in wanted[each.room.pk] if p.pk in messages],
        )
        for each in ranked
    ]


def _message_id(user: User, spans: Mapping[int, tuple[int, int]]) -> str:
    """The same for the same news: a letter that is sent again after a doubt is known for it."""
    told = f"{user.pk} {sorted((room, *span) for room, span in spans.items())}"
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<news.{digest}@{domain}>"
