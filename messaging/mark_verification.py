"""Whether the marks on a room's messages are what its records say, and where not."""

from typing import Any

from messaging.enums import RecordKind
from messaging.models import Acknowledgement, MessageMarks, Reaction, Record, Room
from records.verification import Fault

Marks = dict[tuple[Any, ...], tuple[Any, ...]]  # which mark -> by whom, by which mandate, when


class RecordedMarks:
    """What the records of a room amount to, followed one after the other."""

    def __init__(self) -> None:
        self._pins: dict[int | None, int] = {}  # message -> the record that pinned it
        self._requests: dict[int | None, int] = {}
        self._reactions: Marks = {}
        self._given: Marks = {}

    def follow(self, record: Record) -> None:
        message, detail = record.message_id, record.detail
        by = (record.mandate_id, record.at)
        match record.kind:
            case RecordKind.MESSAGE_PINNED:
                self._pins[message] = record.pk
            case RecordKind.MESSAGE_UNPINNED:
                self._pins.pop(message, None)
            case RecordKind.ACKNOWLEDGEMENT_ASKED:
                self._requests[message] = record.pk
            case RecordKind.REACTION_ADDED:
                self._reactions[message, record.actor_id, detail.get("kind")] = by
            case RecordKind.REACTION_REMOVED:
                self._reactions.pop((message, record.actor_id, detail.get("kind")), None)
            case RecordKind.MESSAGE_ACKNOWLEDGED:
                self._given[message, detail.get("institution")] = (record.actor_id, *by)

    def compare(self, room: Room) -> Fault | None:
        """The first mark that stands otherwise than recorded."""
        marks = list(MessageMarks.objects.of_room(room))
        pins = {each.pk: each.pin_id for each in marks if each.pin_id}
        requests = {each.pk: each.request_id for each in marks if each.request_id}
        reactions: Marks = {
            (each.marks_id, each.user_id, each.kind): (each.mandate_id, each.given_at)
            for each in Reaction.objects.of_room(room)
        }
        given: Marks = {
            (each.marks_id, each.institution_id): (each.user_id, each.mandate_id, each.given_at)
            for each in Acknowledgement.objects.of_room(room)
        }
        if pins != self._pins:
            return Fault(f"room {room.pk}", "has other messages pinned than recorded")
        if requests != self._requests:
            return Fault(f"room {room.pk}", "asks for other acknowledgements than recorded")
        if reactions != self._reactions:
            key = _first(reactions, self._reactions)
            return Fault(f"message {key[0]}", "has other reactions than recorded")
        if given != self._given:
            key = _first(given, self._given)
            return Fault(f"message {key[0]}", "has other acknowledgements than recorded")
        return None


def _first(
    here: Marks,
    recorded: Marks,
) -> tuple[Any, ...]:
    """The first key of which the two say something else."""
    return next(
        key for key in sorted({*here, *recorded}, key=str) if here.get(key) != recorded.get(key)
    )
