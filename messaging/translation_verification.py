"""Whether the translations that stand are those of the record."""

from messaging.enums import RecordKind
from messaging.models import Record, Room, Translation
from records.verification import Fault


class RecordedTranslations:
    """What the records of a room say of translations, against what stands."""

    def __init__(self) -> None:
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

    def compare(self, room: Room) -> Fault | None:
        stand = {
            (each.message_id, each.language, each.kind): each.text
            for each in Translation.objects.of_room(room)
        }
        for message, language, kind in stand.keys() ^ self.said.keys():
            return Fault(
                f"message {message} (room {room.pk})",
                f"has or lacks a translation ({language}, {kind}) against its record",
            )
        for key, text in self.said.items():
            if text is not None and stand[key] != text:
                return Fault(
                    f"message {key[0]} (room {room.pk})",
                    f"has another translation ({key[1]}, {key[2]}) than its record",
                )
        return None
