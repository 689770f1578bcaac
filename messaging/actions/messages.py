from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.binding import FilesMissing, bind_files, choose_files
from messaging.actions.issuing import Issue, as_recorded, is_issued_so, make_statement, not_issued
from messaging.actions.records import ask_to_lock, next_record, send_records
from messaging.actions.subjects import SubjectNotOpen
from messaging.mentions import Lazily, MentionRefused, called_upon
from messaging.models import Attachment, Mention, Message, Mute, Record, Room, Subject
from messaging.permissions import RoomAccess, Seat, ask_seats
from records.guess import language_of
from records.prepared import Insert, Prepared, knowing, pipelined, send


class ClientIdReused(Exception):
    """The client id names another message of this author: nothing was saved."""


class RoomShut(Exception):
    """The room is "archived", or "locked" to who does not chair it: nothing was saved."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Muted(Exception):
    """The author may not write here until a time, or (None) until it is lifted: nothing was
    saved.
    """

    def __init__(self, until: datetime | None) -> None:
        super().__init__(until)
        self.until = until


class TooSoon(Exception):
    """The room is in slow mode, and `wait` seconds are still to pass: nothing was saved."""

    def __init__(self, wait: float, every: int) -> None:
        super().__init__(wait)
        self.wait, self.every = wait, every


class RepliesToNothing(Exception):
    """What is to be answered is no message of this room: nothing was saved."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody wants to be saved."""

    author: User
    mandate: Mandate
    body: str
    client_id: UUID
    reply_to: int | None = None  # the number of the message that it answers
    issue: Issue | None = None  # set for a statement
    files: tuple[int, ...] = ()  # the attachments that go with it, in their order
    subject: int | None = None  # its id; of no account for a reply, which stands beside its message


_sent = Prepared(  # and perhaps some that nobody asked for: of these authors, with these ids
    lambda authors, client_ids: Message.objects.filter(author__in=authors, client_id__in=client_ids)
)


_insert = Insert(Message)


def post_message(
    *,
    room: Room,
    author: User,
    mandate: Mandate,
    body: str,
    client_id: UUID,
    reply_to: int | None = None,
    files: Sequence[int] = (),
    subject: int | None = None,
) -> Message:
    """Save a message and announce it. Safe to repeat: the same id, the same message.

    Raises Http404 where the author may not read the room, PermissionDenied where the mandate may
    not write there, RoomShut, Muted and TooSoon where nobody, not they or not yet may,
    ClientIdReused where the id was used for something else, RepliesToNothing where no message of
    the room stands at `reply_to`,
    FilesMissing where one of `files` does not wait for a message of the author in the room,
    SubjectNotOpen where the room has no such subject or it is closed,
    MentionRefused where the text calls upon who cannot be.
    """
    draft = Draft(author, mandate, body, client_id, reply_to, files=tuple(files), subject=subject)
    [outcome] = post_messages(room_id=room.pk, drafts=[draft])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def post_messages(*, room_id: int, drafts: Sequence[Draft]) -> list[Message | Exception]:
    """Save several messages, in their order, with one commit and one announcement.

    Returns for each what `post_message` returns or raises: none fails for another's sake.
    """
    try:
        inside = connection.in_atomic_block
        with ExitStack() as with_commit, transaction.atomic(), ExitStack() as sent_last:
            outcomes = _post(room_id, drafts, sent_last)
            if not inside:  # the end of a savepoint waits for nothing: what fails must fail before
                with_commit.push(sent_last.pop_all())
        return outcomes
    except (IntegrityError, DataError) as error:
        if len(drafts) > 1:
            return [post_messages(room_id=room_id, drafts=[draft])[0] for draft in drafts]
        if "message_sent_once" in str(error):  # taken meanwhile, in another room
            return [ClientIdReused()]
        return [error]


