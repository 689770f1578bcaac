"""Erasing texts for law's sake, under two eyes: one of the secretariat asks, another carries it
out. What that does is in `erasing`.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging import tasks_moderation
from messaging.actions.erasing import erase_drafts, erase_reason, erase_texts, erase_words
from messaging.actions.records import lock_room
from messaging.enums import ErasedFor, ErasureState
from messaging.models import Erasure, Hold, Message, Record, Report, Room
from messaging.permissions_moderation import (
    access_message_of_office,
    access_reason_of_office,
    access_report_of_office,
    office_people,
)
from records.actions import append_audit_entry


class RoomHeld(Exception):
    """A legal hold stands on the room: nothing was erased."""


class TextGone(Exception):
    """The text is erased already. Nothing was changed."""


class OwnRequest(PermissionDenied):
    """Whoever asked for the erasure cannot carry it out: a second person must look at it."""


class AnsweredOtherwise(Exception):
    """The request was answered or withdrawn meanwhile. Nothing was changed."""


@transaction.atomic
def ask_for_erasure(*, room: Room, seq: int, ground: str, explanation: str, actor: User) -> Erasure:
    """Ask that the text of the message at `seq` be erased. While a request waits, that one is
    returned.

    Raises Http404 where the actor may not read the room, PermissionDenied where they are not of
    the secretariat there, TextGone, RoomHeld.
    """
    room = lock_room(room.pk)
    _, message, mandate = access_message_of_office(actor, room.pk, seq)
    return _ask(room, message, message.erased_at is not None, ground, explanation, actor, mandate)


@transaction.atomic
def ask_for_reason_erasure(
    *, room: Room, seq: int, ground: str, explanation: str, actor: User
) -> Erasure:
    """Ask that the reason in the record at `seq` be erased, and nothing else of it.

    Raises as `ask_for_erasure`.
    """
    room = lock_room(room.pk)
    _, record, mandate = access_reason_of_office(actor, room.pk, seq)
    return _ask(room, record, record.text is None, ground, explanation, actor, mandate)


@transaction.atomic
def ask_for_report_erasure(
    *, report: Report, ground: str, explanation: str, actor: User
) -> Erasure:
    """Ask that the words of `report` be erased, and the note of who settled it.

    Raises as `ask_for_erasure`, and Http404 where it was reported of the actor.
    """
    room = lock_room(report.message.room_id)
    _, report, mandate = access_report_of_office(actor, room.pk, report.pk)
    return _ask(room, report, not report.has_words, ground, explanation, actor, mandate)


def _ask(
    room: Room,
    thing: Message | Record | Report,
    is_gone: bool,
    ground: str,
    explanation: str,
    actor: User,
    mandate: Mandate,
) -> Erasure:
    if waiting := Erasure.objects.of(thing).waiting().first():
        return waiting
    if is_gone:
        raise TextGone
    _check_no_hold(room)
    erasure = Erasure(ground=ground, explanation=explanation, asked_by=actor, mandate=mandate)
    told = office_people() - {actor.pk}
    match thing:
        case Message():
            erasure.message = thing
        case Record():
            erasure.record = thing
        case Report():
            erasure.report = thing
            told -= {thing.message.author_id}
    erasure.save()
    tasks_moderation.tell(tasks_moderation.ERASURE, erasure, told)
    _audit(erasure, "erasure.asked", actor, mandate)
    return erasure


@transaction.atomic
def approve_erasure(*, erasure: Erasure, actor: User) -> Erasure:
    """Carry out what another of the secretariat asked for. Repeated, it does nothing.

    Raises as `ask_for_erasure`, OwnRequest, AnsweredOtherwise.
    """
    room, erasure, mandate = _locked(erasure, actor)
    if erasure.state == ErasureState.DONE:
        return erasure
    if erasure.asked_by_id == actor.pk:
        raise OwnRequest
    if not erasure.is_waiting:
        raise AnsweredOtherwise
    _check_no_hold(room)
    _carry_out(room, erasure, actor, mandate)
    return _answer(erasure, ErasureState.DONE, "", actor, mandate)


@transaction.atomic
def refuse_erasure(*, erasure: Erasure, note: str, actor: User) -> Erasure:
    """Let the text stand, and say why; who asked withdraws. Repeated, it does nothing.

    Raises as `approve_erasure`.
    """
    _, erasure, mandate = _locked(erasure, actor)
    own = erasure.asked_by_id == actor.pk
    state = ErasureState.WITHDRAWN if own else ErasureState.REFUSED
    if erasure.state == state:
        return erasure
    if not erasure.is_waiting:
        raise AnsweredOtherwise
    return _answer(erasure, state, note, actor, mandate)


def _carry_out(room: Room, erasure: Erasure, actor: User, mandate: Mandate) -> None:
    """Where the text is gone already, with another's, it does nothing."""
    if erasure.report:
        erase_words(erasure.report)
    elif erasure.record and erasure.record.text is not None:
        erase_reason(room=room, record=erasure.record, actor=actor, mandate=mandate)
    elif erasure.message and not erasure.message.erased_at:
        erase_drafts(erasure.message)
        erase_texts(
            room=room,
            messages=[erasure.message],
            ground=ErasedFor.LAW,
            actor=actor,
            mandate=mandate,
        )


def _check_no_hold(room: Room) -> None:
    if Hold.objects.standing(room):
        raise RoomHeld


def _locked(erasure: Erasure, actor: User) -> tuple[Room, Erasure, Mandate]:
    of = erasure.of
    room = lock_room(of.room_id)
    if erasure.report_id:
        _, _, mandate = access_report_of_office(actor, room.pk, erasure.report_id)
    elif erasure.record_id:
        _, _, mandate = access_reason_of_office(actor, room.pk, of.seq)
    else:
        _, _, mandate = access_message_of_office(actor, room.pk, of.seq)
    found = Erasure.objects.select_for_update(of=("self",)).for_list().get(pk=erasure.pk)
    return room, found, mandate


def _answer(erasure: Erasure, state: str, note: str, actor: User, mandate: Mandate) -> Erasure:
    erasure.state, erasure.note = state, note
    erasure.answered_by, erasure.answered_at = actor, timezone.now()
    erasure.save(update_fields=["state", "note", "answered_by", "answered_at"])
    _audit(erasure, f"erasure.{state}", actor, mandate)
    return erasure


def _audit(erasure: Erasure, act: str, actor: User, mandate: Mandate) -> None:
    of = erasure.of
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=of if isinstance(of, Message) else of.room,
        after={"room": of.room_id, "number": of.seq, "ground": erasure.ground},
    )
