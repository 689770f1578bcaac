"""What becomes of rooms and open sockets when an institution's standing changes."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.actions.groups import create_group
from members.enums import GroupKind, GroupRole, MembershipClass
from members.models import Institution, User
from messaging import throttle
from messaging.actions import ask_acknowledgement, open_room
from messaging.actions.opening import roles_in_common
from messaging.enums import ParticipantRole, RecordKind, RoomKind
from messaging.models import Message, Participant, Record, Room
from messaging.permissions import access_room
from messaging.permissions_opening import groups_to_open
from messaging.rendering import render_records
from messaging.standing import standing
from messaging.verification import verify_rooms
from tests.factories import Cast
from tests.members.memberships import reclass, reinstate, suspend, withdraw
from tests.messaging.conftest import make_room, say
from tests.messaging.test_opinions import ask, give
from tests.messaging.test_socket import two_tabs

in_database = sync_to_async
OBSERVER, MEMBER, CHAIR = ParticipantRole.OBSERVER, ParticipantRole.MEMBER, ParticipantRole.CHAIR


def plenary(**more: ParticipantRole) -> Room:
    """A room of all that are active; `more`: by country, another role."""
    roles = roles_in_common(RoomKind.PLENARY, Institution.objects.in_directory())
    given = {each: more.get(str(each.country.code), role) for each, role in roles.items()}
    return open_room(kind=RoomKind.PLENARY, titles={"en": "Plenary"}, delegations=given)


def role(room: Room, institution: Institution) -> str:
    return Participant.objects.current().get(room=room, institution=institution).role


def may_write(user: User, room: Room) -> bool:
    return bool(standing(access_room(user, room.pk), user)["writes"])


# --- Rooms ----------------------------------------------------------------------------------------


def test_an_observer_reads_and_does_not_write_and_a_full_member_writes_again(
    cast: Cast, room: Room
) -> None:
    everybody = plenary()
    say(everybody, cast.bilal, cast.bilal_mandate)
    reclass(cast, MembershipClass.OBSERVER)
    asked = ask(cast, room, author=cast.bilal, mandate=cast.bilal_mandate)
    with pytest.raises(PermissionDenied):
        give(asked, cast.amal, 1)
    for each in (room, everybody):
        assert not may_write(cast.amal, each)
        with pytest.raises(PermissionDenied):
            say(each, cast.amal, cast.amal_mandate)
    assert (role(everybody, cast.kr), role(room, cast.kr)) == (OBSERVER, MEMBER)
    reclass(cast, MembershipClass.FULL)
    assert (role(everybody, cast.kr), role(room, cast.kr)) == (MEMBER, MEMBER)
    assert say(everybody, cast.amal, cast.amal_mandate)
    said = [r.detail for r in Record.objects.filter(kind=RecordKind.PARTICIPANT_CHANGED)]
    assert [d["role"] for d in said] == ["observer", "member"]
    [line, _again] = render_records(
        Record.objects.for_display().filter(kind=RecordKind.PARTICIPANT_CHANGED), "en"
    )
    assert "observer of the room from now on, by decision of the secretariat" in line["html"]
    assert verify_rooms() is None


def test_a_chair_stays_one_and_where_all_only_listen_nothing_changes(cast: Cast) -> None:
    chaired, read = plenary(KR=CHAIR), open_room(
        kind=RoomKind.ANNOUNCEMENTS, titles={"en": "News"}, delegations={cast.kr: OBSERVER}
    )  # fmt: skip
    reclass(cast, MembershipClass.OBSERVER)
    assert (role(chaired, cast.kr), role(read, cast.kr)) == (CHAIR, OBSERVER)
    assert not may_write(cast.amal, chaired)
    suspend(cast)
    reinstate(cast)
    assert not Record.objects.filter(kind=RecordKind.PARTICIPANT_CHANGED).exists()


def test_who_was_suspended_enters_the_rooms_that_were_opened_meanwhile(cast: Cast) -> None:
    before = plenary()
    suspend(cast)
    meanwhile = plenary()
    assert not Participant.objects.filter(room=meanwhile, institution=cast.kr).exists()
    for each in (before, meanwhile):
        with pytest.raises(Http404):
            access_room(cast.amal, each.pk)
    reinstate(cast)
    assert may_write(cast.amal, before)
    assert may_write(cast.amal, meanwhile)


def test_who_chairs_a_group_as_an_observer_opens_no_rooms_in_it(cast: Cast) -> None:
    group = create_group(
        kind=GroupKind.WORKING_GROUP, names={"en": "Group"}, members={cast.kr: GroupRole.CHAIR}
    )
    assert groups_to_open(cast.amal) == [group]
    reclass(cast, MembershipClass.OBSERVER)
    assert groups_to_open(cast.amal) == []


def test_nobody_waits_for_the_acknowledgement_of_who_is_suspended(cast: Cast, room: Room) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate)
    ask_acknowledgement(room=room, seq=said.seq, until=None, actor=cast.dina)

    def missing() -> list[Institution]:
        return Message.objects.get(pk=said.pk).marks.missing

    assert missing() == [cast.kr, cast.ng]
    suspend(cast)
    assert missing() == [cast.ng]
    reinstate(cast)
    assert missing() == [cast.kr, cast.ng]


# --- Open sockets ---------------------------------------------------------------------------------


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
@pytest.mark.parametrize("ends", [suspend, withdraw])
async def test_the_open_room_closes_within_a_second(
    scene: tuple[Cast, Room], ends: Callable[..., Any]
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    await in_database(ends)(cast, cast.ng)
    assert await bilal.hear("room.closed", timeout=1) == {"type": "room.closed", "room": room.pk}
    await in_database(say)(room, cast.amal, cast.amal_mandate, "among ourselves")
    await amal.hear("room.records")
    await bilal.silence()
    assert (await bilal.post(room.pk, cast.bilal_mandate.pk, "still here?"))["status"] == 404
    assert (await bilal.enter(room.pk))["status"] == 404
    await amal.leave()
    await bilal.leave()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
async def test_who_is_reinstated_enters_and_writes_by_the_same_socket(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    await in_database(suspend)(cast, cast.ng)
    await bilal.hear("room.closed", timeout=1)
    await in_database(say)(room, cast.amal, cast.amal_mandate, "meanwhile")
    await in_database(reinstate)(cast, cast.ng)
    entered = await bilal.enter(room.pk)
    assert (entered["type"], entered["head"]) == ("room.entered", 5)
    saved = await bilal.post(room.pk, cast.bilal_mandate.pk, "here again")
    assert saved["type"] == "message.saved"
    await amal.leave()
    await bilal.leave()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
async def test_who_becomes_an_observer_hears_on_and_is_told_at_once(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    told = {"type": "room.rights", "room": room.pk}
    await in_database(reclass)(cast, MembershipClass.OBSERVER, cast.ng)
    assert await bilal.hear(timeout=1) == told
    refused = await bilal.post(room.pk, cast.bilal_mandate.pk, "May I?")
    assert (refused["status"], refused["code"]) == (403, "read_only")
    await in_database(say)(room, cast.amal, cast.amal_mandate, "We go on")
    assert (await bilal.hear())["type"] == "room.records"
    await in_database(reclass)(cast, MembershipClass.ASSOCIATE, cast.ng)
    assert await bilal.hear(timeout=1) == told
    saved = await bilal.post(room.pk, cast.bilal_mandate.pk, "Thank you")
    assert saved["type"] == "message.saved"
    await amal.hear("room.records")
    await amal.leave()
    await bilal.leave()