def _post(room_id: int, drafts: Sequence[Draft], sent_last: ExitStack) -> list[Message | Exception]:
    """`sent_last` ends after the commit: what is sent in it goes to PostgreSQL with that."""
    authors = sorted({draft.author.pk for draft in drafts})
    with pipelined():
        locked = ask_to_lock(room_id)
        sent = _sent.ask(authors=authors, client_ids=sorted({draft.client_id for draft in drafts}))
        held_by = ask_seats(authors, [room_id])
        keys = _insert.reserve(len(drafts))
    room = locked()
    known = {(message.author_id, message.client_id): message for message in sent()}
    seats = held_by()
    reserved = iter(keys())
    spoke = _last_spoken(room, drafts)
    muted = _muted(room, drafts)
    wanted = {draft.reply_to for draft in drafts if draft.reply_to}
    wanted |= {d.issue.corrects for d in drafts if d.issue and d.issue.corrects}
    answered = Message.objects.numbered(room, wanted) if wanted else {}
    who = Lazily(room)
    subjects = _open_subjects(room, drafts, answered.values())
    asked = {pk for draft in drafts for pk in draft.files}
    waiting = Attachment.objects.to_bind(room, asked) if asked else {}
    files: dict[tuple[int, UUID], list[Attachment]] = {}  # of the new messages that have any
    new: list[Message] = []
    outcomes: list[Message | Exception] = []
    for draft in drafts:
        key = (draft.author.pk, draft.client_id)
        if earlier := known.get(key):
            is_same = _is_same(earlier, room_id, draft, files.get(key))
            outcomes.append(earlier if is_same else ClientIdReused())
            continue
        held = seats.get(draft.author.pk, {}).get(room_id, ())
        seat = RoomAccess(room, held).seat_of(draft.mandate)
        if seat is None or not seat.may_write:
            outcomes.append(PermissionDenied() if held else Http404())
            continue
        replied = answered.get(draft.reply_to) if draft.reply_to else None
        if draft.reply_to and replied is None:
            outcomes.append(RepliesToNothing())
            continue
        corrected = answered.get(draft.issue.corrects or 0) if draft.issue else None
        if draft.issue and (refused := not_issued(draft.issue, seat.mandate, corrected)):
            outcomes.append(refused)
            continue
        subject = replied.subject_id if replied else draft.subject
        if subject and subject not in subjects:
            outcomes.append(SubjectNotOpen())
            continue
        now = timezone.now()
        # Slow mode holds no statement back.
        if refusal := _not_now(
            room, seat, None if draft.issue else spoke.get(draft.author.pk), now
        ):
            outcomes.append(refusal)
            continue
        try:
            mentioned = called_upon(draft.body, who, seat, draft.author.pk)
        except MentionRefused as fault:
            outcomes.append(fault)
            continue
        if mute := muted.get(draft.author.pk):
            outcomes.append(Muted(mute.until))
            continue
        chosen = choose_files(draft.files, draft.author, waiting)
        if isinstance(chosen, FilesMissing):
            outcomes.append(chosen)
            continue
        spoke[draft.author.pk] = now
        message = Message(
            pk=next(reserved),
            room_id=room.pk,
            seq=room.head_seq + len(new) + 1,
            author_id=draft.author.pk,
            mandate_id=seat.mandate.pk,
            body=draft.body,
            language=language_of(draft.body),
            client_id=draft.client_id,
            reply_to=replied,
            statement=make_statement(draft.issue, corrected) if draft.issue else None,
            subject_id=subject,
            posted_at=now,
            mentioned=mentioned,
            file_count=len(chosen),
        )
        # The author as they are called now.
        knowing(message, room=room, author=seat.mandate.user, mandate=seat.mandate)
        known[key] = message
        message.search_text = message.searchable(chosen)
        if chosen:
            files[key] = chosen
        new.append(message)
        outcomes.append(message)
    if new:
        mentions = [each for message in new for each in Mention.of_people(message)]
        messages = _insert.written(new)
        if mentions or files:
            send(messages)
        if mentions:
            Mention.objects.bulk_create(mentions)
        bind_files((known[key], chosen) for key, chosen in files.items())
        records = [
            next_record(
                room=room,
                actor=message.author,
                mandate=message.mandate,
                text=message.body,
                message=message,
                **as_recorded(message, files.get((message.author_id, message.client_id))),
            )
            for message in new
        ]
        if mentions or files:
            send_records(room=room, records=records)
        else:
            sent_last.enter_context(pipelined())  # it goes with the commit
            send_records(messages, room=room, records=records)
    return outcomes


def _open_subjects(
    room: Room, drafts: Sequence[Draft], answered: Iterable[Message]
) -> Collection[int]:
    """Of the subjects that drafts name or that they answer in, those that take messages."""
    wanted = {draft.subject for draft in drafts} | {each.subject_id for each in answered}
    wanted.discard(None)
    return Subject.objects.open_among(room, [pk for pk in wanted if pk]) if wanted else ()


def _last_spoken(room: Room, drafts: Sequence[Draft]) -> dict[int, datetime]:
    """When each author last wrote in a room in slow mode, if that was within its pause."""
    if not room.slow_seconds:
        return {}
    since = timezone.now() - timedelta(seconds=room.slow_seconds)
    return Message.objects.last_posted(room, {draft.author.pk for draft in drafts}, since)


def _muted(room: Room, drafts: Sequence[Draft]) -> dict[int, Mute]:
    """Which authors may not write in the (locked) room now. Looked for only where there are any."""
    if not room.has_mutes:
        return {}
    return Mute.objects.of(room, {draft.author.pk for draft in drafts}, timezone.now())


def _not_now(
    room: Room, seat: Seat, spoke: datetime | None, now: datetime
) -> RoomShut | TooSoon | None:
    """Why the holder of `seat` may not write as the (locked) room stands now, or None."""
    if room.is_archived:
        return RoomShut("archived")
    if seat.chairs:
        return None
    if room.is_locked:
        return RoomShut("locked")
    if room.slow_seconds and spoke:
        wait = room.slow_seconds - (now - spoke).total_seconds()
        if wait > 0:
            return TooSoon(wait, room.slow_seconds)
    return None


def _is_same(message: Message, room_id: int, draft: Draft, files: list[Attachment] | None) -> bool:
    """Whether `draft` is what `message` said when it was posted, whatever it says now; with
    `files`, where it is being posted.
    """
    said: str | None = message.body
    if message.version != 1 or not message.stands:
        said = Record.objects.posted(message).text
    replied = message.reply_to.seq if message.reply_to else None
    same_text = said is None or said == draft.body  # an erased text can be compared no more
    if files is None:
        files = list(message.files.all()) if message.file_count else []
    same_files = tuple(each.pk for each in files) == draft.files
    same_place = message.room_id == room_id and replied == draft.reply_to
    return (
        same_place
        and same_text
        and same_files
        and is_issued_so(message, draft.issue)
        and (bool(replied) or _same_subject(message, draft))
    )


def _same_subject(message: Message, draft: Draft) -> bool:
    """Whether it was posted there, wherever it was moved to meanwhile."""
    if message.subject_id == draft.subject:
        return True
    return bool(Record.objects.posted(message).detail.get("subject") == draft.subject)
