"""Where in a room's record a page stands. However long the record, each page is one look at the
index of (room, seq): nothing is counted, and nothing is skipped over.
"""

from dataclasses import dataclass
from datetime import date

from members.models import User
from messaging.models import Mention, Message, ReadMark, Record, Room, Viewed
from records.reading import midnight

PAGE = 50  # records on a page
ONWARD = 40  # of them, from the one that was asked for on; the rest is what came before it


@dataclass(frozen=True)
class Stretch:
    """The records of one page, and what lies around them."""

    records: list[Record]
    is_past: bool  # there is more after it than is on the page
    head: int
    read_seq: int
    unread_seq: int | None  # of the first message that the person has not read
    marked: Record | None = None  # the one that was asked for
    begins: int = 1  # the first number of what is read: of the room, or of one subject

    @property
    def first(self) -> int:
        return self.records[0].seq if self.records else 1

    @property
    def last(self) -> int:
        """Up to which record nothing is missing: at the end, changes without a line included."""
        shown = self.records[-1].seq if self.records else 0
        return shown if self.is_past else max(shown, self.head)

    @property
    def earlier(self) -> int | None:
        """What `before` an earlier page is asked for; None where the record begins here."""
        return self.first if self.first > self.begins else None

    @property
    def later(self) -> int | None:
        return self.last if self.is_past else None

    @property
    def unread_line(self) -> int | None:
        """The message over which the line stands, if it is on this page."""
        is_here = self.unread_seq and self.first <= self.unread_seq <= self.last
        return self.unread_seq if is_here else None


def stretch(
    room: Room,
    user: User,
    *,
    subject: Viewed | None = None,
    at: int | None = None,
    before: int | None = None,
    after: int | None = None,
    is_latest: bool = False,
) -> Stretch:
    """The page around record `at`, the one `before` or `after` a number, the latest; asked for
    nothing, the one with the person's first unread message; where all is read, around what an edit
    has called upon them in since, which they would not find by themselves; else the latest.

    With `subject`, it is a page of that subject's messages alone.
    """
    within = subject.pk if subject else None
    begins, ends = 1, room.head_seq
    if within is not None:
        begins, ends = Message.objects.ends_of(room.pk, within)
    read_seq = ReadMark.objects.of(user, room)
    unread_seq = Message.objects.first_unread(room, user, read_seq, within)
    is_asked = is_latest or any(each is not None for each in (within, at, before, after))
    if not is_asked and unread_seq is None and room.last_called_at:
        at = Mention.objects.called_late(user, room, read_seq)
    records = Record.objects.following(room.pk, after, PAGE, within) if after is not None else []
    end = records[-1].seq + 1 if records else None
    if not records:
        if at is not None:
            end = at + ONWARD
        elif before is not None:
            end = before
        elif after is None and not is_latest and unread_seq is not None:
            end = unread_seq + ONWARD
        records = Record.objects.before(room.pk, end, PAGE, within)
    return Stretch(
        records=records,
        is_past=end is not None and end <= ends,
        head=room.head_seq,  # read before the lines: what they show is at least as new
        read_seq=read_seq,
        unread_seq=unread_seq,
        marked=next((r for r in records if r.seq == at), None),
        begins=begins,
    )


def first_of_day(room: Room, day: date) -> Message | None:
    """The first message of `day` in the reader's time zone, or of the next day that has one."""
    return Message.objects.first_since(room, midnight(day))
