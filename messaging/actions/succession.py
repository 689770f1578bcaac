"""What passes with a mandate that is handed over: what was begun for the delegation, in its rooms.

What is between persons does not: direct rooms, marks, notification settings; nor what was written
under another mandate. Nothing is said in the successor's name: what was to be sent later waits for
them to send it, and a statement that waited for its release for them to take it up.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.enums import Capacity
from members.models import Mandate
from messaging.actions.drafts import add_to_draft, empty_draft
from messaging.actions.records import lock_room
from messaging.enums import DraftState, RoomKind, ScheduledState
from messaging.models import (
    Attachment,
    MessageDraft,
    ReadMark,
    Room,
    ScheduledMessage,
    StatementDraft,
)
from records.actions import append_audit_entry


def lock_before_taking_over(*, before: Mandate) -> None:
    """The rooms where statements of the mandate are under way, by their numbers: whoever answers
    one locks its room, and then the log, which a succession has locked by the time of `take_over`.
    """
    drafts = StatementDraft.objects.unfinished_under(before)
    for room in sorted(set(drafts.values_list("room", flat=True))):
        lock_room(room)


@transaction.atomic
def take_over(*, before: Mandate, after: Mandate) -> None:
    """Let the successor find drafts, messages to be sent later, statements under way, and how far
    the delegation read.

    Asks no right: it follows a succession, in its transaction, in which `lock_before_taking_over`
    was called before anything was written to the log. Safe to repeat.
    """
    if before.user_id == after.user_id:
        return
    rooms = Room.objects.readable_by(after.user).exclude(kind=RoomKind.DIRECT)
    ids = sorted(rooms.values_list("pk", flat=True))
    _take_drafts(before, after, ids)
    _take_scheduled(before, after, ids)
    _take_statements(before, after, ids)
    theirs = Room.objects.of_delegation(before.institution)
    if before.capacity == Capacity.SECRETARIAT:
        theirs = theirs | Room.objects.of_office()
    _take_read_marks(before, after, theirs.filter(pk__in=ids))


def _take_drafts(before: Mandate, after: Mandate, rooms: list[int]) -> None:
    drafts = MessageDraft.objects.written(before.user).under(before).in_rooms(rooms)
    for draft in drafts.select_for_update(of=("self",)):
        add_to_draft(
            room=draft.room,
            actor=after.user,
            mandate=after,
            body=draft.body,
            reply_to=draft.reply_to,
        )
        empty_draft(draft)


def _take_scheduled(before: Mandate, after: Mandate, rooms: list[int]) -> None:
    found = ScheduledMessage.objects.kept_under(before).filter(room__in=rooms)
    for scheduled in found.select_for_update(of=("self",)):
        scheduled.author, scheduled.mandate = after.user, after
        scheduled.state, scheduled.failure = ScheduledState.FAILED, "handed_over"
        scheduled.save(update_fields=["author", "mandate", "state", "failure"])
        Attachment.objects.filter(scheduled=scheduled).update(uploader=after.user)


def _take_statements(before: Mandate, after: Mandate, rooms: list[int]) -> None:
    found = StatementDraft.objects.unfinished_under(before).filter(room__in=rooms)
    for draft in found.select_for_update(no_key=True, of=("self",)):
        if draft.is_waiting:
            draft.state, draft.answered_at = DraftState.RETURNED, timezone.now()
        draft.passed_to = after
        draft.save(update_fields=["state", "answered_at", "passed_to"])
        append_audit_entry(
            actor=after.user,
            mandate=after,
            act="statement.handed_over",
            thing=draft,
            after={"room": draft.room_id, "institution": after.institution_id},
        )


def _take_read_marks(before: Mandate, after: Mandate, rooms: QuerySet[Room]) -> None:
    """Where the successor has read nothing themselves."""
    marks = ReadMark.objects.filter(user=before.user, room__in=rooms)
    theirs = [
        ReadMark(user=after.user, room_id=mark.room_id, last_read_seq=mark.last_read_seq)
        for mark in marks
    ]
    ReadMark.objects.bulk_create(theirs, ignore_conflicts=True)
