"""Who may read and write where.

There is one computation of rights, `seats_of`, for one person at a page and for all the sockets
of a process alike.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from members.enums import Capacity, MembershipClass
from members.models import Mandate, Membership, Presidency, User
from messaging.enums import ParticipantRole
from messaging.models import Participant, Room


@dataclass(frozen=True, slots=True)
class Seat:
    """A mandate through which a person is in a room, and the role that it gives there."""

    mandate: Mandate
    role: str

    @property
    def may_write(self) -> bool:
        return self.role != ParticipantRole.OBSERVER


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """A room that a person may read, and the seats they hold in it (at least one)."""

    room: Room
    seats: tuple[Seat, ...]

    @property
    def writing(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.may_write)

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
            or seat.mandate.capacity in (Capacity.HEAD, Capacity.SECRETARIAT)
        ),
        None,
    )


Seats = dict[int, dict[int, tuple[Seat, ...]]]  # person -> room -> seats


def _rank(role: str) -> int:
    return list(ParticipantRole).index(ParticipantRole(role))


def seats_of(users: Collection[int], rooms: Collection[int] | None = None) -> Seats:
    """The seats that `users` (ids) hold now, in `rooms` (ids) or in all. Two queries, always."""
    mandates: list[Any] = list(  # Any: the annotations are not fields of the model
        Mandate.objects.running()
        .filter(user__in=users)
        .annotate(
            presides=Exists(
                Presidency.objects.running().filter(institution=OuterRef("institution"))
            ),
            observes=Exists(
                Membership.objects.current().filter(
                    institution=OuterRef("institution"),
                    membership_class=MembershipClass.OBSERVER,
                )
            ),
        )
        .select_related("institution", "user")
        .order_by("pk")
    )
    participants = Participant.objects.current().order_by("pk")
    if rooms is not None:
        participants = participants.filter(room__in=rooms)
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
    room = Room.objects.filter(pk=room_id).first() if seats else None
    if not seats or room is None:
        raise Http404
    return RoomAccess(room, seats)


@dataclass(frozen=True, slots=True)
class Listed:
    """A participant as the room's panel shows it: who, in which role, and the people behind."""

    participant: Participant
    people: list[Mandate]


def people_by_institution(participants: Iterable[Participant]) -> list[Listed]:
    """Whoever can read a room, by delegation. One query for all the people."""
    participants = list(participants)
    mandates = defaultdict(list)
    office = []
    presiding = set(Presidency.objects.running().values_list("institution", flat=True))
    wanted = {p.institution_id for p in participants if p.institution_id} | presiding
    for mandate in Mandate.objects.running().filter(institution__in=wanted).for_display():
        mandates[mandate.institution_id].append(mandate)
        if mandate.capacity == Capacity.SECRETARIAT and mandate.institution_id in presiding:
            office.append(mandate)
    return [
        Listed(p, office if p.office else mandates.get(p.institution_id or 0, []))
        for p in participants
    ]


def earliest_end(seats: Iterable[tuple[Seat, ...]]) -> datetime | None:
    """When the first of the mandates behind `seats` ends by its own date."""
    ends = [seat.mandate.ends_at for held in seats for seat in held if seat.mandate.ends_at]
    return min(ends, default=None)


def live_sessions(keys: Collection[str]) -> dict[str, User]:
    """Session key -> person, for those of `keys` whose web session still signs somebody in.

    A session ends by sign-out, expiry, deactivation, or a changed password (its hash differs).
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
    living = {}
    for key, values in data.items():
        user = users.get(int(values.get(SESSION_KEY, 0)))
        if user and constant_time_compare(
            values.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        ):
            living[key] = user
    return living
