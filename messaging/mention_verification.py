"""Whether messages call upon whom the record says."""

from messaging.enums import POSTS, RecordKind
from messaging.models import Mention, Message, Record, Room
from messaging.models.mentions import people_of
from records.verification import Fault

_SAYING = (
    *POSTS,
    RecordKind.MESSAGE_EDITED,
    RecordKind.MESSAGE_DELETED,
    RecordKind.TEXT_ERASED,
)


class RecordedMentions:
    """What the records of a room say of mentions, against what stands."""

    def __init__(self) -> None:
        self.said: dict[int, list[list[int]]] = {}  # by the last version of each message
        self.since: dict[tuple[int, int], int] = {}  # message, person -> the first record that did

    def follow(self, record: Record) -> None:
        if record.message_id and record.kind in _SAYING:
            said = self.said[record.message_id] = record.detail.get("mentions", [])
            for user in people_of(said):
                self.since.setdefault((record.message_id, user), record.seq)

    def compare(self, room: Room) -> Fault | None:
        said = {pk: mentioned for pk, mentioned in self.said.items() if mentioned}
        people = {
            pk: {user: self.since[pk, user] for user in people_of(each)}
            for pk, each in said.items()
            if people_of(each)
        }
        rows = Mention.objects.by_message(room)
        shown = Message.objects.mentioning(room)
        wrong = {pk for pk in said.keys() | shown.keys() if said.get(pk) != shown.get(pk)}
        wrong |= {pk for pk in people.keys() | rows.keys() if people.get(pk) != rows.get(pk)}
        if wrong:
            return Fault(f"message {min(wrong)}", "calls upon others than its record says")
        return None
