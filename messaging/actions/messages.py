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
from messaging.models import Message, Room
from messaging.permissions import RoomAccess, seats_of
from messaging.prepared import Insert, Prepared
from records.folding import fold


class ClientIdReused(Exception):
    """The client id names another message of this author: nothing was saved."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody wants to be saved."""

    author: User
    mandate: Mandate
    body: str
    client_id: UUID


_sent = Prepared(  # and perhaps some that nobody asked for: of these authors, with these ids
    lambda authors, client_ids: Message.objects.filter(author__in=authors, client_id__in=client_ids)
)


_insert = Insert(Message)


def post_message(
    *, room: Room, author: User, mandate: Mandate, body: str, client_id: UUID
) -> Message:
    """Save a message and announce it. Safe to repeat: the same id, the same message.

    Raises Http404 where the author may not read the room, PermissionDenied where the mandate may
    not write there, ClientIdReused where the id was used for something else.
    """
    [outcome] = post_messages(room_id=room.pk, drafts=[Draft(author, mandate, body, client_id)])
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
        for message in _sent(
            authors=sorted({draft.author.pk for draft in drafts}),
            client_ids=sorted({draft.client_id for draft in drafts}),
        )
    }
    seats = seats_of({draft.author.pk for draft in drafts}, [room_id])
    new: list[Message] = []
    outcomes: list[Message | Exception] = []
    for draft in drafts:
        key = (draft.author.pk, draft.client_id)
        if earlier := known.get(key):
            same = (earlier.room_id, earlier.body) == (room_id, draft.body)
            outcomes.append(earlier if same else ClientIdReused())
            continue
        held = seats.get(draft.author.pk, {}).get(room_id, ())
        seat = RoomAccess(room, held).seat_of(draft.mandate)
        if seat is None or not seat.may_write:
            outcomes.append(PermissionDenied() if held else Http404())
            continue
        message = known[key] = Message(
            room=room,
            seq=room.head_seq + len(new) + 1,
            author=draft.author,
            mandate=seat.mandate,
            body=draft.body,
            search_text=fold(draft.body),
            client_id=draft.client_id,
            posted_at=timezone.now(),
        )
        new.append(message)
        outcomes.append(message)
    if new:
        _insert(new)
        records = [
            next_record(
                room=room,
                kind=RecordKind.MESSAGE_POSTED,
                actor=message.author,
                mandate=message.mandate,
                text=message.body,
                message=message,
            )
            for message in new
        ]
        save_records(room=room, records=records)
    return outcomes
