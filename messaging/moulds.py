"""Plain messages, written without their template once it is known what the template makes of them.

A template takes ten times as long as what differs between two messages of one country and capacity.
So the second message within a minute is rendered with marks where its number, id, author, time and
text stand, and those that follow have theirs put there. `prepared` is the same for queries.
"""

import random
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Field
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from members.models import Institution, Mandate, User
from messaging.enums import RecordKind
from messaging.models import Message, Record
from records.languages import spoken
from records.message_markdown import render_message

TEMPLATE = "messaging/_record.html"
LASTS = 60.0  # seconds: names that the network changes (of a country, say) show after that long
KEPT = 2000

# What stands in for what differs: of the right type, and met in no text by chance.
_SEQ, _ROOM, _AUTHOR = (random.randrange(10**17, 10**18) for _ in range(3))  # noqa: S311
_KEY = uuid4()
_BODY, _NAME, _INSTITUTION = (f"x{uuid4().hex}" for _ in range(3))
_AT = datetime(1907, 8, 9, 10, 11, 12, tzinfo=UTC)
_DIFFER = (
    "id",
    "room",
    "seq",
    "author",
    "mandate",
    "body",
    "search_text",
    "client_id",
    "posted_at",
    "language",  # stands in the key of a mould
)


@dataclass(frozen=True)
class Mould:
    parts: tuple[str, ...]
    marks: tuple[str, ...]  # what each of the even gaps between the parts is filled with
    language: str
    until: float

    def fill(self, message: Message) -> SafeString:
        texts = {
            str(_SEQ): str(message.seq),
            str(_ROOM): str(message.room_id),
            str(_KEY): str(message.client_id),
            _iso(_AT): _iso(message.posted_at),
            str(_AUTHOR): str(message.author_id),
            _NAME: escape(message.author.name),
            _INSTITUTION: spoken(message.mandate.institution.names),
            _BODY: render_message(message.body),
        }
        minute = message.posted_at.replace(second=0, microsecond=0)
        moment = _moment(minute, self.language)
        made = [self.parts[0]]
        for mark, part in zip(self.marks, self.parts[1:], strict=True):
            made += (texts.get(mark, moment), part)
        return mark_safe("".join(made))  # noqa: S308  what the template makes, see `_make`


_moulds: OrderedDict[tuple[Any, ...], Mould | float] = OrderedDict()  # or until when it is awaited
_lock = Lock()


def render_record(record: Record, language: str) -> str:
    """What `_record.html` makes of `record` (see `RecordQuerySet.for_display`) in the active
    language, which is `language`, and in UTC.
    """
    message = record.message
    if message is None or record.kind != RecordKind.MESSAGE_POSTED or not _is_plain(message):
        return render_to_string(TEMPLATE, {"record": record})
    key = _key(message, language)
    now = time.monotonic()
    with _lock:
        known = _moulds.get(key)
    if isinstance(known, Mould) and known.until > now:
        return known.fill(message)
    if known is None or (isinstance(known, float) and known < now):
        _keep(key, now + LASTS)
        return render_to_string(TEMPLATE, {"record": record})
    mould = _make(record, language, now + LASTS)
    _keep(key, mould)
    return mould.fill(message)


def fill_mould(record: Record, language: str) -> str | None:
    """As `render_record`, where that needs no template (and so no query): else None."""
    message = record.message
    if message is None or record.kind != RecordKind.MESSAGE_POSTED or not _is_plain(message):
        return None
    with _lock:
        known = _moulds.get(_key(message, language))
    if isinstance(known, Mould) and known.until > time.monotonic():
        return known.fill(message)
    return None


def _key(message: Message, language: str) -> tuple[Any, ...]:
    mandate = message.mandate
    return language, message.language, mandate.capacity, str(mandate.institution.country)


def _keep(key: tuple[Any, ...], what: Mould | float) -> None:
    with _lock:
        _moulds[key] = what
        _moulds.move_to_end(key)
        while len(_moulds) > KEPT:
            _moulds.popitem(last=False)


@cache
def _plainness() -> tuple[tuple[str, Any], ...]:
    """Each field of a message that tells two of one person apart, with what it says of a plain one:
    whatever a message comes to have, it is plain only while it has none of it.
    """
    fields: list[Field[Any, Any]] = [
        field for field in Message._meta.concrete_fields if field.name not in _DIFFER
    ]
    return tuple((field.attname, field.get_default()) for field in fields)


def _is_plain(message: Message) -> bool:
    state: Any = message._state
    beside = (state.fields_cache.items(), getattr(message, "_prefetched_objects_cache", {}).items())
    return (
        bool(message.body)
        and all(getattr(message, name) == default for name, default in _plainness())
        and not any(found for each in beside for name, found in each if name not in _DIFFER)
    )


def _make(record: Record, language: str, until: float) -> Mould:
    message = record.message
    assert message  # noqa: S101  for the type checker
    institution = Institution(
        names={language: _INSTITUTION}, country=message.mandate.institution.country
    )
    stand_in = Message(
        pk=message.pk,
        room_id=_ROOM,
        seq=_SEQ,
        author=User(pk=_AUTHOR, name_latin=_NAME),
        mandate=Mandate(institution=institution, capacity=message.mandate.capacity),
        body=_BODY,
        language=message.language,
        client_id=UUID(str(_KEY)),
        posted_at=_AT,
    )
    state: Any = stand_in._state  # what it has not is known, and not asked for
    known: Any = message._state
    state.fields_cache |= {n: None for n, each in known.fields_cache.items() if each is None}
    shown = Record(room_id=_ROOM, seq=_SEQ, kind=record.kind, at=_AT, message=stand_in)
    marks = {each: each for each in (*map(str, (_SEQ, _ROOM, _AUTHOR, _KEY)), _iso(_AT), _NAME)}
    marks |= {_moment(_AT, language): "", render_message(_BODY): _BODY}
    marks[spoken(institution.names)] = _INSTITUTION
    pieces = re.split(
        "(" + "|".join(map(re.escape, marks)) + ")", render_to_string(TEMPLATE, {"record": shown})
    )
    found = tuple(marks[mark] for mark in pieces[1::2])
    return Mould(tuple(pieces[::2]), found, language, until)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@lru_cache(maxsize=64)
def _moment(minute: datetime, language: str) -> str:
    return f"{date_format(minute, 'j F')} · {date_format(minute, 'H:i')}"
