"""Acknowledgements: asked for by who chairs, given once by each delegation, never inferred."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enums import Capacity, MembershipClass
from members.models import Institution, Mandate, User
from messaging.actions import (
    MessageGone,
    NobodyToAcknowledge,
    NotAsked,
    RoomShut,
    acknowledge,
    add_participant,
    archive_room,
    ask_acknowledgement,
    change_role,
    delete_message,
    lock_to_chairs,
    mark_read,
    open_room,
    remove_participant,
)
from messaging.acts import act_in_words
from messaging.enums import ParticipantRole, RecordKind, RoomKind
from messaging.mark_permissions import delegations_that_answer, mandates_to_acknowledge, marks_of
from messaging.models import Acknowledgement, Message, MessageMarks, Participant, Record, Room
from messaging.permissions import access_message
from messaging.rendering import render_records
from messaging.verification import verify_rooms
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.messaging.conftest import say
from tests.messaging.test_reactions import line, told


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.dina, cast.dina_mandate, "The programme has changed.")


def ask(message: Message, actor: User, until: datetime | None = None) -> Message:
    return ask_acknowledgement(room=message.room, seq=message.seq, until=until, actor=actor)


def give(message: Message, actor: User, mandate: Mandate) -> Message:
    return acknowledge(room=message.room, seq=message.seq, mandate=mandate, actor=actor)


def names(institutions: list[Institution]) -> list[str]:
    return [each.country for each in institutions]


def fresh(message: Message) -> MessageMarks:
    marks = marks_of(Message.objects.get(pk=message.pk))
    assert marks is not None
    return marks


def waits(*institutions: Institution) -> list[Message]:
    found = MessageMarks.objects.waiting_for([each.pk for each in institutions])
    return [marks.message for marks in found]


def test_asked_once_and_given_once_by_each_delegation(cast: Cast, said: Message) -> None:
    second = make_user("second")
    second_mandate = make_mandate(second, cast.kr, Capacity.DELEGATE)
    until = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
    ask(said, cast.dina, until)
    ask(said, cast.dina)
    assert "0 of 2 delegations have acknowledged." in line(said)
    for _ in range(2):
        give(said, cast.amal, cast.amal_mandate)
    give(said, second, second_mandate)
    asked, given = Record.objects.filter(message=said).exclude(seq=said.seq).order_by("seq")
    assert (asked.kind, asked.actor, asked.detail) == (
        RecordKind.ACKNOWLEDGEMENT_ASKED,
        cast.dina,
        {"by": "secretariat", "until": "2027-01-02T03:04:00.000000+00:00"},
    )
    assert (given.kind, given.actor, given.mandate, given.detail) == (
        RecordKind.MESSAGE_ACKNOWLEDGED, cast.amal, cast.amal_mandate,
        {"institution": cast.kr.pk},
    )  # fmt: skip
    assert act_in_words(asked) == (
        f"The delegations were asked to acknowledge message {said.seq} by 2 January 2027 · "
        "03:04 UTC."
    )
    assert act_in_words(given) == (
        f'Message {said.seq} was acknowledged for <bdi lang="en">Institution KR</bdi>.'
    )
    row = Acknowledgement.objects.get()
    assert (row.institution, row.user, row.mandate, row.given_at) == (
        cast.kr, cast.amal, cast.amal_mandate, given.at,
    )  # fmt: skip
    shown = line(said)
    assert "1 of 2 delegations have acknowledged." in shown
    assert f'data-missing="{cast.ng.pk} "' in shown
    assert '<time datetime="2027-01-02T03:04:00+00:00"' in shown
    assert verify_rooms() is None


def test_who_chairs_asks_and_nobody_else(cast: Cast, room: Room, said: Message) -> None:
    for other in (cast.amal, cast.bilal):
        with pytest.raises(PermissionDenied):
            ask(said, other)
    with pytest.raises(Http404):
        ask(said, cast.chloe)
    assert told(room, said.seq) == []


def test_a_delegation_that_asks_is_not_asked(cast: Cast, room: Room, said: Message) -> None:
    korea = Participant.objects.get(institution=cast.kr)
    change_role(
        participant=korea,
        role=ParticipantRole.CHAIR,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    ask(said, cast.amal)
    assert names(fresh(said).expected) == ["NG"]
    assert (waits(cast.kr), waits(cast.ng), waits(cast.kr, cast.ng)) == ([], [said], [said])
    with pytest.raises(PermissionDenied):
        give(said, cast.amal, cast.amal_mandate)


def test_the_presiding_delegation_is_asked_by_its_secretariat_which_does_not_answer_for_it(
    cast: Cast, room: Room, said: Message
) -> None:
    add_participant(room=room, institution=cast.qa)
    head = make_user("head")
    mandate = make_mandate(head, cast.qa)
    ask(said, cast.dina)
    assert names(fresh(said).missing) == ["KR", "NG", "QA"]
    with pytest.raises(PermissionDenied):
        give(said, cast.dina, cast.dina_mandate)
    give(said, head, mandate)
    assert names(fresh(said).missing) == ["KR", "NG"]
    assert delegations_that_answer(cast.dina) == set()


def test_observers_are_not_asked_and_do_not_answer(cast: Cast, room: Room, said: Message) -> None:
    add_participant(room=room, institution=cast.pl, role=ParticipantRole.OBSERVER)
    quiet = make_institution("MX", membership_class=MembershipClass.OBSERVER)
    add_participant(room=room, institution=quiet)
    observer = make_user("observer")
    observing = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    ask(said, cast.dina)
    assert names(fresh(said).expected) == ["KR", "NG"]
    assert waits(cast.pl, quiet) == []
    for user, mandate in ((cast.chloe, cast.chloe_mandate), (observer, observing)):
        with pytest.raises(PermissionDenied):
            give(said, user, mandate)
    with pytest.raises(PermissionDenied):
        give(said, observer, cast.amal_mandate)  # somebody else's
    assert not Acknowledgement.objects.exists()


def test_in_a_room_of_announcements_all_listen_and_all_are_asked(cast: Cast) -> None:
    listens = ParticipantRole.OBSERVER
    room = open_room(
        kind=RoomKind.ANNOUNCEMENTS,
        titles={"en": "Announcements"},
        delegations={cast.kr: listens, cast.ng: listens, cast.pl: listens},
    )
    said = say(room, cast.dina, cast.dina_mandate)
    ask(said, cast.dina)
    give(said, cast.amal, cast.amal_mandate)
    give(said, cast.chloe, cast.chloe_mandate)
    assert names(fresh(said).missing) == ["NG"]
    assert waits(cast.ng) == [said]
    assert "2 of 3 delegations have acknowledged." in line(said)


def test_where_no_delegation_is_none_is_asked(cast: Cast) -> None:
    room = open_room(kind=RoomKind.PLENARY, titles={"en": "Plenary"}, delegations={})
    said = say(room, cast.dina, cast.dina_mandate)
    with pytest.raises(NobodyToAcknowledge):
        ask(said, cast.dina)
    assert not MessageMarks.objects.exists()


def test_a_delegation_that_left_is_told_apart_and_one_that_came_is_missing(
    cast: Cast, room: Room, said: Message
) -> None:
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    ask(said, cast.dina)
    give(said, cast.amal, cast.amal_mandate)
    remove_participant(participant=Participant.objects.get(institution=cast.kr), **by)
    add_participant(room=room, institution=cast.pl, **by)
    marks = fresh(said)
    assert names(marks.missing) == ["NG", "PL"]
    assert marks.given == []
    assert [each.institution for each in marks.apart] == [cast.kr]
    shown = line(said)
    assert "0 of 2 delegations have acknowledged." in shown
    assert "Acknowledged, and not asked any more" in shown
    assert verify_rooms() is None


def test_reading_acknowledges_nothing(cast: Cast, room: Room, said: Message) -> None:
    ask(said, cast.dina)
    mark_read(room=room, user=cast.amal, seq=said.seq + 1)
    assert names(fresh(said).missing) == ["KR", "NG"]
    assert waits(cast.kr) == [said]


def test_what_waits_waits_until_it_is_given_deleted_or_archived(
    cast: Cast, room: Room, said: Message
) -> None:
    other = say(room, cast.dina, cast.dina_mandate)
    assert waits(cast.kr) == []
    ask(said, cast.dina)
    ask(other, cast.dina)
    assert waits(cast.kr, cast.ng) == [said, other]
    assert waits(cast.pl) == waits() == []
    give(said, cast.amal, cast.amal_mandate)
    assert (waits(cast.kr), waits(cast.kr, cast.ng)) == ([other], [said, other])
    delete_message(room=room, seq=other.seq, reason="", actor=cast.dina)
    assert waits(cast.ng) == [said]
    with pytest.raises(MessageGone):
        give(other, cast.bilal, cast.bilal_mandate)
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    assert waits(cast.ng) == []
    for act in (lambda: give(said, cast.bilal, cast.bilal_mandate), lambda: ask(said, cast.dina)):
        with pytest.raises(RoomShut, match="archived"):
            act()
    with pytest.raises(Http404):
        give(said, cast.chloe, cast.chloe_mandate)


def test_a_lock_does_not_close_the_answer(cast: Cast, room: Room, said: Message) -> None:
    ask(said, cast.dina)
    lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    give(said, cast.amal, cast.amal_mandate)
    assert names(fresh(said).missing) == ["NG"]


def test_what_is_not_asked_is_not_acknowledged(cast: Cast, said: Message) -> None:
    with pytest.raises(NotAsked):
        give(said, cast.amal, cast.amal_mandate)
    assert not Acknowledgement.objects.exists()


def test_who_acts_for_two_delegations_chooses(cast: Cast, room: Room, said: Message) -> None:
    second = make_mandate(cast.amal, cast.ng, Capacity.ADVISER)
    make_mandate(cast.amal, cast.kr, Capacity.ADVISER)
    ask(said, cast.dina)

    def open_to() -> list[Mandate]:
        return mandates_to_acknowledge(*access_message(cast.amal, room.pk, said.seq))

    assert open_to() == [cast.amal_mandate, second]
    give(said, cast.amal, second)
    assert open_to() == [cast.amal_mandate]
    assert names(fresh(said).missing) == ["KR"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM messaging_acknowledgement",
        "UPDATE messaging_acknowledgement SET institution_id="
        "(SELECT id FROM members_institution WHERE country='NG')",
        "UPDATE messaging_acknowledgement SET given_at=given_at - interval '1 day'",
        "UPDATE messaging_messagemarks SET request_id=NULL",
    ],
)
def test_an_acknowledgement_that_no_record_gave_is_found(
    cast: Cast, said: Message, statement: str
) -> None:
    ask(said, cast.dina)
    give(said, cast.amal, cast.amal_mandate)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_rooms() is not None


def test_a_page_with_three_that_are_asked_costs_what_one_costs(
    cast: Cast, room: Room, said: Message, django_assert_num_queries: Any
) -> None:
    ask(said, cast.dina, timezone.now() + timedelta(days=1))
    give(said, cast.amal, cast.amal_mandate)
    with CaptureQueriesContext(connection) as one:
        render_records(Record.objects.before(room.pk, None, 50), "en")
    add_participant(room=room, institution=cast.pl)
    for _ in range(2):
        other = say(room, cast.dina, cast.dina_mandate)
        ask(other, cast.dina)
        give(other, cast.amal, cast.amal_mandate)
        give(other, cast.bilal, cast.bilal_mandate)
    with django_assert_num_queries(len(one)):
        render_records(Record.objects.before(room.pk, None, 50), "en")
    assert len(one) == 5
