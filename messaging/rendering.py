"""Records as clients get them: rendered once per language, the same for every viewer.

Whose message it is ("mine") is decided in the browser, from `author`.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation

from messaging import fresh
from messaging.models import Record
from messaging.moulds import fill_mould, render_record

PAGE = 100  # records in one frame at the most
LETTERS = 8_000  # of records that are written on the loop, without a hop to a thread

Rendered = dict[str, list[dict[str, Any]]]  # language -> records; without any, empty


def read_next(room: int, after: int, languages: Iterable[str]) -> Rendered:
    """The records of the room that follow number `after`, PAGE at the most, in each language."""
    records = Record.objects.after(room, after, PAGE)
    return {lang: render_records(records, lang) for lang in languages} if records else {}


def fill_next(room: int, after: int, languages: Iterable[str]) -> Rendered:
    """The same of what this process has just committed, where that takes no query and no time."""
    records = fresh.after(room, after)[:PAGE]
    if not records or sum(len(record.text or "") for record in records) > LETTERS:
        return {}
    rendered = {}
    for language in languages:
        filled = _fill_records(records, language)
        if filled is None:
            return {}
        rendered[language] = filled
    return rendered


def render_records(records: Iterable[Record], language: str) -> list[dict[str, Any]]:
    """`records` (see `RecordQuerySet.for_display`) as JSON-ready objects in `language`.

    Times are rendered in UTC and carry `datetime`; the browser writes them in the reader's zone.
    """
    with translation.override(language), timezone.override("UTC"):
        return [_with(record, render_record(record, language)) for record in records]


def _fill_records(records: Iterable[Record], language: str) -> list[dict[str, Any]] | None:
    """As `render_records`, where that needs no template and no query: else None."""
    found = []
    with translation.override(language), timezone.override("UTC"):
        for record in records:
            html = fill_mould(record, language)
            if html is None:
                return None
            found.append(_with(record, html))
    return found


def _with(record: Record, html: str) -> dict[str, Any]:
    return {
        "seq": record.seq,
        "kind": record.kind,
        "author": record.actor_id,
        "client_id": _client_id(record),
        "message": _message_changed(record),
        "subject": record.message.subject_id if record.message else None,
        "html": html,
    }


def _client_id(record: Record) -> str | None:
    if record.message and not record.changes_message:
        return str(record.message.client_id)
    return None


def _message_changed(record: Record) -> int | None:
    """The number of the message that the record changes: `html` is that message's whole line."""
    return record.message.seq if record.message and record.changes_message else None
