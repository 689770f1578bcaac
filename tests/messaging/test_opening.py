"""Opening rooms: by the secretariat any, by the chair of a group within the group."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from members.actions.groups import add_group_member, create_group
from members.enums import GroupKind, GroupRole
from members.models import Group
from messaging.actions import archive_room, start_room
from messaging.enums import RoomKind
from messaging.listing import grouped
from messaging.models import Participant, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast


@pytest.fixture
def group(cast: Cast) -> Group:
    return create_group(
        kind=GroupKind.WORKING_GROUP,
        names={"en": "Culture"},
        members={cast.kr: GroupRole.CHAIR, cast.ng: GroupRole.MEMBER},
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(cast: Cast, group: Group | None, **more: Any) -> Room:
    given: dict[str, Any] = {
        "kind": RoomKind.MEETING,
        "titles": {"en": "Drafting"},
        "purposes": {},
        "group": group,
        "delegations": {cast.kr: "chair", cast.ng: "member"},
        "actor": cast.amal,
        "mandate": cast.amal_mandate,
    }
    return start_room(**given | more)


def test_chair_opens_a_further_room_of_the_group_and_of_no_other(cast: Cast, group: Group) -> None:
    room = opened(cast, group)
    assert list(Room.objects.of_group(group).order_by("pk"))[1:] == [room]
    with pytest.raises(PermissionDenied):
        opened(cast, None)
    with pytest.raises(PermissionDenied):
        opened(cast, group, delegations={cast.pl: "member"})
    with pytest.raises(PermissionDenied):
        opened(cast, group, kind=RoomKind.PLENARY)
    with pytest.raises(PermissionDenied):
        opened(cast, group, actor=cast.bilal, mandate=cast.bilal_mandate)
    assert AuditEntry.objects.filter(act="room.opened").count() == 1
    assert verify_rooms() is None


def test_a_new_member_of_the_group_enters_its_main_room_alone(cast: Cast, group: Group) -> None:
    further = opened(cast, group)
    add_group_member(group=group, institution=cast.pl, role=GroupRole.MEMBER)
    main = Room.objects.main_of_group(group)
    assert Participant.objects.filter(room=main, institution=cast.pl).count() == 1
    assert not Participant.objects.filter(room=further, institution=cast.pl).exists()


def test_who_will_read_is_shown_before_and_nothing_is_opened(cast: Cast, group: Group) -> None:
    dina = signed_in(cast.dina)
    data = {"kind": "meeting", "title_fr": "Réunion", "delegations": [cast.kr.pk, cast.pl.pk]}
    before = Room.objects.count()
    page = dina.post("/en/rooms/new/", data).content.decode()
    assert "Who will be able to read this room" in page
    assert "2 delegations, 3 people" in page.replace("<bdi>", "").replace("</bdi>", "")
    assert Room.objects.count() == before
    done = dina.post("/en/rooms/new/", {**data, "open": "1", "chair": str(cast.pl.pk)})
    room = Room.objects.latest("pk")
    assert done["Location"] == f"/en/rooms/{room.pk}/"
    roles = dict(room.participants.values_list("institution", "role"))
    assert roles == {None: "chair", cast.kr.pk: "member", cast.pl.pk: "chair"}


def test_form_refuses_and_keeps_what_was_typed(cast: Cast, group: Group) -> None:
    amal = signed_in(cast.amal)
    for data in (
        {"kind": "plenary", "group": group.pk, "delegations": [cast.kr.pk]},
        {"kind": "meeting", "delegations": [cast.kr.pk]},
        {"kind": "meeting", "group": group.pk, "delegations": [cast.pl.pk]},
        {"kind": "meeting", "group": group.pk},
    ):
        page = amal.post("/en/rooms/new/", {**data, "title_en": "Kept title", "open": "1"})
        assert (page.status_code, "Kept title" in page.content.decode()) == (422, True)
    data = {"kind": "meeting", "group": group.pk, "delegations": [cast.ng.pk], "title_en": "T"}
    assert amal.post("/en/rooms/new/", {**data, "open": "1"}).status_code == 302
    roles = dict(Room.objects.latest("pk").participants.values_list("institution", "role"))
    assert roles == {None: "chair", cast.kr.pk: "chair", cast.ng.pk: "member"}
    assert signed_in(cast.bilal).get("/en/rooms/new/").status_code == 403


def test_announcements_are_read_by_all_members(cast: Cast) -> None:
    data = {"kind": "announcements", "title_en": "News", "open": "1"}
    assert signed_in(cast.dina).post("/en/rooms/new/", data).status_code == 302
    roles = Room.objects.latest("pk").participants.exclude(institution=None)
    assert sorted(roles.values_list("role")) == [("observer",)] * 4


def test_list_has_headings_and_folds_the_archive(cast: Cast, group: Group) -> None:
    room = opened(cast, group)
    archive_room(room=room, actor=cast.amal, mandate=cast.amal_mandate)
    headings = grouped(Room.objects.for_list(cast.amal))
    assert [(h.key, len(h.rooms)) for h in headings] == [("groups", 1), ("archived", 1)]
    page = signed_in(cast.amal).get("/en/rooms/").content.decode()
    assert '<details class="rooms__group"' in page
