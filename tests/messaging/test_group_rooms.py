"""What becomes of a group's rooms when its members, their roles or the group itself change."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.test import Client

from members.actions.group_life import change_group, close_group, reopen_group
from members.actions.groups import add_group_member, remove_group_member
from members.enums import GroupRole
from members.models import Group
from messaging import throttle
from messaging.actions import (
    GroupClosed,
    RoomShut,
    archive_room,
    change_role,
    reopen_room,
    start_room,
)
from messaging.enums import RoomKind
from messaging.models import Participant, Record, Room
from messaging.permissions_opening import groups_to_open
from messaging.verification import verify_rooms
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast
from tests.members.groups import by, make_group, office, signed_in
from tests.messaging.conftest import say
from tests.messaging.sockets import Tab


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


def main(group: Group) -> Room:
    room = Room.objects.main_of_group(group)
    assert room
    return room


def further(cast: Cast, group: Group) -> Room:
    return start_room(
        kind=RoomKind.MEETING,
        titles={"en": "Drafting"},
        purposes={},
        group=group,
        delegations={cast.kr: "chair", cast.ng: "member"},
        **office(cast),
    )


def roles(room: Room) -> dict[Any, str]:
    present = Participant.objects.current().filter(room=room).exclude(institution=None)
    return {p.institution_id: p.role for p in present}


def test_rooms_are_archived_with_their_group_and_reopened_with_it(cast: Cast, group: Group) -> None:
    rooms = [main(group), further(cast, group), further(cast, group)]
    archive_room(room=rooms[2], **office(cast))
    for _ in range(2):
        close_group(group=group, reason="Done", **office(cast))
    for room in rooms:
        room.refresh_from_db()
        assert room.is_archived
    with pytest.raises(RoomShut):
        say(rooms[0], cast.amal, cast.amal_mandate)
    client = signed_in(cast.bilal)
    assert client.get(f"/en/rooms/{rooms[0].pk}/").status_code == 200  # is still read
    with pytest.raises(GroupClosed):
        reopen_room(room=rooms[0], **office(cast))
    with pytest.raises(PermissionDenied):
        further(cast, group)
    assert groups_to_open(cast.dina) == groups_to_open(cast.amal) == []
    for _ in range(2):
        reopen_group(group=group, **office(cast))
    states = [Room.objects.get(pk=room.pk).is_archived for room in rooms]
    assert states == [False, False, True]  # the third was archived before, by hand
    say(rooms[0], cast.amal, cast.amal_mandate)
    reopen_room(room=rooms[2], **office(cast))
    assert groups_to_open(cast.amal) == [group]
    kinds = [r.kind for r in Record.objects.of_room(rooms[0]) if r.kind.startswith("room.")]
    assert kinds == ["room.opened", "room.archived", "room.reopened"]
    told = AuditEntry.objects.filter(act__in=["room.archived", "room.reopened"])
    assert [e.object_id for e in told] == [rooms[2].pk] * 2  # by hand; else the group's entry
    assert verify_rooms() is verify_audit_log() is None


def test_the_room_of_the_group_follows_its_name_unless_it_has_its_own(
    cast: Cast, group: Group
) -> None:
    other = further(cast, group)

    def rename(name: str) -> None:
        change_group(
            group=group,
            names={"en": name},
            mandate_texts=group.mandate_texts,
            mandate_states=group.mandate_states,
            starts_on=group.starts_on,
            ends_on=group.ends_on,
            secretariat_chairs=group.secretariat_chairs,
            version=None,
            **office(cast),
        )

    for _ in range(2):
        rename("Heritage")
    assert main(group).titles == {"en": "Heritage"}
    other.refresh_from_db()
    assert other.titles == {"en": "Drafting"}
    assert Record.objects.filter(room=main(group), kind="room.changed").count() == 1
    Room.objects.filter(pk=main(group).pk).update(titles={"en": "Named by its chair"})
    rename("Music")
    assert main(group).titles == {"en": "Named by its chair"}
    assert verify_rooms() is None


def test_the_page_of_a_room_says_that_its_group_is_closed(cast: Cast, group: Group) -> None:
    close_group(group=group, reason="Done", **office(cast))
    room = main(group)
    answer = signed_in(cast.dina).post(
        f"/en/rooms/{room.pk}/state/", {"act": "reopen"}, follow=True
    )
    assert [str(m) for m in answer.context["messages"]] == [
        "The group is closed: its rooms are reopened with it."
    ]


def test_a_role_in_the_group_holds_in_its_rooms(cast: Cast, group: Group) -> None:
    rooms = [main(group), further(cast, group)]
    by_hand = Participant.objects.get(room=rooms[1], institution=cast.ng)
    change_role(participant=by_hand, role="chair", **office(cast))
    add_group_member(group=group, institution=cast.ng, role=GroupRole.OBSERVER, **office(cast))
    assert [roles(room)[cast.ng.pk] for room in rooms] == ["observer", "chair"]
    with pytest.raises(PermissionDenied):
        say(rooms[0], cast.bilal, cast.bilal_mandate)
    add_group_member(group=group, institution=cast.ng, role=GroupRole.MEMBER, **office(cast))
    say(rooms[0], cast.bilal, cast.bilal_mandate)
    add_group_member(group=group, institution=cast.kr, role=GroupRole.MEMBER, **office(cast))
    assert [roles(room)[cast.kr.pk] for room in rooms] == ["member", "member"]
    lines = signed_in(cast.dina).get(f"/en/rooms/{rooms[0].pk}/").content.decode()
    assert "observer of the room from now on, by decision of the secretariat" in lines
    assert verify_rooms() is verify_audit_log() is None


def test_who_comes_back_enters_the_room_again(cast: Cast, group: Group) -> None:
    room = main(group)
    remove_group_member(group=group, institution=cast.ng, **by(cast.bilal, cast.bilal_mandate))
    assert roles(room) == {cast.kr.pk: "chair"}
    add_group_member(group=group, institution=cast.ng, **by(cast.amal, cast.amal_mandate))
    assert roles(room) == {cast.kr.pk: "chair", cast.ng.pk: "member"}
    assert groups_to_open(cast.bilal) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
async def test_who_is_taken_out_on_the_page_loses_the_room_within_a_second(
    transactional_db: None,
) -> None:
    in_database = sync_to_async
    cast = await in_database(Cast)()
    group = await in_database(make_group)(cast)
    room = await in_database(main)(group)
    tab = await Tab.open(cast.bilal)
    assert (await tab.enter(room.pk))["type"] == "room.entered"
    page = Client()
    await in_database(page.force_login)(cast.amal)
    address = f"/en/groups/{group.pk}/members/{cast.ng.pk}/end/"
    assert (await in_database(page.post)(address)).status_code == 302
    assert await tab.hear("room.closed", timeout=1) == {"type": "room.closed", "room": room.pk}
    await in_database(say)(room, cast.amal, cast.amal_mandate, "among ourselves")
    await tab.silence()
    assert (await tab.enter(room.pk))["status"] == 404
    await tab.leave()
