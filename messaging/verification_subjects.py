"""What a room's record says of its subjects, and of where each message stands."""

from messaging.enums import POSTS, RecordKind
from messaging.models import Message, Record, Room, Subject
from records.verification import Fault


class Subjects:
    """Told of every record of one room in order, then asked whether the rows say the same."""

    def __init__(self) -> None:
        self.recorded: dict[int, tuple[dict[str, str], bool]] = {}  # id: titles, whether closed
        # Messages that stand, or once stood, where their post does not say: row, so far, row says.
        self.moved: dict[int, tuple[str, int | None, int | None]] = {}

    def follow(self, record: Record) -> Fault | None:
        detail = record.detail
        match record.kind:
            case RecordKind.SUBJECT_OPENED:
                self.recorded[detail["subject"]] = (detail["titles"], False)
            case RecordKind.SUBJECT_RENAMED:
                _, closed = self.recorded.get(detail["subject"], ({}, False))
                closed = detail.get("is_closed", closed)
                self.recorded[detail["subject"]] = (detail["titles"], closed)
            case RecordKind.MESSAGE_MOVED if record.message:
                return self._move(record, record.message)
            case kind if kind in POSTS and record.message:
                return self._post(record, record.message)
        return None

    def compare(self, room: Room) -> Fault | None:
        stand = {
            subject.pk: (subject.titles, subject.is_closed)
            for subject in Subject.objects.of_room(room)
        }
        if stand != self.recorded:
            return Fault(f"room {room.pk}", "has other subjects than were recorded")
        for row, so_far, says in self.moved.values():
            if so_far != says:
                return Fault(row, "stands under another subject than was recorded")
        return None

    def _post(self, record: Record, message: Message) -> Fault | None:
        said = record.detail.get("subject")
        if said is not None and said not in self.recorded:
            return Fault(_row(record, message), "stands under a subject that was not opened")
        if said != message.subject_id:
            self.moved[message.pk] = (_row(record, message), said, message.subject_id)
        return None

    def _move(self, record: Record, message: Message) -> Fault | None:
        says = message.subject_id
        row, so_far, _ = self.moved.get(message.pk, (_row(record, message), says, says))
        to = record.detail["to"]
        if record.detail["from"] != so_far or (to is not None and to not in self.recorded):
            return Fault(row, "was moved otherwise than was recorded")
        self.moved[message.pk] = (row, to, says)
        return None


def _row(record: Record, message: Message) -> str:
    return f"message {message.pk} (room {record.room_id}, record {message.seq})"
