"""Whether the rooms' records are whole and true, and where not."""

from messaging.enums import RecordKind
from messaging.models import Message, Record, Room
from records.chain import GENESIS, link, salted_digest
from records.verification import Fault

OPEN = {"is_locked": False, "slow_seconds": 0, "is_archived": False}  # see `Room.state`
STATE_KINDS = frozenset(
    {
        RecordKind.ROOM_LOCKED,
        RecordKind.ROOM_UNLOCKED,
        RecordKind.ROOM_SLOWED,
        RecordKind.ROOM_ARCHIVED,
        RecordKind.ROOM_REOPENED,
    }
)


def verify_rooms() -> Fault | None:
    """The first fault found in any room's record, or None. Reads every record once."""
    for room in Room.objects.order_by("pk").iterator():
        if fault := verify_room(room):
            return fault
    return None


def verify_room(room: Room) -> Fault | None:
    """Walk one room's chain: numbers, links, hashes, texts, head, and the messages beside it."""
    previous, seq, state = GENESIS, 0, {**OPEN}
    for record in Record.objects.of_room(room).iterator(chunk_size=1000):
        seq += 1
        row = f"room {room.pk}, record {record.seq}"
        if record.seq != seq:
            return Fault(f"room {room.pk}, record {seq}", "is missing")
        if bytes(record.previous_hash) != previous:
            return Fault(row, "does not follow the record before it")
        if bytes(record.hash) != link(previous, record.content()):
            return Fault(row, "was altered")
        if record.text is not None and record.text_digest != salted_digest(
            bytes(record.text_salt or b""), record.text
        ):
            return Fault(row, "has another text than was recorded")
        previous = bytes(record.hash)
        if record.kind in STATE_KINDS:
            state = {key: record.detail.get(key) for key in OPEN}
        if record.kind == RecordKind.MESSAGE_POSTED:
            if record.message is None:
                return Fault(row, "has lost its message")
            if fault := _verify_message(record, record.message):
                return fault
    if (room.head_seq, bytes(room.head_hash)) != (seq, previous):
        return Fault(f"room {room.pk}, record {seq + 1}", "is missing: the record was cut off")
    if room.state != state:
        return Fault(f"room {room.pk}", "is open, locked, slow or archived otherwise than recorded")
    if last := Message.objects.without_record(room):
        return Fault(f"message {last.pk}", "stands in no record")
    return None


def _verify_message(record: Record, message: Message) -> Fault | None:
    row = f"message {message.pk} (room {record.room_id}, record {record.seq})"
    said = (message.room_id, message.seq, message.author_id, message.mandate_id)
    if said != (record.room_id, record.seq, record.actor_id, record.mandate_id):
        return Fault(row, "differs from its record")
    if record.text is not None and message.body != record.text:
        return Fault(row, "has another text than its record")
    return None
