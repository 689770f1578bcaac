"""Who may mark a message: react to it, pin it, ask for its acknowledgement, acknowledge it."""

from members.enums import Capacity
from members.models import Mandate, User
from members.permissions import running_mandates
from messaging.models import Message, MessageMarks, Record
from messaging.permissions import RoomAccess, Seat


def seat_to_react(access: RoomAccess, mandate: int | None = None) -> Seat | None:
    """The seat that writes here now: that of `mandate` (an id), or another. A lock closes this
    too: a reaction says something.
    """
    if access.shut:
        return None
    seats = access.writing
    return next((s for s in seats if s.mandate.pk == mandate), next(iter(seats), None))


def seat_to_pin(access: RoomAccess) -> Seat | None:
    """The seat that chairs, to pin and to ask for acknowledgement. None in an archived room."""
    if access.room.is_archived:
        return None
    return next((seat for seat in access.seats if seat.chairs), None)


def answers(mandate: Mandate) -> bool:
    """The secretariat is an office: it does not answer for the delegation that presides."""
    return mandate.capacity not in (Capacity.OBSERVER, Capacity.SECRETARIAT)


def mandates_to_acknowledge(access: RoomAccess, message: Message) -> list[Mandate]:
    """By which the person may acknowledge `message` (see `Record.objects.dress`) now: one for each
    of their delegations that is to do so and has not. A lock does not close this: the chair asks.
    """
    marks = marks_of(message)
    if marks is None or message.deletion_id or access.room.is_archived:
        return []
    missing = {institution.pk for institution in marks.missing}
    found: dict[int, Mandate] = {}
    for seat in access.seats:
        if seat.mandate.institution_id in missing and answers(seat.mandate):
            found.setdefault(seat.mandate.institution_id, seat.mandate)
    return list(found.values())


def marks_of(message: Message) -> MessageMarks | None:
    """What `message` carries, read with all that is shown of it."""
    Record.objects.dress(message)
    return getattr(message, "marks", None)


def answering(access: RoomAccess) -> list[Mandate]:
    """By which the person may acknowledge what is asked in the room, one for each delegation."""
    found: dict[int, Mandate] = {}
    for seat in access.seats:
        if answers(seat.mandate):
            found.setdefault(seat.mandate.institution_id, seat.mandate)
    return list(found.values())


def delegations_that_answer(user: User) -> set[int]:
    """The institutions for which the person may acknowledge, where these take part."""
    return {m.institution_id for m in running_mandates(user) if answers(m)}
