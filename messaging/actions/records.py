import secrets
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from members.models import Mandate, User
from messaging import events
from messaging.enums import POSTS
from messaging.models import Message, Participant, Record, Room
from records.chain import link, salted_digest
from records.prepared import Insert, Prepared, Statement, Update, knowing, send

_locked = Prepared(lambda room: Room.objects.select_for_update(no_key=True).filter(pk=room))
_insert = Insert(Record)
_advance = Update(Room, "head_seq", "head_hash", "last_message_at")


def lock_room(room_id: int) -> Room:
    """The room's row, locked until the end of the transaction: who holds it allots `seq`."""
    return ask_to_lock(room_id)()


def ask_to_lock(room_id: int) -> Callable[[], Room]:
    """As `lock_room`, asked now and read later (see `records.prepared.pipelined`)."""
    locked = _locked.ask(room=room_id)

    def answer() -> Room:
        for room in locked():
            return room
        raise Room.DoesNotExist

    return answer


def next_record(
    *,
    room: Room,
    kind: str,
    actor: User | None,
    mandate: Mandate | None,
    text: str = "",
    message: Message | None = None,
    participant: Participant | None = None,
    detail: dict[str, Any] | None = None,
) -> Record:
    """The record that follows the last of `room` (which is locked), linked to it; not yet saved."""
    salt = secrets.token_bytes(16)
    posted = message if kind in POSTS else None
    record = Record(
        room_id=room.pk,
        seq=room.head_seq + 1,
        kind=kind,
        at=posted.posted_at if posted else timezone.now(),
        actor_id=actor.pk if actor else None,
        mandate_id=mandate.pk if mandate else None,
        message_id=message.pk if message else None,
        participant_id=participant.pk if participant else None,
        detail=detail or {},
        text=text,
        text_salt=salt,
        text_digest=salted_digest(salt, text),
        previous_hash=bytes(room.head_hash),
    )
    related = {"actor": actor, "mandate": mandate, "message": message, "participant": participant}
    knowing(record, room=room, **related)
    record.hash = link(bytes(record.previous_hash), record.content())
    room.head_seq, room.head_hash = record.seq, record.hash
    if posted:
        room.last_message_at = posted.posted_at
    return record


def save_records(*, room: Room, records: list[Record]) -> None:
    """Save what `next_record` gave, with the room's new head, and announce it once."""
    _insert(records)
    _advance(room)
    _announce(room, records)


def send_records(*beside: Statement, room: Room, records: list[Record]) -> None:
    """The same with what is saved `beside`, as one statement. The records get no key here."""
    send(*beside, _insert.written(records), _advance.written(room))
    _announce(room, records)


def _announce(room: Room, records: list[Record]) -> None:
    events.room_advanced(room=room.pk, seq=room.head_seq, records=records)
