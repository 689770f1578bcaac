"""Who may issue statements, release them, and see those that wait for it."""

from django.http import Http404

from members.models import Mandate, User
from messaging.models import Message, Room, StatementDraft
from messaging.permissions import RoomAccess, Seat, access_room, seats_of


def issuing_seats(access: RoomAccess) -> tuple[Seat, ...]:
    """The seats through which the person may issue statements in the room."""
    return tuple(seat for seat in access.writing if seat.mandate.issues_statements)


def correcting_seats(access: RoomAccess, message: Message) -> tuple[Seat, ...]:
    """The seats through which the person may put `message`, a statement, right."""
    return tuple(s for s in issuing_seats(access) if can_be_corrected(message, s.mandate))


def replying_seats(access: RoomAccess, message: Message) -> tuple[Seat, ...]:
    """The seats through which the person may exercise the right of reply to `message`."""
    if message.statement is None or message.statement.is_corrigendum or not message.stands:
        return ()
    own = message.mandate.institution_id
    return tuple(s for s in issuing_seats(access) if s.mandate.institution_id != own)


def can_be_corrected(message: Message, mandate: Mandate) -> bool:
    """A statement that stands, of the mandate's delegation. A corrigendum is not corrected: another
    is issued to the same statement.
    """
    return (
        message.statement is not None
        and not message.statement.is_corrigendum
        and message.stands
        and message.mandate.institution_id == mandate.institution_id
    )


def access_draft(user: User, room_id: int, pk: int) -> tuple[RoomAccess, StatementDraft]:
    """A draft of a statement: for its author and for whom it passed to, while of the delegation,
    and for those there who may issue statements. Raises Http404.
    """
    access = access_room(user, room_id)
    draft = StatementDraft.objects.find(access.room, pk)
    if draft is None or not _concerns(access, user, draft):
        raise Http404
    return access, draft


def _concerns(access: RoomAccess, user: User, draft: StatementDraft) -> bool:
    return any(
        seat.mandate.institution_id == draft.mandate.institution_id
        and (seat.mandate.issues_statements or user in (draft.author, draft.keeper))
        for seat in access.writing
    )


def seat_to_release(access: RoomAccess, user: User, draft: StatementDraft) -> Seat | None:
    """A seat of the same delegation with the right, of another person than the author."""
    if draft.author_id == user.pk:
        return None
    return next(
        (
            seat
            for seat in issuing_seats(access)
            if seat.mandate.institution_id == draft.mandate.institution_id
        ),
        None,
    )


def drafts_asking(mandate: Mandate) -> list[StatementDraft]:
    """What asks something of the holder of a running mandate, in rooms where they may issue: drafts
    to release or return, and own ones that were returned. One query; three where there are any.
    """
    found = list(StatementDraft.objects.asking(mandate)) if mandate.issues_statements else []
    rooms = {draft.room_id for draft in found}
    seats = seats_of([mandate.user_id], rooms).get(mandate.user_id, {}) if found else {}
    may = {
        room
        for room, held in seats.items()
        if any(seat.mandate.pk == mandate.pk and seat.may_write for seat in held)
    }
    return [draft for draft in found if draft.room_id in may]


def releasers_of(room: Room, mandate: Mandate) -> list[Mandate]:
    """Who may release what is issued through `mandate`, each person once."""
    held = Mandate.objects.running().of_institution(mandate.institution).for_display()
    found = [m for m in held if m.issues_statements and m.user_id != mandate.user_id]
    seats = seats_of({m.user_id for m in found}, [room.pk]) if found else {}
    may = {
        seat.mandate.pk
        for by_room in seats.values()
        for seat in by_room.get(room.pk, ())
        if seat.may_write
    }
    return list({m.user_id: m for m in reversed(found) if m.pk in may}.values())[::-1]
