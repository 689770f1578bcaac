"""Subjects of a room: opened, renamed, closed; messages moved from one to another."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind
from messaging.models import Message, Room, Subject
from messaging.permissions import access_message, access_room
from messaging.permissions_subjects import (
    access_subject,
    seat_to_follow,
    seat_to_move,
    seat_to_rename,
    seat_to_speak,
)

MOST_OPEN = 200  # subjects of one room: more are found by nobody
MOST_MOVED = 200  # messages at once


class SubjectNotOpen(Exception):
    """What was named is no open subject of the room: nothing was saved."""


class TooManySubjects(Exception):
    """The room has as many open subjects as it may have: one must be closed first."""


@transaction.atomic
def open_subject(
    *, room: Room, titles: dict[str, str], actor: User, mandate: Mandate | None
) -> Subject:
    """Give the room a subject. Repeated with the same titles, it returns the one that is open.

    `mandate` is the one to speak by, where it may. Raises Http404 where the actor may not read the
    room, PermissionDenied where they may not write in it now, TooManySubjects.
    """
    lock_room(room.pk)
    access = access_room(actor, room.pk)
    room = access.room
    seat = seat_to_speak(access, mandate)
    if seat is None:
        raise PermissionDenied
    if there := Subject.objects.titled(room, titles):
        return there
    if Subject.objects.of_room(room).open().count() >= MOST_OPEN:
        raise TooManySubjects
    subject = Subject.objects.create(room=room, titles=titles, opened_by=actor)
    _record(subject, RecordKind.SUBJECT_OPENED, actor, seat.mandate, titles=titles)
    return subject


@transaction.atomic
def rename_subject(*, subject: Subject, titles: dict[str, str], actor: User) -> Subject:
    """Call it otherwise. Repeated, it does nothing.

    Raises Http404 where the actor may not read the room, PermissionDenied unless they chair it or
    opened the subject and may write.
    """
    subject, mandate = _locked(subject, actor)
    if subject.titles == titles:
        return subject
    before, subject.titles = subject.titles, titles
    subject.save(update_fields=["titles"])
    detail = {"titles": titles, "before": before}
    _record(subject, RecordKind.SUBJECT_RENAMED, actor, mandate, **detail)
    return subject


def close_subject(*, subject: Subject, actor: User) -> Subject:
    """Let it take no more messages. Repeated, it does nothing. Raises as `rename_subject`."""
    return _close(subject, actor, is_closed=True)


def reopen_subject(*, subject: Subject, actor: User) -> Subject:
    """Let it take messages again. Repeated, it does nothing. Raises as `rename_subject`, and
    TooManySubjects.
    """
    return _close(subject, actor, is_closed=False)


@transaction.atomic
def _close(subject: Subject, actor: User, *, is_closed: bool) -> Subject:
    subject, mandate = _locked(subject, actor)
    if subject.is_closed == is_closed:
        return subject
    if not is_closed and Subject.objects.of_room(subject.room).open().count() >= MOST_OPEN:
        raise TooManySubjects
    subject.closed_at = timezone.now() if is_closed else None
    subject.save(update_fields=["closed_at"])
    # The kind is that of a new name: what a subject says of itself was changed.
    detail = {"titles": subject.titles, "is_closed": is_closed}
    _record(subject, RecordKind.SUBJECT_RENAMED, actor, mandate, **detail)
    return subject


@transaction.atomic
def move_messages(
    *, room: Room, seq: int, to: int | None, with_following: bool, actor: User
) -> Sequence[Message]:
    """Put the message at `seq` under the subject `to` (None: under none), perhaps with what
    follows it in its own; returns those that were moved, MOST_MOVED at the most.

    Repeated, it does nothing. Raises Http404 where the actor may not read the room,
    PermissionDenied where they may not move it, SubjectNotOpen.
    """
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    room = access.room
    seat = seat_to_follow(access) if with_following else seat_to_move(access, actor, message)
    if seat is None:
        raise PermissionDenied
    if message.subject_id == to:
        return []
    if to is not None and not Subject.objects.open_among(room, [to]):
        raise SubjectNotOpen
    moved = Message.objects.from_here(message, MOST_MOVED) if with_following else [message]
    records = []
    for each in moved:
        detail = {"from": each.subject_id, "to": to}
        each.subject_id = to
        records.append(
            next_record(
                room=room,
                kind=RecordKind.MESSAGE_MOVED,
                actor=actor,
                mandate=seat.mandate,
                message=each,
                detail=detail,
            )
        )
    Message.objects.bulk_update(moved, ["subject"])
    save_records(room=room, records=records)
    return moved


def _locked(subject: Subject, actor: User) -> tuple[Subject, Mandate]:
    """The subject under the lock on its room, and the mandate by which the actor may change it."""
    lock_room(subject.room_id)
    access, subject = access_subject(actor, subject.room_id, subject.pk)
    subject.room = access.room
    seat = seat_to_rename(access, actor, subject)
    if seat is None:
        raise PermissionDenied
    return subject, seat.mandate


def _record(subject: Subject, kind: str, actor: User, mandate: Mandate, **detail: Any) -> None:
    record = next_record(
        room=subject.room,
        kind=kind,
        actor=actor,
        mandate=mandate,
        detail={"subject": subject.pk, **detail},
    )
    save_records(room=subject.room, records=[record])
