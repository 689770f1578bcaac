"""Whether the rooms' records are whole and true, and where not."""

from dataclasses import dataclass
from datetime import datetime

from messaging.enums import POSTS, RecordKind
from messaging.mark_verification import RecordedMarks
from messaging.mention_verification import RecordedMentions
from messaging.models import Attachment, Message, Record, Room
from messaging.opinion_verification import Opinions
from messaging.translation_verification import RecordedTranslations
from messaging.verification_keeping import Kept
from messaging.verification_subjects import Subjects
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
ISSUES = frozenset({RecordKind.STATEMENT_ISSUED, RecordKind.CORRIGENDUM_ISSUED})
TEXT_CHANGES = frozenset(
    {RecordKind.MESSAGE_EDITED, RecordKind.MESSAGE_DELETED, RecordKind.TEXT_ERASED}
)


def verify_rooms() -> Fault | None:
    """The first fault found in any room's record, or None. Reads every record once."""
    for room in Room.objects.order_by("pk").iterator():
        if fault := verify_room(room):
            return fault
    return None


def verify_room(room: Room) -> Fault | None:
    """Walk one room's chain: numbers, links, hashes, texts, head, and the messages beside it."""
    previous, seq, state, is_restricted = GENESIS, 0, {**OPEN}, False
    is_of_all = False
    kept = Kept(room)
    changed: dict[int, _Changed] = {}
    beside = (
        RecordedMarks(),
        RecordedMentions(),
        RecordedTranslations(),
        Subjects(),
        Opinions(),
    )
    files = Attachment.objects.by_message(room)
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
        kept.follow(record)
        previous = bytes(record.hash)
        if record.kind in STATE_KINDS:
            state = {key: record.detail.get(key) for key in OPEN}
        if record.kind == RecordKind.ROOM_OPENED:
            is_of_all = record.detail.get("is_of_all", False)
        if record.kind == RecordKind.ROOM_CHANGED:
            is_restricted = record.detail.get("is_restricted", is_restricted)
        if record.kind in POSTS:
            if record.message is None:
                return Fault(row, "has lost its message")
            if fault := _verify_message(record, record.message, changed):
                return fault
            attached = [each.recorded() for each in files.pop(record.message.pk, ())]
            said = record.detail.get("files", []) if record.message.erased_at is None else []
            if attached != said or record.message.file_count != len(said):
                return Fault(row, "has other files than its message")
        for each in beside:
            if fault := each.follow(record):
                return fault
        if record.kind in TEXT_CHANGES and (fault := _follow_change(record, changed)):
            return fault
    if (room.head_seq, bytes(room.head_hash)) != (seq, previous):
        return Fault(f"room {room.pk}, record {seq + 1}", "is missing: the record was cut off")
    if fault := kept.compare():
        return fault
    if room.state != state:
        return Fault(f"room {room.pk}", "is open, locked, slow or archived otherwise than recorded")
    if room.is_restricted != is_restricted:
        return Fault(f"room {room.pk}", "is restricted, or not, otherwise than recorded")
    if room.is_of_all != is_of_all:
        return Fault(f"room {room.pk}", "is a room of all, or not, otherwise than recorded")
    for message in changed.values():
        if fault := message.compare():
            return fault
    for each in beside:
        if fault := each.compare(room):
            return fault
    if last := Message.objects.without_record(room):
        return Fault(f"message {last.pk}", "stands in no record")
    for message_id in files:
        return Fault(f"message {message_id}", "has files that stand in no record of its room")
    return None


@dataclass
class _Changed:
    """What the records say so far of a message that says of itself that it was changed."""

    row: str
    message: Message
    text: str | None
    version: int = 1
    deletion: int | None = None
    erased: tuple[datetime | None, str] = (None, "")

    def compare(self) -> Fault | None:
        message = self.message
        said = (message.version, message.deletion_id, (message.erased_at, message.erased_for))
        if (self.version, self.deletion, self.erased) != said:
            return Fault(self.row, "was changed by no record")
        stands = "" if self.deletion or self.erased[0] else self.text
        if stands is not None and self.message.body != stands:
            return Fault(self.row, "has another text than its record")
        return None


def _follow_change(record: Record, changed: dict[int, _Changed]) -> Fault | None:
    found = changed.get(record.message_id or 0)
    if found is None:
        return Fault(f"room {record.room_id}, record {record.seq}", "has not changed its message")
    if record.kind == RecordKind.MESSAGE_DELETED:
        found.deletion = record.pk
    elif record.kind == RecordKind.TEXT_ERASED:
        found.erased = record.at, record.detail.get("ground", "")
    elif record.kind == RecordKind.MESSAGE_EDITED:
        found.text, found.version = record.text, found.version + 1
    return None


def _issued(message: Message) -> tuple[bool, int | None, int | None]:
    """Whether it is a statement, which one it corrects, and by which mandate it was released."""
    statement = message.statement
    if statement is None:
        return False, None, None
    corrected = statement.corrects.message.seq if statement.corrects else None
    return True, corrected, statement.released_by_id


def _verify_message(record: Record, message: Message, changed: dict[int, _Changed]) -> Fault | None:
    row = f"message {message.pk} (room {record.room_id}, record {record.seq})"
    replied = message.reply_to.seq if message.reply_to else None
    said = (message.room_id, message.seq, message.author_id, message.mandate_id, replied)
    recorded = (record.room_id, record.seq, record.actor_id, record.mandate_id)
    if said != (*recorded, record.detail.get("reply_to")):
        return Fault(row, "differs from its record")
    if _issued(message) != (
        record.kind in ISSUES,
        record.detail.get("corrects"),
        record.detail.get("released_by"),
    ):
        return Fault(row, "was issued otherwise than recorded")
    if message.version != 1 or not message.stands:
        changed[message.pk] = _Changed(row, message, record.text)
    elif record.text is not None and message.body != record.text:
        return Fault(row, "has another text than its record")
    return None
