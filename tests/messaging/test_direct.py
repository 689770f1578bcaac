"""Rooms of persons: opened towards whoever could answer, one for the same people, and left."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enums import Capacity, MembershipClass
from members.models import Mandate, User
from messaging import throttle
from messaging.actions import (
    add_participant,
    change_texts,
    leave_room,
    open_direct,
    post_message,
    remove_participant,
)
from messaging.enums import RecordKind, RoomKind
from messaging.models import Participant, Record, Room
from messaging.permissions import access_room
from messaging.permissions_direct import people_to_write_to
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    throttle._buckets.clear()


def between(cast: Cast, *people: User) -> Room:
    return open_direct(people=people, actor=cast.amal, mandate=cast.amal_mandate)


@pytest.fixture
def direct(cast: Cast) -> Room:
    """Of amal and chloe."""
    return between(cast, cast.chloe)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Opening -------------------------------------------------------------------------------------


def test_a_room_of_two_persons_is_theirs_alone(cast: Cast, direct: Room) -> None:
    assert (direct.kind, direct.pair) == (RoomKind.DIRECT, f"u:{cast.amal.pk}-{cast.chloe.pk}")
    assert direct.titles == {"ar": "Amal، Chloe", "en": "Amal, Chloe", "fr": "Amal, Chloe"}
    for user in (cast.amal, cast.chloe):
        access = access_room(user, direct.pk)
        assert (bool(access.writing), access.runs) == (True, False)
    for stranger in (cast.bilal, cast.dina):  # the secretariat has no seat in it
        with pytest.raises(Http404):
            access_room(stranger, direct.pk)
        assert direct not in Room.objects.readable_by(stranger)
    assert verify_rooms() is None


def test_no_record_of_it_and_no_audit_entry_holds_a_name(cast: Cast, direct: Room) -> None:
    details = [record.detail for record in Record.objects.of_room(direct)]
    assert details[0] == {"kind": "direct"}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.after) == ("room.opened", {"kind": "direct", "people": 2})
    assert "Chloe" not in f"{details}{entry.after}"


def test_the_same_people_have_one_room_whoever_opens_it(cast: Cast, direct: Room) -> None:
    mine = open_direct(people=[cast.amal], actor=cast.chloe, mandate=cast.chloe_mandate)
    assert mine == direct
    assert between(cast, cast.chloe, cast.amal, cast.chloe) == direct
    assert between(cast, cast.chloe, cast.bilal) != direct


def test_too_few_and_too_many_are_refused(cast: Cast) -> None:
    crowd = [make_user(f"person{n}") for n in range(8)]
    for person in crowd:
        make_mandate(person, cast.ng, Capacity.DELEGATE)
    for people in ([], [cast.amal], crowd):
        with pytest.raises(ValueError, match="people"):
            between(cast, *people)
    assert between(cast, *crowd[:7]).participants.count() == 8


def test_observers_open_none_and_are_written_to_by_nobody(cast: Cast) -> None:
    listening, quiet = make_user("listening"), make_user("quiet")
    mandate = make_mandate(listening, cast.kr, Capacity.OBSERVER)
    observing = make_institution("BR", membership_class=MembershipClass.OBSERVER)
    other = make_mandate(quiet, observing)
    ended = make_user("ended")
    past = make_mandate(ended, cast.ng)
    Mandate.objects.filter(pk=past.pk).update(ends_at=timezone.now())
    for actor, own in ((listening, mandate), (quiet, other), (ended, past)):
        with pytest.raises(PermissionDenied):
            open_direct(people=[cast.amal], actor=actor, mandate=own)
        with pytest.raises(PermissionDenied):
            between(cast, actor)
    with pytest.raises(PermissionDenied):  # with another's mandate
        open_direct(people=[cast.amal], actor=cast.chloe, mandate=cast.bilal_mandate)
    names = {each.user.name for each in people_to_write_to(cast.amal)}
    assert names == {"Bilal", "Chloe", "Dina"}


def test_who_has_lost_their_last_mandate_has_lost_the_room(cast: Cast, direct: Room) -> None:
    Mandate.objects.filter(user=cast.chloe).update(ends_at=timezone.now())
    with pytest.raises(Http404):
        access_room(cast.chloe, direct.pk)
    assert direct not in Room.objects.readable_by(cast.chloe)
    assert direct in Room.objects.readable_by(cast.amal)


# --- What cannot be done in it -------------------------------------------------------------------


def test_nobody_is_let_in_or_taken_out_and_nobody_runs_it(cast: Cast, direct: Room) -> None:
    by: dict[str, Any] = {"actor": cast.amal, "mandate": cast.amal_mandate}
    with pytest.raises(PermissionDenied):
        add_participant(room=direct, user=cast.bilal, **by)
    participant = Participant.objects.in_person(direct, cast.chloe)
    assert participant is not None
    with pytest.raises(PermissionDenied):
        remove_participant(participant=participant, **by)
    with pytest.raises(PermissionDenied):
        change_texts(room=direct, titles={"en": "A"}, purposes={}, **by)
    assert signed_in(cast.amal).get(f"/en/rooms/{direct.pk}/settings/").status_code == 403


# --- Leaving -------------------------------------------------------------------------------------


def test_one_leaves_and_the_same_people_may_open_another(
    cast: Cast, direct: Room, room: Room
) -> None:
    leave_room(room=direct, actor=cast.chloe)
    record = Record.objects.of_room(direct).reverse()[0]
    assert (record.kind, record.actor, record.detail) == (
        RecordKind.PARTICIPANT_REMOVED,
        cast.chloe,
        {"institution": None, "office": "", "user": cast.chloe.pk},
    )
    with pytest.raises(Http404):
        access_room(cast.chloe, direct.pk)
    with pytest.raises(Http404):
        leave_room(room=direct, actor=cast.chloe)
    page = signed_in(cast.amal).get(f"/en/rooms/{direct.pk}/").text
    assert "<bdi>Chloe</bdi> left the room." in page
    assert between(cast, cast.chloe) != direct
    with pytest.raises(PermissionDenied):  # a room of delegations is left by no person
        leave_room(room=room, actor=cast.amal)
    assert verify_rooms() is None


# --- Pages ---------------------------------------------------------------------------------------


def test_one_chooses_people_and_comes_to_the_room(cast: Cast) -> None:
    amal = signed_in(cast.amal)
    address = "/en/rooms/direct/new/"
    page = amal.get(f"{address}?to={cast.chloe.pk}").text
    assert f'value="{cast.chloe.pk}" id="person-{cast.chloe.pk}" checked' in page
    assert f'id="person-{cast.amal.pk}"' not in page
    assert amal.get(f"{address}?to=nobody").status_code == 200
    assert amal.post(address).status_code == 422
    assert amal.post(address, {"people": [cast.amal.pk]}).status_code == 422
    response = amal.post(address, {"people": [cast.chloe.pk]})
    direct = Room.objects.get(kind=RoomKind.DIRECT)
    assert response["Location"] == f"/en/rooms/{direct.pk}/"
    assert amal.post(address, {"people": [cast.chloe.pk]})["Location"] == response["Location"]


def test_each_sees_the_names_of_the_others(cast: Cast, direct: Room) -> None:
    for user, name in ((cast.amal, "Chloe"), (cast.chloe, "Amal")):
        client = signed_in(user)
        listed = client.get("/en/rooms/").text
        assert f'<span class="rooms__title"><bdi>{name}</bdi></span>' in listed
        assert "Direct rooms" in listed
        page = client.get(f"/en/rooms/{direct.pk}/").text
        assert f"<h1><bdi>{name}</bdi></h1>" in page
        assert "0 delegations" not in page
        assert "2 people" in page
    direct.refresh_from_db()
    assert direct.titles["en"] == "Amal, Chloe"


def test_the_list_costs_the_same_with_one_direct_room_and_with_three(
    cast: Cast, direct: Room
) -> None:
    amal = signed_in(cast.amal)
    amal.get("/en/rooms/")
    with CaptureQueriesContext(connection) as one:
        amal.get("/en/rooms/")
    between(cast, cast.bilal)
    between(cast, cast.bilal, cast.chloe)
    with CaptureQueriesContext(connection) as three:
        amal.get("/en/rooms/")
    assert len(three) == len(one)


def test_one_writes_and_leaves_over_http(cast: Cast, direct: Room) -> None:
    post_message(
        room=direct,
        author=cast.amal,
        mandate=cast.amal_mandate,
        body="Between us.",
        client_id=uuid4(),
    )
    chloe = signed_in(cast.chloe)
    assert "Between us." in chloe.get(f"/en/rooms/{direct.pk}/").text
    assert signed_in(cast.dina).get("/en/rooms/search/?q=between").context["hits"] == []
    assert signed_in(cast.bilal).post(f"/en/rooms/{direct.pk}/leave/").status_code == 404
    assert chloe.post(f"/en/rooms/{direct.pk}/leave/")["Location"] == "/en/rooms/"
    assert chloe.get(f"/en/rooms/{direct.pk}/").status_code == 404


def test_members_pages_lead_to_writing_to_each_person(cast: Cast) -> None:
    link = f'href="/en/rooms/direct/new/?to={cast.chloe.pk}"'
    page = signed_in(cast.amal).get(f"/en/members/{cast.pl.pk}/").text
    assert link in page
    assert link not in signed_in(cast.chloe).get(f"/en/members/{cast.pl.pk}/").text
    assert link not in Client().get(f"/en/members/{cast.pl.pk}/").text
