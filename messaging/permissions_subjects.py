"""Who may open, change and use the subjects of a room."""

from django.http import Http404

from members.models import Mandate, User
from messaging.enums import RecordKind
from messaging.models import Message, Record, Subject
from messaging.permissions import RoomAccess, Seat, access_room, seat_to_edit


def access_subject(user: User, room_id: int, pk: int) -> tuple[RoomAccess, Subject]:
    """The subject and the way to its room. Raises Http404 alike for "none" and "not yours"."""
    access = access_room(user, room_id)
    subject = Subject.objects.find(access.room, pk) if pk < 2**63 else None
    if subject is None:
        raise Http404
    return access, subject


def seat_to_speak(access: RoomAccess, mandate: Mandate | None = None) -> Seat | None:
    """A seat by which the person may write now, that of `mandate` where it may."""
    if access.shut:
        return None
    own = access.seat_of(mandate)
    return own if own and own.may_write else next(iter(access.writing), None)


def seat_to_rename(access: RoomAccess, user: User, subject: Subject) -> Seat | None:
    """Of who opened the subject, while they may write; else one that chairs the room."""
    own = seat_to_speak(access) if subject.opened_by_id == user.pk else None
    return own or seat_to_follow(access)


def seat_to_follow(access: RoomAccess) -> Seat | None:
    """A seat that chairs the room: it alone moves what others said. None in an archived room."""
    if access.room.is_archived:
        return None
    return next((seat for seat in access.seats if seat.chairs), None)


def seat_to_move(access: RoomAccess, user: User, message: Message) -> Seat | None:
    """The author's seat, as for an edit, for a plain message that stands; else one that chairs."""
    own = None if message.deletion_id else seat_to_edit(access, user, message)
    if own and Record.objects.posted(message).kind != RecordKind.MESSAGE_POSTED:
        own = None  # a statement was issued where it stands
    return own or seat_to_follow(access)
