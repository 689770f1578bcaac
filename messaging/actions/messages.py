from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind
from messaging.models import Message, Record, Room
from messaging.permissions import RoomAccess, seats_of
from records.folding import fold


class ClientIdReused(Exception):
    """The client id names another message of this author: nothing was saved."""


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


def post_message(
    *,
    room: Room,
    author: User,
    mandate: Mandate,
    body: str,
    client_id: UUID,
    reply_to: int | None = None,
) -> Message:
    """Save a message and announce it. Safe to repeat: the same id, the same message.

    Raises Http404 where the author may not read the room, PermissionDenied where the mandate may
    not write there, ClientIdReused where the id was used for something else, RepliesToNothing
    where no message of the room stands at `reply_to`.
    """
    draft = Draft(author, mandate, body, client_id, reply_to)
    [outcome] = post_messages(room_id=room.pk, drafts=[draft])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def post_messages(*, room_id: int, drafts: Sequence[Draft]) -> list[Message | Exception]:
    """Save several messages, in their order, with one commit and one announcement.

    Returns for each what `post_message` returns or raises: none fails for another's sake.
    """
    try:
        with transaction.atomic():
            return _post(room_id, drafts)
    except (IntegrityError, DataError) as error:
        if len(drafts) > 1:
            return [post_messages(room_id=room_id, drafts=[draft])[0] for draft in drafts]
        if "message_sent_once" in str(error):  # taken meanwhile, in another room
            return [ClientIdReused()]
        return [error]


def _post(room_id: int, drafts: Sequence[Draft]) -> list[Message | Exception]:
    room = lock_room(room_id)
    known = {
        (message.author_id, message.client_id): message
        for message in Message.objects.sent([(d.author.pk, d.client_id) for d in drafts])
    }
    seats = seats_of({draft.author.pk for draft in drafts}, [room_id])
    wanted = {draft.reply_to for draft in drafts if draft.reply_to}
    answered = Message.objects.numbered(room, wanted) if wanted else {}
    new: list[Message] = []
    outcomes: list[Message | Exception] = []
    for draft in drafts:
        key = (draft.author.pk, draft.client_id)
        if earlier := known.get(key):
            outcomes.append(earlier if _is_same(earlier, room_id, draft) else ClientIdReused())
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
        message = known[key] = Message(
            room=room,
            seq=room.head_seq + len(new) + 1,
            author=draft.author,
            mandate=seat.mandate,
            body=draft.body,
            search_text=fold(draft.body),
            client_id=draft.client_id,
            reply_to=replied,
            posted_at=timezone.now(),
        )
        new.append(message)
        outcomes.append(message)
    if new:
        Message.objects.bulk_create(new)
        records = [
            next_record(
                room=room,
                kind=RecordKind.MESSAGE_POSTED,
                actor=message.author,
                mandate=message.mandate,
                text=message.body,
                message=message,
                detail={"reply_to": message.reply_to.seq} if message.reply_to else None,
            )
            for message in new
        ]
        save_records(room=room, records=records)
    return outcomes


def _is_same(message: Message, room_id: int, draft: Draft) -> bool:
    """Whether `draft` is what `message` said when it was posted, whatever it says now."""
    said: str | None = message.body
    if message.version != 1 or message.deletion_id:
        said = Record.objects.posted(message).text
    replied = message.reply_to.seq if message.reply_to else None
    same_text = said is None or said == draft.body  # an erased text can be compared no more
    return message.room_id == room_id and same_text and replied == draft.reply_to
