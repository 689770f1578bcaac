"""Whether the rooms' records are whole and true, and where not."""

from dataclasses import dataclass

from messaging.enums import POSTS, RecordKind
from messaging.models import Mention, Message, Record, Room, Translation
from messaging.models.mentions import people_of
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
TEXT_CHANGES = frozenset({RecordKind.MESSAGE_EDITED, RecordKind.MESSAGE_DELETED})


def verify_rooms() -> Fault | None:
    """The first fault found in any room's record, or None. Reads every record once."""
    for room in Room.objects.order_by("pk").iterator():
        if fault := verify_room(room):
            return fault
    return None


def verify_room(room: Room) -> Fault | None:
    """Walk one room's chain: numbers, links, hashes, texts, head, and the messages beside it."""
    previous, seq, state = GENESIS, 0, {**OPEN}
    changed: dict[int, _Changed] = {}
    mentioned: dict[int, list[list[int]]] = {}  # as the records say so far
    translations = _Translations(room)
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
        if record.message_id and record.kind in (*POSTS, *TEXT_CHANGES):
            mentioned[record.message_id] = record.detail.get("mentions", [])
        if record.kind in POSTS:
            if record.message is None:
                return Fault(row, "has lost its message")
            if fault := _verify_message(record, record.message, changed):
                return fault
        translations.follow(record)
        if record.kind in TEXT_CHANGES and (fault := _follow_change(record, changed)):
            return fault
    if (room.head_seq, bytes(room.head_hash)) != (seq, previous):
        return Fault(f"room {room.pk}, record {seq + 1}", "is missing: the record was cut off")
    if room.state != state:
        return Fault(f"room {room.pk}", "is open, locked, slow or archived otherwise than recorded")
    for each in changed.values():
        if fault := each.compare():
            return fault
    if fault := translations.compare() or _verify_mentions(room, mentioned):
        return fault
    if last := Message.objects.without_record(room):
        return Fault(f"message {last.pk}", "stands in no record")
    return None


def _verify_mentions(room: Room, recorded: dict[int, list[list[int]]]) -> Fault | None:
    """Whether messages call upon whom their last version says, by their lines and by the rows."""
    said = {pk: mentioned for pk, mentioned in recorded.items() if mentioned}
    people = {pk: set(people_of(each)) for pk, each in said.items() if people_of(each)}
    rows = Mention.objects.by_message(room)
    shown = Message.objects.mentioning(room)
    wrong = {pk for pk in said.keys() | shown.keys() if said.get(pk) != shown.get(pk)}
    wrong |= {pk for pk in people.keys() | rows.keys() if people.get(pk) != rows.get(pk)}
    if wrong:
        return Fault(f"message {min(wrong)}", "calls upon others than its record says")
    return None


@dataclass
class _Changed:
    """What the records say so far of a message that says of itself that it was changed."""

    row: str
    message: Message
    text: str | None
    version: int = 1
    deletion: int | None = None

    def compare(self) -> Fault | None:
        if (self.version, self.deletion) != (self.message.version, self.message.deletion_id):
            return Fault(self.row, "was changed by no record")
        stands = "" if self.deletion else self.text
        if stands is not None and self.message.body != stands:
            return Fault(self.row, "has another text than its record")
        return None


class _Translations:
    """What the records of a room say of translations, against what stands."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.said: dict[tuple[int | None, str, str], str | None] = {}

    def follow(self, record: Record) -> None:
        match record.kind:
            case RecordKind.TRANSLATION_ATTACHED:
                self.said[self._key(record)] = record.text
            case RecordKind.TRANSLATION_REMOVED:
                self.said.pop(self._key(record), None)
            case RecordKind.MESSAGE_DELETED:
                gone = [key for key in self.said if key[0] == record.message_id]
                for key in gone:
                    del self.said[key]

    @staticmethod
    def _key(record: Record) -> tuple[int | None, str, str]:
        return record.message_id, record.detail["language"], record.detail["kind"]

    def compare(self) -> Fault | None:
        stand: dict[tuple[int | None, str, str], str] = {
            (each.message_id, each.language, each.kind): each.text
            for each in Translation.objects.of_room(self.room)
        }
        for message, language, kind in stand.keys() ^ self.said.keys():
            return Fault(
                f"message {message} (room {self.room.pk})",
                f"has or lacks a translation ({language}, {kind}) against its record",
            )
        for key, text in self.said.items():
            if text is not None and stand[key] != text:
                return Fault(
                    f"message {key[0]} (room {self.room.pk})",
                    f"has another translation ({key[1]}, {key[2]}) than its record",
                )
        return None


def _follow_change(record: Record, changed: dict[int, _Changed]) -> Fault | None:
    found = changed.get(record.message_id or 0)
    if found is None:
        return Fault(f"room {record.room_id}, record {record.seq}", "has not changed its message")
    if record.kind == RecordKind.MESSAGE_DELETED:
        found.deletion = record.pk
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
    if message.version != 1 or message.deletion_id:
        changed[message.pk] = _Changed(row, message, record.text)
    elif record.text is not None and message.body != record.text:
        return Fault(row, "has another text than its record")
    return None
