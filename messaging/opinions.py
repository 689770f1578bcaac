"""How a poll of opinion is read: its text, its counts, and who may do what with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from members.models import User
from messaging.enums import RoomKind
from messaging.models import Message, OpinionAnswer, OpinionPoll
from messaging.permissions import RoomAccess, Seat

_NUMBER = re.compile(r"^\d+\. ")


def text_of(question: str, options: Sequence[str]) -> str:
    """What the message says: the question, and the options as a numbered list."""
    lines = [f"{number}. {option}" for number, option in enumerate(options, 1)]
    return "\n".join([question, "", *lines])


def read_text(text: str, count: int) -> tuple[str, list[str]]:
    """The question and the `count` options of what `text_of` made."""
    lines = text.split("\n")
    return "\n".join(lines[:-count]).strip(), [_NUMBER.sub("", line) for line in lines[-count:]]


@dataclass(frozen=True)
class Option:
    number: int
    text: str
    answers: list[OpinionAnswer]


@dataclass(frozen=True)
class Tally:
    """A poll as it stands. `message` stands too: of a deleted one there is nothing to tell."""

    message: Message
    poll: OpinionPoll

    @cached_property
    def _read(self) -> tuple[str, list[str]]:
        return read_text(self.message.body, self.poll.options)

    @property
    def question(self) -> str:
        return self._read[0]

    @cached_property
    def answers(self) -> list[OpinionAnswer]:
        return list(self.poll.answers.all())

    @property
    def options(self) -> list[Option]:
        return [
            Option(number, text, [a for a in self.answers if number in a.choices])
            for number, text in enumerate(self._read[1], 1)
        ]


def tally(message: Message) -> Tally | None:
    return Tally(message, message.opinion) if message.opinion else None


def asking(access: RoomAccess) -> tuple[Seat, ...]:
    """The seats by which a person may ask for opinions: those that write; in a room of all only
    those that chair; among announcements, where delegations do not write, none.
    """
    if access.room.kind == RoomKind.ANNOUNCEMENTS:
        return ()
    if access.room.is_plenary:
        return tuple(seat for seat in access.writing if seat.chairs)
    return access.writing


def closing_seat(access: RoomAccess, user: User, message: Message) -> Seat | None:
    """The seat by which a person may close the poll: the asker's, or one that chairs."""
    if access.room.is_archived:
        return None
    chairing = next((seat for seat in access.writing if seat.chairs), None)
    if message.author_id != user.pk:
        return chairing
    return chairing or next(iter(access.writing), None)


def opinion_context(access: RoomAccess, user: User, message: Message) -> dict[str, Any]:
    """For the page of a message that is a poll; {} for others."""
    found = None if not message.stands else tally(message)
    if found is None:
        return {}
    poll = found.poll
    answering = access.writing if poll.is_open and not access.shut else ()
    own = OpinionAnswer.objects.of(poll, answering[0].mandate) if answering else None
    return {
        "tally": found,
        "answering": answering,
        "chosen": own.choices if own else [],
        "may_close": poll.is_open and closing_seat(access, user, message) is not None,
    }
