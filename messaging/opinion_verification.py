"""Whether the polls of opinion of a room are what its record says."""

from typing import Any

from messaging.enums import RecordKind
from messaging.models import OpinionAnswer, OpinionPoll, Record, Room
from records.verification import Fault


class Opinions:
    """Hears a room's records in their order, and compares what they amount to with the rows."""

    def __init__(self) -> None:
        self._polls: dict[int, OpinionPoll] = {}
        self._answers: dict[tuple[int, int], list[int]] = {}  # poll, person or delegation
        self._closed: dict[int, Any] = {}

    def follow(self, record: Record) -> Fault | None:
        row = f"room {record.room_id}, record {record.seq}"
        poll = record.message.opinion if record.message else None
        match record.kind:
            case RecordKind.OPINION_ASKED:
                if poll is None or poll.terms() != record.detail:
                    return Fault(row, "has asked for opinions otherwise than is shown")
                self._polls[poll.pk] = poll
            case RecordKind.OPINION_GIVEN:
                if poll is None or record.mandate is None:
                    return Fault(row, "has lost its poll of opinion")
                whose = record.mandate.institution_id if poll.by_delegation else record.actor_id
                self._answers[(poll.pk, whose or 0)] = record.detail["choices"]
            case RecordKind.OPINION_CLOSED:
                if poll is None:
                    return Fault(row, "has lost its poll of opinion")
                self._closed[poll.pk] = record.at
        return None

    def compare(self, room: Room) -> Fault | None:
        given = {
            (answer.poll_id, answer.delegation_id or answer.user_id): answer.choices
            for answer in OpinionAnswer.objects.in_room(room.pk)
        }
        if given != self._answers:
            return Fault(f"room {room.pk}", "has other opinions than were given")
        for poll in self._polls.values():
            if poll.closed_at != self._closed.get(poll.pk):
                return Fault(f"poll of opinion {poll.pk}", "is open or closed by no record")
        return None
