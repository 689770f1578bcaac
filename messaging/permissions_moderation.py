"""Who may keep order in a room, and who may have texts erased or kept."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.models import Mandate, User
from members.permissions import secretariat_mandate
from messaging.models import Message, Participant, Record, Report, Room
from messaging.permissions import (
    RoomAccess,
    access_message,
    access_room,
    people_by_institution,
    seats_of,
)


def office_mandate(access: RoomAccess, user: User) -> Mandate | None:
    """The mandate by which the person is of the secretariat in the room. None in a room that the
    office is not in: a seat there for their institution gives none of its rights.
    """
    office = secretariat_mandate(user)
    if office is None or access.seat_of(office) is None:
        return None
    present = Participant.objects.current().being(access.room, None, None, Participant.SECRETARIAT)
    return office if present.exists() else None


def access_office(user: User, room_id: int) -> tuple[RoomAccess, Mandate]:
    """The room, and the mandate of the secretariat there. Raises Http404 where the person may not
    read it, PermissionDenied where they are not of the office, or the office is not in the room.
    """
    access = access_room(user, room_id)
    mandate = office_mandate(access, user)
    if mandate is None:
        raise PermissionDenied
    return access, mandate


def access_message_of_office(
    user: User, room_id: int, seq: int
) -> tuple[RoomAccess, Message, Mandate]:
    """As `access_office`, with a message of the room."""
    access, message = access_message(user, room_id, seq)
    return access, message, access_office(user, room_id)[1]


def access_reason_of_office(
    user: User, room_id: int, seq: int
) -> tuple[RoomAccess, Record, Mandate]:
    """As `access_office`, with a record of the room that has a reason, or had it."""
    access, mandate = access_office(user, room_id)
    record = Record.objects.reason_at(access.room, seq) if seq < 2**63 else None
    if record is None:
        raise Http404
    return access, record, mandate


def access_report_of_office(
    user: User, room_id: int, pk: int
) -> tuple[RoomAccess, Report, Mandate]:
    """As `access_office`, with a report that has words, or had them; none of what the person wrote
    themselves.
    """
    access, mandate = access_office(user, room_id)
    report = Report.objects.shown_to(user).find(access.room, pk) if pk < 2**63 else None
    if report is None or not (report.has_words or report.erased_at):
        raise Http404
    return access, report, mandate


def office_people() -> set[int]:
    """Who is of the secretariat now, by id."""
    return set(Mandate.objects.of_secretariat().values_list("user", flat=True))


def moderating_mandate(access: RoomAccess, user: User) -> Mandate | None:
    """By which the person keeps order in the room: of a chair or of the secretariat."""
    chairing = next((seat.mandate for seat in access.seats if seat.chairs), None)
    return office_mandate(access, user) or chairing


def access_moderated(user: User, room_id: int) -> tuple[RoomAccess, Mandate]:
    """A room in which the person keeps order. Http404 where they may not read it, else
    PermissionDenied.
    """
    access = access_room(user, room_id)
    mandate = moderating_mandate(access, user)
    if mandate is None:
        raise PermissionDenied
    return access, mandate


def can_mute(access: RoomAccess, user: User, target: User) -> bool:
    """Whether `user` may mute `target`, or lift it. Nobody mutes the secretariat, nor themselves;
    who chairs is muted by the secretariat alone.
    """
    if moderating_mandate(access, user) is None or target == user:
        return False
    if target.pk in office_people():
        return False
    held = seats_of([target.pk], [access.room.pk]).get(target.pk, {}).get(access.room.pk, ())
    if any(seat.chairs for seat in held):
        return office_mandate(access, user) is not None
    return True


def reads(room: Room, user: User) -> bool:
    return bool(seats_of([user.pk], [room.pk]).get(user.pk, {}).get(room.pk))


def can_report(user: User, message: Message) -> bool:
    """Whoever reads the room, of what others wrote and still stands there."""
    return message.author_id != user.pk and message.stands


def access_report(user: User, room_id: int, pk: int) -> tuple[RoomAccess, Mandate, Report]:
    """A report in a room where the person keeps order. Http404 for what was reported of them."""
    access, mandate = access_moderated(user, room_id)
    report = Report.objects.shown_to(user).find(access.room, pk)
    if report is None:
        raise Http404
    return access, mandate, report


def moderators_of(room: Room) -> list[User]:
    """Who keeps order in the room now: who chairs it, and the secretariat where it is there."""
    listed = people_by_institution(Participant.objects.for_panel(room))
    people = {mandate.user for each in listed for mandate in each.people}
    seats = seats_of({user.pk for user in people}, [room.pk])
    office = office_people() if any(each.participant.office for each in listed) else set()
    return sorted(
        (
            user
            for user in people
            if user.pk in office
            or any(seat.chairs for seat in seats.get(user.pk, {}).get(room.pk, ()))
        ),
        key=lambda user: user.pk,
    )
