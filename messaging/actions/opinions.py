"""Polls of opinion: asked, answered, closed. Each is a record; none of it binds anybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from members.models import Mandate, User
from messaging import tasks
from messaging.actions.editing import MessageGone
from messaging.actions.messages import ClientIdReused, Draft, RoomShut, _last_spoken, _not_now
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind
from messaging.models import Message, OpinionAnswer, OpinionPoll, Room
from messaging.opinions import asking, closing_seat, text_of
from messaging.permissions import RoomAccess, access_message, access_room
from records.folding import fold


class OpinionOver(Exception):
    """The poll is closed: nothing was saved."""


@transaction.atomic
def ask_opinion(
    *,
    room: Room,
    author: User,
    mandate: Mandate,
    question: str,
    options: Sequence[str],
    client_id: UUID,
    is_multiple: bool = False,
    by_delegation: bool = False,
    is_shown_at_once: bool = True,
    closes_at: datetime | None = None,
) -> Message:
    """Ask the room. Safe to repeat: the same id, the same message.

    Raises Http404 where the author may not read the room, PermissionDenied where they may not ask
    there (one answer a delegation: where they do not chair), RoomShut, TooSoon, ClientIdReused.
    """
    locked = lock_room(room.pk)
    access = access_room(author, room.pk)
    body = text_of(question, options)
    if earlier := Message.objects.sent_as(author, client_id):
        if earlier.room_id != room.pk or earlier.body != body:
            raise ClientIdReused
        return earlier
    seat = next((s for s in asking(access) if s.mandate == mandate), None)
    if seat is None or (by_delegation and not seat.chairs):
        raise PermissionDenied
    if access.shut == "muted":
        raise RoomShut(access.shut)
    now = timezone.now()
    spoke = _last_spoken(locked, [Draft(author, seat.mandate, body, client_id)])
    if refusal := _not_now(locked, seat, spoke.get(author.pk), now):
        raise refusal
    poll = OpinionPoll.objects.create(
        options=len(options),
        is_multiple=is_multiple,
        by_delegation=by_delegation,
        is_shown_at_once=is_shown_at_once,
        closes_at=closes_at,
    )
    message = Message.objects.create(
        room=locked,
        seq=locked.head_seq + 1,
        author=author,
        mandate=seat.mandate,
        body=body,
        search_text=fold(body),
        client_id=client_id,
        posted_at=now,
        opinion=poll,
    )
    record = next_record(
        room=locked,
        kind=RecordKind.OPINION_ASKED,
        actor=author,
        mandate=seat.mandate,
        text=body,
        message=message,
        detail=poll.terms(),
    )
    save_records(room=locked, records=[record])
    if closes_at:
        tasks.close_opinion.configure(schedule_at=closes_at).defer(message_id=message.pk)
    return message


@transaction.atomic
def give_opinion(
    *, room: Room, seq: int, choices: Sequence[int], actor: User, mandate: Mandate | None = None
) -> OpinionAnswer:
    """Answer the poll at `seq`, or change the answer. The same once more does nothing.

    `mandate`: for whom, where the actor has several seats. Raises Http404, PermissionDenied where
    they may not write in the room, RoomShut, MessageGone, OpinionOver, and ValueError for choices
    that the poll does not have.
    """
    lock_room(room.pk)
    access, message, poll = _poll(actor, room, seq)
    seat = access.seat_of(mandate) if mandate else next(iter(access.writing), None)
    if seat is None or not seat.may_write:
        raise PermissionDenied
    if access.shut:
        raise RoomShut(access.shut)
    if not poll.is_open:
        raise OpinionOver
    chosen = sorted(set(choices))
    numbers = range(1, poll.options + 1)
    if len(chosen) != 1 and not (chosen and poll.is_multiple):
        raise ValueError(choices)
    if any(number not in numbers for number in chosen):
        raise ValueError(choices)
    answer = OpinionAnswer.objects.of(poll, seat.mandate)
    if answer and answer.choices == chosen:
        return answer
    answer = answer or OpinionAnswer(
        poll=poll, delegation=seat.mandate.institution if poll.by_delegation else None
    )
    answer.user, answer.mandate, answer.choices = actor, seat.mandate, chosen
    answer.save()
    record = next_record(
        room=access.room,
        kind=RecordKind.OPINION_GIVEN,
        actor=actor,
        mandate=seat.mandate,
        message=message,
        detail={"choices": chosen},
    )
    save_records(room=access.room, records=[record])
    return answer


@transaction.atomic
def close_opinion(*, room: Room, seq: int, actor: User) -> None:
    """Close the poll before its time, or where it has none. Repeated, it does nothing.

    Raises Http404, PermissionDenied where the actor neither asked nor chairs, MessageGone.
    """
    lock_room(room.pk)
    access, message, poll = _poll(actor, room, seq)
    seat = closing_seat(access, actor, message)
    if seat is None:
        raise PermissionDenied
    if poll.is_open:
        _close(access.room, message, poll, actor, seat.mandate)


@transaction.atomic
def close_due(*, message_id: int) -> None:
    """What the job does when the time of a poll has come."""
    room = lock_room(Message.objects.get(pk=message_id).room_id)
    message = Message.objects.get(pk=message_id)
    poll = message.opinion
    if poll is None or not message.stands or room.is_archived or poll.closed_at:
        return
    if poll.closes_at and poll.closes_at <= timezone.now() + timedelta(seconds=1):
        _close(room, message, poll, None, None)


def _close(
    room: Room, message: Message, poll: OpinionPoll, actor: User | None, mandate: Mandate | None
) -> None:
    record = next_record(
        room=room,
        kind=RecordKind.OPINION_CLOSED,
        actor=actor,
        mandate=mandate,
        message=message,
        detail={"by": "person" if actor else "time"},
    )
    save_records(room=room, records=[record])
    poll.closed_at = record.at
    poll.save(update_fields=["closed_at"])


def _poll(actor: User, room: Room, seq: int) -> tuple[RoomAccess, Message, OpinionPoll]:
    access, message = access_message(actor, room.pk, seq)
    if message.opinion is None:
        raise Http404
    if not message.stands:
        raise MessageGone
    return access, message, message.opinion
