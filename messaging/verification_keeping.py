"""Whether what is kept, erased and held in a room is what its record says: texts that are gone,
mutes, retention, holds.
"""

from dataclasses import dataclass, field
from datetime import datetime

from messaging.enums import RecordKind
from messaging.models import Hold, Mute, Record, Room
from records.chain import instant
from records.verification import Fault


@dataclass
class Kept:
    """What the records of a room say so far. `follow` is given each, in order."""

    room: Room
    gone: set[int] = field(default_factory=set)  # whose text is not there
    erased: set[int] = field(default_factory=set)  # whose text was erased, by a record
    muted: dict[int, str | None] = field(default_factory=dict)  # person -> until when
    months: int | None = None
    is_held: bool = False

    def follow(self, record: Record) -> None:
        if record.text is None or record.text_salt is None:
            self.gone.add(record.seq)
        match record.kind:
            case RecordKind.TEXT_ERASED | RecordKind.REASON_ERASED:
                self.erased.update(record.detail.get("erased", ()))
            case RecordKind.PARTICIPANT_MUTED:
                self.muted[record.detail["user"]] = record.detail["until"]
            case RecordKind.PARTICIPANT_UNMUTED:
                self.muted.pop(record.detail["user"], None)
            case RecordKind.RETENTION_CHANGED:
                self.months = record.detail["months"]
            case RecordKind.HOLD_PLACED:
                self.is_held = True
            case RecordKind.HOLD_LIFTED:
                self.is_held = False

    def compare(self) -> Fault | None:
        pk = self.room.pk
        if lost := self.gone - self.erased:
            return Fault(f"room {pk}, record {min(lost)}", "has lost its text, erased by no record")
        if back := self.erased - self.gone:
            return Fault(f"room {pk}, record {min(back)}", "has a text that was erased")
        rows = {mute.user_id: _instant(mute.until) for mute in Mute.objects.of_room(self.room)}
        if rows != self.muted or bool(rows) > self.room.has_mutes:
            return Fault(f"room {pk}", "lets others write than recorded: mutes differ")
        if self.room.retention_months != self.months:
            return Fault(f"room {pk}", "keeps its texts for another time than recorded")
        if bool(Hold.objects.standing(self.room)) != self.is_held:
            return Fault(f"room {pk}", "is held otherwise than recorded")
        return None


def _instant(moment: datetime | None) -> str | None:
    return instant(moment) if moment else None
