"""Who may read and write where.

There is one computation of rights, `seats_of`, for one person at a page and for all the sockets
of a process alike.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from members.enums import Capacity, MembershipClass
from members.models import Mandate, Membership, Presidency, User
from members.permissions import owing_second_factor
from messaging.enums import ParticipantRole
from messaging.models import Attachment, Message, Mute, Participant, Room
from records.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandate through which a person is in a room, and the role that it gives there."""

    mandate: Mandate
    role: str

    @property
    def may_write(self) -> bool:
        return self.role != ParticipantRole.OBSERVER

    @property
    def chairs(self) -> bool:
        """The office of the secretariat chairs wherever it participates."""
        return self.role == ParticipantRole.CHAIR

    @property
    def is_of_office(self) -> bool:
        """Whether its mandate is of the secretariat now, and not of one before."""
        office = self.mandate.capacity == Capacity.SECRETARIAT
        return office and getattr(self.mandate, "presides", False)


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """A room that a person may read, and the seats they hold in it (at least one)."""

    room: Room
    seats: tuple[Seat, ...]
    mute: Mute | None = None  # while it stands, the person does not write

    @property
    def writing(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.may_write)

    @property
    def shut(self) -> str:
        """Why somebody with a voice here may not write now: "archived", "muted", "locked", ""."""
        if self.room.is_archived:
            return "archived"
        if self.mute:
            return "muted"
        return "locked" if self.room.is_locked and not self.chairs else ""

    @property
    def chairs(self) -> bool:
        return any(seat.chairs for seat in self.seats)

    @property
    def runs(self) -> bool:
        """Whether the person may change the room: its state, its texts, who is in it."""
        return self.chairs

    def chair_of(self, mandate: Mandate | None) -> Mandate:
        """The mandate by which the person runs the room, `mandate` where that is one.

        Raises PermissionDenied where there is none.
        """
        seats = [seat for seat in self.seats if seat.chairs]
        if not seats:
            raise PermissionDenied
        return next((s.mandate for s in seats if s.mandate == mandate), seats[0].mandate)

    def seat_of(self, mandate: Mandate | None) -> Seat | None:
        return next((seat for seat in self.seats if seat.mandate == mandate), None)


def transcript_seat(access: RoomAccess) -> Seat | None:
    """The seat by which a person may have transcripts: a chair, the secretariat, a head.

    A transcript leaves the portal with what others said; an observer takes none out.
    """
    return next(
        (
            seat
            for seat in access.writing
            if seat.role == ParticipantRole.CHAIR
            or seat.mandate.capacity == Capacity.HEAD
            or seat.is_of_office
        ),
        None,
    )


Seats = dict[int, dict[int, tuple[Seat, ...]]]  # person -> room -> seats


def _rank(role: str) -> int:
    return list(ParticipantRole).index(ParticipantRole(role))


def _running(users: list[int], now: datetime) -> QuerySet[Mandate]:
    presided = Presidency.objects.filter(institution=OuterRef("institution"))
    presiding = presided.running(now)
    observing = Membership.objects.current().filter(
        institution=OuterRef("institution"), membership_class=MembershipClass.OBSERVER
    )
    found: QuerySet[Mandate] = (
        Mandate.objects.running(now)
        .filter(user__in=users)
        .annotate(
            presides=Exists(presiding),
            observes=Exists(observing),
            presidency_ends_at=Subquery(presiding.values("ends_at")[:1]),
            presidency_starts_at=Subquery(
                presided.coming(now).order_by("starts_at").values("starts_at")[:1]
            ),
        )
        .select_related("institution", "user")
        .order_by("pk")
    )
    return found


_mandates = Prepared(_running)
_participants = Prepared(
    lambda rooms: Participant.objects.current().filter(room__in=rooms).order_by("pk")
)
_room = Prepared(lambda room: Room.objects.filter(pk=room))


def seats_of(users: Collection[int], rooms: Collection[int] | None = None) -> Seats:
    """The seats that `users` (ids) hold now, in `rooms` (ids) or in all. Two queries, always."""
    return ask_seats(users, rooms)()


