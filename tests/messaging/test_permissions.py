from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.enums import Capacity, MembershipState
from members.models import Mandate, Presidency
from messaging.actions import add_participant, remove_participant
from messaging.enums import ParticipantRole
from messaging.models import Participant, Room
from messaging.permissions import access_room, live_sessions, seats_of
from tests.factories import Cast, make_mandate, make_user


def test_delegate_reads_and_writes_through_their_mandate(cast: Cast, room: Room) -> None:
    access = access_room(cast.amal, room.pk)
    assert access.room == room
    assert [(s.mandate, s.role) for s in access.writing] == [(cast.amal_mandate, "member")]


def test_stranger_and_nonexistent_room_get_the_same_404(cast: Cast, room: Room) -> None:
    with pytest.raises(Http404):
        access_room(cast.chloe, room.pk)
    with pytest.raises(Http404):
        access_room(cast.amal, room.pk + 1000)


def test_secretariat_enters_by_office_and_leaves_with_the_presidency(
    cast: Cast, room: Room
) -> None:
    assert [s.role for s in access_room(cast.dina, room.pk).seats] == ["chair"]
    Presidency.objects.update(institution=cast.pl)
    with pytest.raises(Http404):
        access_room(cast.dina, room.pk)


def test_observer_capacity_reads_and_does_not_write(cast: Cast, room: Room) -> None:
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    access = access_room(observer, room.pk)
    assert [s.role for s in access.seats] == ["observer"]
    assert access.writing == ()


def test_observer_participant_does_not_write(cast: Cast, room: Room) -> None:
    add_participant(room=room, institution=cast.pl, role=ParticipantRole.OBSERVER)
    assert access_room(cast.chloe, room.pk).writing == ()


def test_rights_end_with_mandate_membership_and_participation(cast: Cast, room: Room) -> None:
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    with pytest.raises(Http404):
        access_room(cast.amal, room.pk)
    cast.kr.memberships.update(state=MembershipState.ACTIVE)
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=timezone.now())
    with pytest.raises(Http404):
        access_room(cast.amal, room.pk)
    remove_participant(participant=Participant.objects.get(room=room, institution=cast.ng))
    with pytest.raises(Http404):
        access_room(cast.bilal, room.pk)


def test_two_mandates_give_two_seats_the_wider_role_each(cast: Cast, room: Room) -> None:
    second = make_mandate(cast.amal, cast.ng, Capacity.ADVISER)
    seats = access_room(cast.amal, room.pk).seats
    assert {s.mandate for s in seats} == {cast.amal_mandate, second}


def test_mandate_with_a_future_end_still_counts(cast: Cast, room: Room) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=soon)
    assert access_room(cast.amal, room.pk).writing


def test_rights_of_many_cost_the_queries_of_one(
    cast: Cast, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert set(seats_of([cast.amal.pk])) == {cast.amal.pk}
    with django_assert_num_queries(2):
        people = [cast.amal.pk, cast.bilal.pk, cast.chloe.pk, cast.dina.pk]
        assert set(seats_of(people)) == {cast.amal.pk, cast.bilal.pk, cast.dina.pk}


def test_list_of_rooms_agrees_with_access(cast: Cast, room: Room) -> None:
    assert list(Room.objects.readable_by(cast.amal)) == [room]
    assert list(Room.objects.readable_by(cast.dina)) == [room]
    assert list(Room.objects.readable_by(cast.chloe)) == []


def test_session_lives_until_password_changes_or_person_is_deactivated(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.amal)
    key = client.session.session_key
    assert live_sessions([key, "made-up"]) == {key: cast.amal}
    cast.amal.is_active = False
    cast.amal.save()
    assert live_sessions([key]) == {}
    cast.amal.is_active = True
    cast.amal.set_password("another one, quite long")
    cast.amal.save()
    assert live_sessions([key]) == {}
