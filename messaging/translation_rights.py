"""Who may attach a translation to a message, take it away, and say which language it is in."""

from members.enums import Capacity
from members.models import User
from messaging.enums import TranslationKind
from messaging.models import Message, Translation
from messaging.permissions import RoomAccess, Seat


def seats_to_translate(access: RoomAccess, message: Message, kind: str) -> list[Seat]:
    """The seats by which a translation of `kind` may be attached now. An official one is the word
    of the delegation that spoke, or of the secretariat; a courtesy may come from whoever may write.
    """
    if access.shut:
        return []
    return [
        seat
        for seat in access.writing
        if kind == TranslationKind.COURTESY
        or seat.mandate.institution_id == message.mandate.institution_id
        or (seat.chairs and seat.mandate.capacity == Capacity.SECRETARIAT)
    ]


def can_remove(access: RoomAccess, user: User, translation: Translation) -> Seat | None:
    """The seat by which the person may take it away: as who attached it, or as chair."""
    if access.room.is_archived:
        return None
    if translation.author == user and access.writing and not access.shut:
        return access.seat_of(translation.mandate) or access.writing[0]
    return next((seat for seat in access.seats if seat.chairs), None)


def can_correct_language(access: RoomAccess, user: User, message: Message) -> Seat | None:
    """The seat by which the person may say it: as the author, or as chair."""
    if access.shut:
        return None
    if message.author_id == user.pk and access.writing:
        return access.seat_of(message.mandate) or access.writing[0]
    return next((seat for seat in access.seats if seat.chairs), None)