def ask_seats(users: Collection[int], rooms: Collection[int] | None) -> Callable[[], Seats]:
    """As `seats_of`, asked now and read later (see `records.prepared.pipelined`)."""
    now = timezone.now()
    mandates = _mandates.ask(users=sorted(set(users)), now=now)
    if rooms is None:
        everywhere = Participant.objects.current().order_by("pk")
        return lambda: _seats(mandates(), list(everywhere))
    participants = _participants.ask(rooms=sorted(set(rooms)))
    return lambda: _seats(mandates(), participants())


def _seats(mandates: list[Any], participants: list[Participant]) -> Seats:  # Any: the annotations
    in_person = defaultdict(list)
    for_institution = defaultdict(list)
    for_office = []
    for participant in participants:
        if participant.user_id:
            in_person[participant.user_id].append(participant)
        elif participant.institution_id:
            for_institution[participant.institution_id].append(participant)
        else:
            for_office.append(participant)

    found: defaultdict[int, defaultdict[int, dict[Mandate, str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for mandate in mandates:
        through = [*for_institution[mandate.institution_id], *in_person[mandate.user_id]]
        if mandate.capacity == Capacity.SECRETARIAT and mandate.presides:
            through += for_office
        listens = mandate.capacity == Capacity.OBSERVER or mandate.observes
        for participant in through:
            role = ParticipantRole.OBSERVER if listens else ParticipantRole(participant.role)
            roles = found[mandate.user_id][participant.room_id]
            roles[mandate] = min(role, roles.get(mandate, role), key=_rank)
    return {
        user: {
            room: tuple(Seat(mandate, role) for mandate, role in roles.items())
            for room, roles in by_room.items()
        }
        for user, by_room in found.items()
    }


def access_room(user: User, room_id: int) -> RoomAccess:
    """The room and the person's seats in it. Raises Http404 alike for "none" and "not yours"."""
    seats = seats_of([user.pk], [room_id]).get(user.pk, {}).get(room_id)
    found = _room(room=room_id) if seats else []
    if not seats or not found:
        raise Http404
    [room] = found
    return RoomAccess(room, seats, _mute_of(room, user) if room.has_mutes else None)


def _mute_of(room: Room, user: User) -> Mute | None:
    return Mute.objects.of(room, [user.pk], timezone.now()).get(user.pk)


def access_running(user: User, room_id: int) -> RoomAccess:
    """A room that the person runs. Http404 where they may not read it, else PermissionDenied."""
    access = access_room(user, room_id)
    if not access.runs:
        raise PermissionDenied
    return access


def can_run(user: User, room_id: int) -> bool:
    held = seats_of([user.pk], [room_id]).get(user.pk, {}).get(room_id, ())
    return any(seat.chairs for seat in held)


def access_participant(access: RoomAccess, pk: int) -> Participant:
    """A participant of the room that may be changed. Raises Http404."""
    participant = Participant.objects.find(access.room, pk)
    if participant is None or participant.is_fixed or access.room.has_fixed_participants:
        raise Http404
    return participant


def access_message(user: User, room_id: int, seq: int) -> tuple[RoomAccess, Message]:
    """The message and the way to its room. Raises Http404 alike for "none" and "not yours"."""
    access = access_room(user, room_id)
    message = Message.objects.at(access.room, seq) if seq < 2**63 else None
    if message is None:
        raise Http404
    return access, message


def may_attach(access: RoomAccess) -> bool:
    """Whether the person may write here now: only then is a file kept for a message of theirs."""
    return bool(access.writing) and not access.shut


def access_attachment(user: User, room_id: int, pk: int) -> Attachment:
    """A file of a message that stands in the room, or one of their own that waits for its message.

    Raises Http404 alike for "none", "not yours" and "deleted".
    """
    access = access_room(user, room_id)
    attachment: Attachment | None = (
        Attachment.objects.readable(access.room, user, pk) if pk < 2**63 else None
    )
    if attachment is None:
        raise Http404
    return attachment


def seat_to_edit(access: RoomAccess, user: User, message: Message) -> Seat | None:
    """The author's seat that may write now: that of the message where it still may, or another.

    None for a statement, which stands as it was issued, and for a poll of opinion, which was
    answered as it stands.
    """
    stands = message.opinion_id or message.statement_id
    return None if stands else _own_seat(access, user, message)


def _own_seat(access: RoomAccess, user: User, message: Message) -> Seat | None:
    if message.author_id != user.pk or access.shut:
        return None
    own = access.seat_of(message.mandate)
    return own if own and own.may_write else next(iter(access.writing), None)


def seat_to_delete(access: RoomAccess, user: User, message: Message) -> Seat | None:
    """The author's seat, as for an edit; for others' messages one that chairs the room; for a
    statement that of the secretariat's office. None in an archived room.
    """
    if access.room.is_archived:
        return None
    if message.statement_id:
        return office_seat(access)
    chairing = (seat for seat in access.seats if seat.chairs)
    return _own_seat(access, user, message) or next(chairing, None)


def office_seat(access: RoomAccess) -> Seat | None:
    """The seat through the secretariat's office, where that is in the room."""
    seat = next(
        (seat for seat in access.seats if seat.chairs and seat.is_of_office),
        None,
    )
    office = Participant.objects.current().being(access.room, None, None, Participant.SECRETARIAT)
    return seat if seat and office.exists() else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A participant as the room's panel shows it: who, in which role, and the people behind."""

    participant: Participant
    people: list[Mandate]


def people_by_institution(participants: Iterable[Participant]) -> list[Listed]:
    """Whoever can read a room, by delegation. One query for all the people."""
    participants = list(participants)
    mandates = defaultdict(list)
    in_person = defaultdict(list)
    office = []
    presiding = set(Presidency.objects.running().values_list("institution", flat=True))
    wanted = {p.institution_id for p in participants if p.institution_id} | presiding
    persons = {p.user_id for p in participants if p.user_id}
    behind = Q(institution__in=wanted) | Q(user__in=persons)
    for mandate in Mandate.objects.running().filter(behind).for_display():
        in_person[mandate.user_id].append(mandate)
        mandates[mandate.institution_id].append(mandate)
        if mandate.capacity == Capacity.SECRETARIAT and mandate.institution_id in presiding:
            office.append(mandate)
    return [
        Listed(
            p,
            office
            if p.office
            else in_person.get(p.user_id, [])
            if p.user_id
            else mandates.get(p.institution_id or 0, []),
        )
        for p in participants
    ]


def counted(listed: Iterable[Listed]) -> tuple[int, int]:
    """How many delegations can read, and how many people in all."""
    listed = list(listed)
    people = {mandate.user_id for each in listed for mandate in each.people}
    return sum(each.participant.institution_id is not None for each in listed), len(people)


def earliest_end(seats: Iterable[tuple[Seat, ...]]) -> datetime | None:
    """When the first of the mandates behind `seats` ends by its own date, or the presidency passes
    to or from its institution.
    """
    ends = {end for held in seats for seat in held for end in _changes(seat.mandate)}
    return min(ends, default=None)


def _changes(mandate: Any) -> list[datetime]:
    ends = (mandate.ends_at, mandate.presidency_ends_at, mandate.presidency_starts_at)
    return [end for end in ends if end]


def live_sessions(keys: Collection[str]) -> dict[str, User]:
    """Session key -> person, for those of `keys` whose web session still signs somebody in.

    A session ends by sign-out, expiry, deactivation, or a changed password (its hash differs). It
    opens nothing while its person owes a second factor.
    """
    store = SessionStore()
    keys = [key for key in keys if "\0" not in key]  # which PostgreSQL takes for no text at all
    data = {
        row.session_key: store.decode(row.session_data)
        for row in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    }
    users = User.objects.filter(is_active=True).in_bulk(
        {int(d[SESSION_KEY]) for d in data.values() if SESSION_KEY in d}
    )
    for owing in owing_second_factor(users) if users else ():
        del users[owing]
    living = {}
    for key, values in data.items():
        user = users.get(int(values.get(SESSION_KEY, 0)))
        if user and constant_time_compare(
            values.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        ):
            living[key] = user
    return living
