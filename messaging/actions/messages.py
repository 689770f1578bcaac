from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.records import append_record, lock_room
from messaging.enums import RecordKind
from messaging.models import Message, ReadMark, Room
from messaging.permissions import access_room


class ClientIdReused(Exception):
    """The client id names another message of this author: nothing was saved."""


def post_message(
    *, room: Room, author: User, mandate: Mandate, body: str, client_id: UUID
) -> Message:
    """Save a message and announce it. Safe to repeat: the same id, the same message.

    Raises Http404 where the author may not read the room, PermissionDenied where the mandate may
    not write there, ClientIdReused where the id was used for something else.
    """
    try:
        with transaction.atomic():
            return _post(room.pk, author, mandate, body, client_id)
    except IntegrityError as error:
        if "message_sent_once" in str(error):  # taken meanwhile, in another room
            raise ClientIdReused from error
        raise


def _post(room_id: int, author: User, mandate: Mandate, body: str, client_id: UUID) -> Message:
    room = lock_room(room_id)
    earlier = Message.objects.filter(author=author, client_id=client_id).first()
    if earlier:
        if (earlier.room_id, earlier.body) != (room_id, body):
            raise ClientIdReused
        return earlier
    seat = access_room(author, room_id).seat_of(mandate)
    if seat is None or not seat.may_write:
        raise PermissionDenied
    message = Message.objects.create(
        room=room,
        seq=room.head_seq + 1,
        author=author,
        mandate=seat.mandate,
        body=body,
        client_id=client_id,
        posted_at=timezone.now(),
    )
    append_record(
        room=room,
        kind=RecordKind.MESSAGE_POSTED,
        actor=author,
        mandate=seat.mandate,
        text=body,
        message=message,
    )
    return message


@transaction.atomic
def mark_read(*, room: Room, user: User, seq: int) -> ReadMark:
    """Raise the person's read mark to `seq`, never beyond the record's head and never down.

    Raises Http404 where they may not read the room.
    """
    head = access_room(user, room.pk).room.head_seq
    mark, created = ReadMark.objects.get_or_create(
        user=user, room=room, defaults={"last_read_seq": min(seq, head)}
    )
    if not created:
        ReadMark.objects.filter(pk=mark.pk).update(
            last_read_seq=Greatest(F("last_read_seq"), Least(seq, head))
        )
        mark.refresh_from_db(fields=["last_read_seq"])
    return mark
