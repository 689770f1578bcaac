import secrets
from typing import Any

from django.utils import timezone

from members.models import Mandate, User
from messaging import events
from messaging.enums import RecordKind
from messaging.models import Message, Participant, Record, Room
from records.chain import link, salted_digest


def lock_room(room_id: int) -> Room:
    """The room's row, locked until the end of the transaction: who holds it allots `seq`."""
    return Room.objects.select_for_update(no_key=True).get(pk=room_id)


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
    posted = message if kind == RecordKind.MESSAGE_POSTED else None
    record = Record(
        room=room,
        seq=room.head_seq + 1,
        kind=kind,
        at=posted.posted_at if posted else timezone.now(),
        actor=actor,
        mandate=mandate,
        message=message,
        participant=participant,
        detail=detail or {},
        text=text,
        text_salt=salt,
        text_digest=salted_digest(salt, text),
        previous_hash=bytes(room.head_hash),
    )
    record.hash = link(bytes(record.previous_hash), record.content())
    room.head_seq, room.head_hash = record.seq, record.hash
    if posted:
        room.last_message_at = posted.posted_at
    return record


def save_records(*, room: Room, records: list[Record]) -> None:
    """Save what `next_record` gave, with the room's new head, and announce it once."""
    Record.objects.bulk_create(records)
    room.save(update_fields=["head_seq", "head_hash", "last_message_at"])
    events.room_advanced(room=room.pk, seq=room.head_seq)
