"""Erasing the text of messages: under two eyes for law's sake, by time for a room's retention.

What goes is every text that the records of the message hold: its versions, the reason of its
deletion. The digests stay, so the chain does too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members.models import Mandate, User
from messaging import machine, tasks_moderation
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import ErasedFor, ErasureState, RecordKind, TranscriptState
from messaging.models import (
    Attachment,
    Erasure,
    Hold,
    Mention,
    Message,
    Record,
    Room,
    StatementDraft,
    Transcript,
    Translation,
)
from messaging.permissions_moderation import access_message_of_office, office_people
from records.actions import append_audit_entry, discard_file


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
    if waiting := Erasure.objects.of_message(message).waiting().first():
        return waiting
    if message.erased_at:
        raise TextGone
    _check_no_hold(room)
    erasure = Erasure.objects.create(
        message=message, ground=ground, explanation=explanation, asked_by=actor, mandate=mandate
    )
    tasks_moderation.tell(tasks_moderation.ERASURE, erasure, office_people() - {actor.pk})
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
    if not erasure.message.erased_at:
        _erase_drafts(erasure.message)
        erase_texts(
            room=room,
            messages=[erasure.message],
            ground=ErasedFor.LAW,
            actor=actor,
            mandate=mandate,
        )
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


def erase_texts(
    *,
    room: Room,
    messages: Sequence[Message],
    ground: str,
    actor: User | None,
    mandate: Mandate | None,
) -> None:
    """Erase what the records of `messages` say, with a record for each. For actions that hold the
    room's lock, have checked the right, and that no hold stands.
    """
    holding = transcripts_holding(room, messages)
    texts: defaultdict[int, list[int]] = defaultdict(list)
    spoken = Record.objects.with_text(messages)
    for record in spoken:
        texts[record.message_id or 0].append(record.seq)
    spoken.update(text=None, text_salt=None)
    records = [
        next_record(
            room=room,
            kind=RecordKind.TEXT_ERASED,
            actor=actor,
            mandate=mandate,
            message=message,
            detail={"ground": str(ground), "erased": texts[message.pk]},
        )
        for message in messages
    ]
    for message, record in zip(messages, records, strict=True):
        message.body = message.search_text = ""
        message.erased_at, message.erased_for = record.at, ground
        message.translation_count = message.file_count = 0
        message.mentioned = []
    changed = ["body", "search_text", "mentioned", "erased_at", "erased_for"]
    changed += ["translation_count", "file_count"]
    Message.objects.bulk_update(messages, changed)
    save_records(room=room, records=records)
    _withdraw(holding, actor, mandate)
    _forget_beside(messages)


def _erase_drafts(message: Message) -> None:
    """Of statements that were given up, what became `message` or says what it said. They are in no
    record: nothing proves them, and nothing is left. Called first: the texts are compared.
    """
    said = {record.text or "" for record in Record.objects.with_text([message])}
    on_the_way = StatementDraft.objects.discarded_before(message)
    same = StatementDraft.objects.discarded_saying(message.room, said)
    found = StatementDraft.objects.filter(Q(pk__in=on_the_way) | Q(pk__in=same))
    found.update(body="", reason="", erased_at=timezone.now())


def _forget_beside(messages: Sequence[Message]) -> None:
    """What else keeps something of their texts: translations, a machine's too, and files. The
    digests of the files stay in the record. Last of all: what a file held does not come back.
    """
    Mention.objects.of_messages(messages).delete()
    Translation.objects.of_messages(messages).delete()
    for message in messages:
        machine.forget(message)
    attachments = list(Attachment.objects.of_messages(messages))
    stored = [file for each in attachments for file in (each.file, each.preview) if file]
    Attachment.objects.of_messages(messages).delete()
    for file in stored:
        discard_file(file)


def transcripts_holding(room: Room, messages: Iterable[Message]) -> list[Transcript]:
    """The transcripts of `room` whose files hold a text of one of `messages`."""
    texts = [
        (record.seq, record.message)
        for record in Record.objects.with_text(messages).select_related("message__deletion")
    ]
    return [
        transcript
        for transcript in Transcript.objects.ready(room)
        if any(message and transcript.holds(seq, message) for seq, message in texts)
    ]


def _withdraw(
    transcripts: Iterable[Transcript], actor: User | None, mandate: Mandate | None
) -> None:
    """The files go; that there was a transcript, and of what, stays."""
    for transcript in transcripts:
        files = [file for _, file in transcript.files]
        transcript.state = TranscriptState.WITHDRAWN
        transcript.pdf = transcript.html = transcript.json = None
        transcript.changed_at = timezone.now()
        transcript.save(update_fields=["state", "pdf", "html", "json", "changed_at"])
        for file in files:
            discard_file(file)
    for transcript in transcripts:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="transcript.withdrawn",
            thing=transcript,
            after={
                "room": transcript.room_id,
                "first_record": transcript.first_seq,
                "last_record": transcript.last_seq,
            },
        )


def _check_no_hold(room: Room) -> None:
    if Hold.objects.standing(room):
        raise RoomHeld


def _locked(erasure: Erasure, actor: User) -> tuple[Room, Erasure, Mandate]:
    room = lock_room(erasure.message.room_id)
    seq = erasure.message.seq
    _, _, mandate = access_message_of_office(actor, room.pk, seq)
    found = Erasure.objects.select_for_update(of=("self",)).for_list().get(pk=erasure.pk)
    return room, found, mandate


def _answer(erasure: Erasure, state: str, note: str, actor: User, mandate: Mandate) -> Erasure:
    erasure.state, erasure.note = state, note
    erasure.answered_by, erasure.answered_at = actor, timezone.now()
    erasure.save(update_fields=["state", "note", "answered_by", "answered_at"])
    _audit(erasure, f"erasure.{state}", actor, mandate)
    return erasure


def _audit(erasure: Erasure, act: str, actor: User, mandate: Mandate) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=erasure.message,
        after={
            "room": erasure.message.room_id,
            "number": erasure.message.seq,
            "ground": erasure.ground,
        },
    )
