"""The room of a meeting: one, opened by the secretariat, for those who take part in it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from assembly import actions
from assembly.enums import MeetingKind
from assembly.models import Meeting
from members.actions.groups import create_group, remove_group_member
from members.actions.institutions import change_membership
from members.actions.people import end_mandate
from members.enums import Capacity, GroupKind, GroupRole, MembershipClass, MembershipState
from members.models import Group, Institution
from messaging.actions import archive_room, change_texts, remove_participant
from messaging.models import Participant, Record, Room
from messaging.occasions import occasions_of
from messaging.transcripts.document import build_document
from messaging.verification import verify_room, verify_rooms
from records.models import AuditEntry
from records.reading import as_read_by
from tests.assembly.conftest import signed_in
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.messaging.conftest import say
from tests.messaging.test_transcripts import ask

BOARD = MeetingKind.BOARD


def opened(meeting: Meeting, cast: Cast, **more: Any) -> Room:
    given: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    return actions.open_meeting_room(meeting=meeting, **given | more)


def other(kind: str = BOARD, *, number: int | None = 3, in_days: int = 14) -> Meeting:
    day = timezone.now().date() + timedelta(days=in_days)
    return actions.create_meeting(
        kind=kind, number=number, cities={"en": "Seoul"}, country="KR", starts_on=day, ends_on=day
    )


def url(meeting: Meeting, more: str = "room/") -> str:
    return f"/en/meetings/{meeting.pk}/{more}"


def roles(room: Room) -> dict[int | None, str]:
    return dict(room.participants.filter(removed_at=None).values_list("institution", "role"))


def is_over(meeting: Meeting) -> None:
    day = timezone.now().date() - timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(starts_on=day, ends_on=day)


@pytest.fixture
def room(cast: Cast, meeting: Meeting) -> Room:
    return opened(meeting, cast)


@pytest.fixture
def group(cast: Cast) -> Group:
    return create_group(
        kind=GroupKind.WORKING_GROUP,
        names={"en": "Culture"},
        members={cast.kr: GroupRole.CHAIR, cast.ng: GroupRole.OBSERVER},
    )


# --- Who is in it ---------------------------------------------------------------------------------
def test_assembly_has_all_active_members_by_their_class_and_no_guest(
    cast: Cast, meeting: Meeting
) -> None:
    observer = make_institution("FR", membership_class=MembershipClass.OBSERVER)
    associate = make_institution("IT", membership_class=MembershipClass.ASSOCIATE)
    make_institution("SD", state=MembershipState.SUSPENDED)
    make_institution("MX", state=MembershipState.CANDIDATE)
    actions.record_past_delegations(meeting=meeting, countries=["MX", "BR"])
    room = opened(meeting, cast)
    assert roles(room) == {
        None: "chair",
        **{i.pk: "member" for i in (cast.kr, cast.ng, cast.pl, cast.qa, associate)},
        observer.pk: "observer",
    }
    meeting.refresh_from_db()
    assert (meeting.room, room.kind, room.is_of_all) == (room, "meeting", True)
    assert AuditEntry.objects.get(act="meeting.room_opened").after == {"room": room.pk}
    assert AuditEntry.objects.filter(act="room.opened").count() == 1
    assert verify_rooms() is None


def test_conference_is_of_all_whatever_is_chosen(cast: Cast) -> None:
    room = opened(other(MeetingKind.CONFERENCE), cast, delegations={cast.kr: "chair"})
    assert roles(room) == {None: "chair"} | dict.fromkeys(
        (cast.kr.pk, cast.ng.pk, cast.pl.pk, cast.qa.pk), "member"
    )


def test_board_has_those_who_are_chosen(cast: Cast) -> None:
    room = opened(other(), cast, delegations={cast.kr: "member", cast.pl: "chair"})
    assert roles(room) == {None: "chair", cast.kr.pk: "member", cast.pl.pk: "chair"}
    assert room.is_of_all is False


def test_room_within_a_group_is_lost_with_the_place_in_it(cast: Cast, group: Group) -> None:
    meeting = other(MeetingKind.WORKING_GROUP)
    with pytest.raises(PermissionDenied):
        opened(meeting, cast, group=group, delegations={cast.pl: "member"})
    room = opened(meeting, cast, group=group, delegations={cast.kr: "member", cast.ng: "member"})
    assert room.group == group
    remove_group_member(group=group, institution=cast.ng)
    assert roles(room) == {None: "chair", cast.kr.pk: "member"}


def test_title_is_the_meetings_name_in_each_language(cast: Cast, room: Room) -> None:
    assert room.titles == {
        "en": "Seventh general assembly",
        "ar": "الجمعية العمومية السابعة",
        "fr": "Septième assemblée générale",
    }
    cast.dina.digits = "arabic_indic"
    with translation.override("ar"), as_read_by(cast.dina):
        numbered = opened(other(), cast, delegations={cast.kr: "member"})
        unnumbered = opened(other(number=None), cast, delegations={cast.kr: "member"})
    assert numbered.titles["en"] == "Board meeting no. 3"
    assert "3" in numbered.titles["ar"]  # stored in European digits, whoever opened it
    assert unnumbered.titles["en"] == "Board meeting · Seoul"


# --- Who opens it ---------------------------------------------------------------------------------
def test_only_the_secretariat_opens_it(cast: Cast, meeting: Meeting) -> None:
    former = make_institution("BR")
    for user in (cast.amal, cast.chloe, make_mandate(make_user("f"), former, "secretariat").user):
        with pytest.raises(PermissionDenied):
            opened(meeting, cast, actor=user, mandate=user.mandates.get())
        client = signed_in(user)
        assert client.get(url(meeting)).status_code == 403
        assert client.post(url(meeting), {"open": "1"}).status_code == 403
        assert url(meeting) not in client.get(url(meeting, "")).content.decode()
    assert signed_in(make_user("nobody")).post(url(meeting), {"open": "1"}).status_code == 404
    assert not Room.objects.exists()
    assert url(meeting) in signed_in(cast.dina).get(url(meeting, "")).content.decode()


def test_a_second_attempt_is_told_and_led_there(
    cast: Cast, meeting: Meeting, room: Room, secretariat: Client
) -> None:
    with pytest.raises(actions.RoomThere) as there:
        opened(meeting, cast)
    assert there.value.room == room
    for answer in (secretariat.get(url(meeting)), secretariat.post(url(meeting), {"open": "1"})):
        assert answer["Location"] == f"/en/rooms/{room.pk}/"
    assert "has its room already" in secretariat.get(f"/en/rooms/{room.pk}/").content.decode()
    assert Room.objects.get() == room


def test_none_is_opened_when_the_meeting_is_over(
    cast: Cast, meeting: Meeting, secretariat: Client
) -> None:
    is_over(meeting)
    with pytest.raises(ValidationError, match="over"):
        opened(meeting, cast)
    assert secretariat.get(url(meeting))["Location"] == url(meeting, "")
    assert secretariat.post(url(meeting), {"open": "1"})["Location"] == url(meeting, "")
    assert url(meeting) not in secretariat.get(url(meeting, "")).content.decode()
    assert not Room.objects.exists()


def plain(content: bytes) -> str:
    return re.sub(r"</?bdi>", "", content.decode())


def test_who_will_read_it_is_shown_first(meeting: Meeting, secretariat: Client) -> None:
    page = plain(secretariat.get(url(meeting)).content)
    assert "Who will be able to read this room" in page
    assert "4 delegations, 4 people" in page
    assert not Room.objects.exists()
    done = secretariat.post(url(meeting), {"open": "1"})
    assert done["Location"] == f"/en/rooms/{Room.objects.get().pk}/"


def test_board_form_shows_then_opens_and_keeps_what_was_refused(
    cast: Cast, group: Group, secretariat: Client
) -> None:
    meeting = other()
    before = Room.objects.count()
    assert "Who will be able" not in secretariat.get(url(meeting)).content.decode()
    for data in (
        {},
        {"group": group.pk, "delegations": [cast.pl.pk]},
        {"delegations": [cast.pl.pk], "chair": cast.kr.pk},
        {"delegations": ["99999"]},
    ):
        refused = secretariat.post(url(meeting), {**data, "open": "1"})
        assert refused.status_code == 422
        checked = f'value="{cast.pl.pk}" id="delegation-{cast.pl.pk}" checked'
        kept = cast.pl.pk in data.get("delegations", [])  # type: ignore[operator]
        assert (checked in refused.content.decode()) == kept
    shown = secretariat.post(url(meeting), {"delegations": [cast.kr.pk, cast.pl.pk]})
    assert "2 delegations, 3 people" in plain(shown.content)
    assert Room.objects.count() == before
    data = {"delegations": [cast.kr.pk, cast.pl.pk], "chair": cast.pl.pk, "open": "1"}
    assert secretariat.post(url(meeting), data).status_code == 302
    room = Room.objects.get(meeting=meeting)
    assert roles(room) == {None: "chair", cast.kr.pk: "member", cast.pl.pk: "chair"}


def test_a_group_without_choice_is_the_whole_group(
    cast: Cast, group: Group, secretariat: Client
) -> None:
    meeting = other(MeetingKind.WORKING_GROUP)
    assert secretariat.post(url(meeting), {"group": group.pk, "open": "1"}).status_code == 302
    room = Room.objects.get(meeting=meeting)
    assert roles(room) == {None: "chair", cast.kr.pk: "chair", cast.ng.pk: "observer"}


# --- Who comes and goes ---------------------------------------------------------------------------
def become(institution: Institution, state: MembershipState, **more: Any) -> None:
    given = {"membership_class": MembershipClass.FULL, "since": timezone.now().date()}
    change_membership(institution=institution, state=state, **given | more)


def test_a_later_member_enters_by_itself_where_it_is_of_all(cast: Cast, room: Room) -> None:
    board = opened(other(), cast, delegations={cast.kr: "member"})
    late = make_institution("MX", state=MembershipState.CANDIDATE)
    observer = make_institution("FR", state=MembershipState.CANDIDATE)
    before = roles(board)
    become(late, MembershipState.ACTIVE)
    become(observer, MembershipState.ACTIVE, membership_class=MembershipClass.OBSERVER)
    assert (roles(room)[late.pk], roles(room)[observer.pk]) == ("member", "observer")
    assert roles(board) == before
    assert verify_rooms() is None


def test_a_suspended_member_reads_nothing_and_comes_back(cast: Cast, meeting: Meeting) -> None:
    suspended = make_institution("SD", state=MembershipState.SUSPENDED)
    head = make_mandate(make_user("head"), suspended).user
    room = opened(meeting, cast)
    become(cast.kr, MembershipState.SUSPENDED)
    assert set(Room.objects.readable_by(cast.amal)) == set(Room.objects.readable_by(head)) == set()
    assert signed_in(cast.amal).get(f"/en/rooms/{room.pk}/").status_code == 404
    for institution in (cast.kr, suspended):
        become(institution, MembershipState.ACTIVE)
    assert list(Room.objects.readable_by(cast.amal)) == [room]
    assert list(Room.objects.readable_by(head)) == [room]
    assert roles(room)[suspended.pk] == "member"
    become(cast.kr, MembershipState.WITHDRAWN)
    assert not Room.objects.readable_by(cast.amal).exists()


def test_who_was_taken_out_stays_out_and_an_archived_room_lets_nobody_in(
    cast: Cast, room: Room
) -> None:
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    taken = Participant.objects.get(room=room, institution=cast.pl)
    remove_participant(participant=taken, reason="Asked", **by_dina)
    become(cast.pl, MembershipState.SUSPENDED)
    become(cast.pl, MembershipState.ACTIVE)
    assert cast.pl.pk not in roles(room)
    archive_room(room=room, **by_dina)
    late = make_institution("MX", state=MembershipState.CANDIDATE)
    become(late, MembershipState.ACTIVE)
    assert late.pk not in roles(room)


def test_a_mandate_that_ends_closes_it_at_once(cast: Cast, meeting: Meeting, room: Room) -> None:
    second = make_mandate(make_user("second"), cast.kr, Capacity.FOCAL_POINT)
    client = signed_in(cast.amal)
    assert client.get(f"/en/rooms/{room.pk}/").status_code == 200
    end_mandate(ending=cast.amal_mandate, actor=cast.dina, mandate=cast.dina_mandate)
    assert client.get(f"/en/rooms/{room.pk}/").status_code == 404
    assert client.get(url(meeting, "")).status_code == 404
    assert signed_in(second.user).get(f"/en/rooms/{room.pk}/").status_code == 200


# --- Where it is seen -----------------------------------------------------------------------------
def test_the_meetings_page_leads_there_those_who_may_read_it(cast: Cast) -> None:
    meeting = other()
    room = opened(meeting, cast, delegations={cast.kr: "member"})
    for user, sees in ((cast.amal, True), (cast.dina, True), (cast.chloe, False)):
        page = signed_in(user).get(url(meeting, "")).content.decode()
        assert (f'href="/en/rooms/{room.pk}/"' in page) == sees
        assert ("Room of the meeting" in page) == sees
        assert url(meeting) not in page  # it is there already


def test_room_and_list_name_the_meeting_and_its_days(
    cast: Cast, meeting: Meeting, room: Room
) -> None:
    client = signed_in(cast.amal)
    days = str(meeting.days)
    page = client.get("/en/rooms/").content.decode()
    assert '<h2 id="rooms-meetings">Meetings</h2>' in page
    assert page.count(days) == 2  # in the row, and for who hears its link
    for shown in (page, client.get(f"/en/rooms/{room.pk}/").content.decode()):
        assert days in shown
        assert f'href="{url(meeting, "")}"' in shown


def test_one_and_three_meetings_cost_the_list_the_same(
    cast: Cast, room: Room, secretariat: Client
) -> None:
    secretariat.get("/en/rooms/")
    with CaptureQueriesContext(connection) as one:
        secretariat.get("/en/rooms/")
    for number in (1, 2):
        opened(other(number=number), cast, delegations={cast.kr: "member"})
    with CaptureQueriesContext(connection) as three:
        secretariat.get("/en/rooms/")
    assert len(three) == len(one)
    assert occasions_of(Room.objects.all()).keys() == {r.pk for r in Room.objects.all()}


def test_no_other_room_asks_which_meeting_it_is_of(
    cast: Cast, group: Group, django_assert_num_queries: Any
) -> None:
    [main] = Room.objects.of_group(group)
    with django_assert_num_queries(0):
        assert occasions_of([main]) == {}


def test_whoever_runs_it_is_offered_the_archive_once_the_meeting_is_over(
    cast: Cast, meeting: Meeting, room: Room, secretariat: Client
) -> None:
    offer = f'href="/en/rooms/{room.pk}/settings/#archive"'
    pages = (url(meeting, ""), f"/en/rooms/{room.pk}/")

    def offered(client: Client) -> list[bool]:
        return [offer in client.get(page).content.decode() for page in pages]

    assert offered(secretariat) == [False, False]
    is_over(meeting)
    assert offered(secretariat) == [True, True]
    assert offered(signed_in(cast.amal)) == [False, False]
    room.refresh_from_db()
    assert room.is_archived is False  # never by itself
    secretariat.post(f"/en/rooms/{room.pk}/state/", {"act": "archive"})
    assert offered(secretariat) == [False, False]
    page = secretariat.get("/en/rooms/").content.decode()
    assert page.index("Archived") < page.index("Seventh general assembly")


# --- What works in it as in the others ------------------------------------------------------------
def test_it_is_spoken_in_counted_searched_and_proved(
    cast: Cast, meeting: Meeting, room: Room
) -> None:
    said = say(room, cast.amal, cast.amal_mandate, "The credentials of @[Bilal]")
    assert Room.objects.counts_of(cast.bilal) == {room.pk: (1, 1)}
    assert Room.objects.counts_of(cast.chloe) == {room.pk: (1, 0)}
    client = signed_in(cast.bilal)
    found = client.get("/en/rooms/search/?q=credentials").content.decode()
    assert f"/en/rooms/{room.pk}/at/{said.seq}/" in found
    found = client.get("/en/search/?q=seventh").content.decode()
    assert f'href="/en/rooms/{room.pk}/"' in found
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    change_texts(room=room, titles={"en": "The seventh"}, purposes={}, **by_dina)
    assert verify_rooms() is None


def test_transcript_says_which_meeting_it_is_of(cast: Cast, meeting: Meeting, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate)
    room.refresh_from_db()
    summary = build_document(ask(room, cast.dina))["summary"]
    day = meeting.starts_on
    assert summary[2].startswith("Meeting: Seventh general assembly, Doha, ")
    assert str(day.year) in summary[2]
    assert "<" not in summary[2]


def test_who_makes_a_room_one_of_all_by_hand_is_found_out(cast: Cast) -> None:
    room = opened(other(), cast, delegations={cast.kr: "member"})
    assert verify_room(room) is None
    Room.objects.filter(pk=room.pk).update(is_of_all=True)
    room.refresh_from_db()
    assert "of all" in str(verify_room(room))
    assert Record.objects.filter(room=room)[0].detail.get("is_of_all") is None
