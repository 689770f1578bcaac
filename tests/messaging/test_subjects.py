"""Subjects: opened, written in, renamed, closed, and messages moved between them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from members.models import User
from messaging import throttle
from messaging.actions import (
    ClientIdReused,
    Draft,
    SubjectNotOpen,
    TooManySubjects,
    add_participant,
    archive_room,
    close_subject,
    delete_message,
    lock_to_chairs,
    move_messages,
    open_subject,
    post_message,
    post_messages,
    rename_subject,
    reopen_subject,
    subjects,
)
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Message, Record, Room, Subject
from messaging.verification import verify_rooms
from tests.factories import Cast
from tests.messaging.conftest import make_room, say

MINUTES = {"ar": "محاضر الاجتماعات", "en": "Minutes"}


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    throttle._buckets.clear()


def opened(cast: Cast, room: Room, titles: dict[str, str] | None = None) -> Subject:
    """By bilal, a member."""
    return open_subject(
        room=room, titles=titles or MINUTES, actor=cast.bilal, mandate=cast.bilal_mandate
    )


@pytest.fixture
def subject(cast: Cast, room: Room) -> Subject:
    return opened(cast, room)


def write(cast: Cast, room: Room, subject: Subject | int | None, **more: Any) -> Message:
    """By amal, a member."""
    pk = subject.pk if isinstance(subject, Subject) else subject
    values = {"client_id": uuid4(), "body": "Nigeria wrote them.", "subject": pk, **more}
    return post_message(room=room, author=cast.amal, mandate=cast.amal_mandate, **values)


def move(
    room: Room, message: Message, to: Subject | None, actor: User, follow: bool = False
) -> int:
    moved = move_messages(
        room=room, seq=message.seq, to=to and to.pk, with_following=follow, actor=actor
    )
    return len(moved)


def last(room: Room) -> Record:
    return Record.objects.of_room(room).reverse()[0]


# --- Opening -------------------------------------------------------------------------------------


def test_a_member_opens_a_subject_and_the_record_says_so(cast: Cast, room: Room) -> None:
    subject = opened(cast, room)
    assert (subject.titles, subject.opened_by, subject.is_closed) == (MINUTES, cast.bilal, False)
    record = last(room)
    assert (record.kind, record.actor, record.mandate) == (
        RecordKind.SUBJECT_OPENED,
        cast.bilal,
        cast.bilal_mandate,
    )
    assert record.detail == {"subject": subject.pk, "titles": MINUTES}
    assert verify_rooms() is None


def test_opened_twice_it_is_one_and_another_once_it_is_closed(
    cast: Cast, room: Room, subject: Subject
) -> None:
    head = last(room).seq
    assert opened(cast, room) == subject
    assert last(room).seq == head
    close_subject(subject=subject, actor=cast.bilal)
    assert opened(cast, room) != subject


def test_strangers_find_no_room_and_observers_open_nothing(cast: Cast, room: Room) -> None:
    with pytest.raises(Http404):
        open_subject(room=room, titles=MINUTES, actor=cast.chloe, mandate=cast.chloe_mandate)
    add_participant(room=room, institution=cast.pl, role=ParticipantRole.OBSERVER)
    with pytest.raises(PermissionDenied):
        open_subject(room=room, titles=MINUTES, actor=cast.chloe, mandate=cast.chloe_mandate)
    assert not Subject.objects.exists()


def test_in_a_locked_room_chairs_alone_open_and_in_an_archived_one_nobody(
    cast: Cast, room: Room
) -> None:
    lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        opened(cast, room)
    subject = open_subject(room=room, titles=MINUTES, actor=cast.dina, mandate=cast.dina_mandate)
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    for act in (
        lambda: opened(cast, room, {"en": "Another"}),
        lambda: open_subject(
            room=room, titles={"en": "Another"}, actor=cast.dina, mandate=cast.dina_mandate
        ),
        lambda: close_subject(subject=subject, actor=cast.dina),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_room_takes_so_many_open_subjects_and_no_more(
    cast: Cast, room: Room, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "MOST_OPEN", 1)
    with pytest.raises(TooManySubjects):
        opened(cast, room, {"en": "Another"})
    close_subject(subject=subject, actor=cast.bilal)
    opened(cast, room, {"en": "Another"})
    with pytest.raises(TooManySubjects):
        reopen_subject(subject=subject, actor=cast.bilal)


# --- Renaming and closing ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bilal", "dina"])  # who opened it; who chairs
def test_who_opened_it_and_chairs_rename_and_close_it(
    cast: Cast, room: Room, subject: Subject, who: str
) -> None:
    actor = getattr(cast, who)
    new = {"en": "Minutes and decisions"}
    assert rename_subject(subject=subject, titles=new, actor=actor).titles == new
    assert last(room).detail == {"subject": subject.pk, "titles": new, "before": MINUTES}
    head = last(room).seq
    rename_subject(subject=subject, titles=new, actor=actor)
    assert last(room).seq == head
    assert close_subject(subject=subject, actor=actor).is_closed
    assert last(room).detail == {"subject": subject.pk, "titles": new, "is_closed": True}
    close_subject(subject=subject, actor=actor)
    assert last(room).seq == head + 1
    assert not reopen_subject(subject=subject, actor=actor).is_closed
    assert verify_rooms() is None


def test_others_rename_and_close_nothing(cast: Cast, room: Room, subject: Subject) -> None:
    for actor, refusal in ((cast.amal, PermissionDenied), (cast.chloe, Http404)):
        with pytest.raises(refusal):
            rename_subject(subject=subject, titles={"en": "Mine"}, actor=actor)
        with pytest.raises(refusal):
            close_subject(subject=subject, actor=actor)
    subject.refresh_from_db()
    assert (subject.titles, subject.is_closed) == (MINUTES, False)


# --- Writing in it -------------------------------------------------------------------------------


def test_a_message_stands_in_its_subject_and_is_proven(
    cast: Cast, room: Room, subject: Subject
) -> None:
    message = write(cast, room, subject)
    assert message.subject == subject
    assert message.records.get().detail == {"subject": subject.pk}
    assert say(room, cast.amal, cast.amal_mandate).records.get().detail == {}
    assert verify_rooms() is None


def test_subjects_of_other_rooms_closed_ones_and_none_at_all_take_no_message(
    cast: Cast, room: Room, subject: Subject
) -> None:
    elsewhere = opened(cast, make_room(cast))
    close_subject(subject=subject, actor=cast.bilal)
    for pk in (elsewhere.pk, subject.pk, 999_999):
        with pytest.raises(SubjectNotOpen):
            write(cast, room, pk)
    assert not Message.objects.exists()


def test_a_message_repeated_is_one_and_in_another_subject_refused(
    cast: Cast, room: Room, subject: Subject
) -> None:
    key = uuid4()
    other = opened(cast, room, {"en": "Another"})
    message = write(cast, room, subject, client_id=key)
    assert write(cast, room, subject, client_id=key) == message
    for wrong in (other, None):
        with pytest.raises(ClientIdReused):
            write(cast, room, wrong, client_id=key)
    move(room, message, other, cast.amal)  # moved or closed meanwhile, it was sent all the same
    close_subject(subject=subject, actor=cast.bilal)
    assert write(cast, room, subject, client_id=key) == message


def test_a_reply_stands_where_the_message_stands_that_it_answers(
    cast: Cast, room: Room, subject: Subject
) -> None:
    other = opened(cast, room, {"en": "Another"})
    answered = write(cast, room, subject)
    key = uuid4()
    reply = write(cast, room, None, reply_to=answered.seq, client_id=key)
    assert reply.subject == subject
    assert reply.records.get().detail == {"reply_to": answered.seq, "subject": subject.pk}
    assert write(cast, room, other, reply_to=answered.seq).subject == subject
    move(room, answered, other, cast.amal)
    assert write(cast, room, None, reply_to=answered.seq).subject == other
    assert write(cast, room, None, reply_to=answered.seq, client_id=key) == reply
    close_subject(subject=other, actor=cast.bilal)
    with pytest.raises(SubjectNotOpen):
        write(cast, room, None, reply_to=answered.seq)
    assert verify_rooms() is None


def test_one_refused_for_its_subject_fails_no_other(
    cast: Cast, room: Room, subject: Subject
) -> None:
    drafts = [
        Draft(cast.amal, cast.amal_mandate, f"{pk}", uuid4(), subject=pk)
        for pk in (subject.pk, 999_999, None)
    ]
    first, second, third = post_messages(room_id=room.pk, drafts=drafts)
    assert isinstance(second, SubjectNotOpen)
    assert isinstance(first, Message)
    assert isinstance(third, Message)
    assert (first.subject, third.subject, third.seq) == (subject, None, first.seq + 1)


def cost(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as made:
        act()
    return len(made)


def test_a_plain_message_asks_nothing_about_subjects_and_three_ask_once(
    cast: Cast, room: Room, subject: Subject
) -> None:
    def post(*wanted: int | None) -> None:
        drafts = [
            Draft(cast.amal, cast.amal_mandate, f"{n}", uuid4(), subject=pk)
            for n, pk in enumerate(wanted)
        ]
        post_messages(room_id=room.pk, drafts=drafts)

    other = opened(cast, room, {"en": "Another"})
    post(None)
    with CaptureQueriesContext(connection) as plain:
        post(None)
    assert not any("messaging_subject" in str(query["sql"]) for query in plain.captured_queries)
    assert cost(lambda: post(subject.pk)) == len(plain) + 1
    assert cost(lambda: post(subject.pk, other.pk, None)) == len(plain) + 1


# --- Moving --------------------------------------------------------------------------------------


def test_the_author_moves_their_message_and_the_record_proves_where_it_stands(
    cast: Cast, room: Room, subject: Subject
) -> None:
    message = write(cast, room, None)
    assert move(room, message, subject, cast.amal) == 1
    record = last(room)
    assert (record.kind, record.message, record.actor, record.detail) == (
        RecordKind.MESSAGE_MOVED,
        message,
        cast.amal,
        {"from": None, "to": subject.pk},
    )
    assert move(room, message, subject, cast.amal) == 0
    assert last(room) == record
    assert verify_rooms() is None
    assert move(room, message, None, cast.amal) == 1
    assert move(room, message, subject, cast.amal) == 1
    assert verify_rooms() is None
    Message.objects.filter(pk=message.pk).update(subject=None)
    fault = verify_rooms()
    assert fault is not None
    assert fault.row == f"message {message.pk} (room {room.pk}, record {message.seq})"


def test_others_move_nothing_and_chairs_move_anything(
    cast: Cast, room: Room, subject: Subject
) -> None:
    message = write(cast, room, None)
    for actor, refusal in ((cast.bilal, PermissionDenied), (cast.chloe, Http404)):
        with pytest.raises(refusal):
            move(room, message, subject, actor)
    assert move(room, message, subject, cast.dina) == 1


def test_the_author_moves_no_statement_and_nothing_that_was_deleted(
    cast: Cast, room: Room, subject: Subject
) -> None:
    statement, gone = write(cast, room, None), write(cast, room, None)
    Record.objects.filter(message=statement).update(kind=RecordKind.STATEMENT_ISSUED)
    delete_message(room=room, seq=gone.seq, reason="", actor=cast.amal)
    for message in (statement, gone):
        with pytest.raises(PermissionDenied):
            move(room, message, subject, cast.amal)
        assert move(room, message, subject, cast.dina) == 1


def test_nothing_is_moved_to_what_is_no_open_subject_of_the_room(
    cast: Cast, room: Room, subject: Subject
) -> None:
    message = write(cast, room, None)
    elsewhere = opened(cast, make_room(cast))
    close_subject(subject=subject, actor=cast.bilal)
    for wrong in (subject, elsewhere):
        with pytest.raises(SubjectNotOpen):
            move(room, message, wrong, cast.dina)


def test_a_chair_moves_what_follows_in_the_same_subject_up_to_a_number(
    cast: Cast, room: Room, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = write(cast, room, None)
    here, apart, later, latest = (
        write(cast, room, None),
        write(cast, room, subject),
        write(cast, room, None),
        write(cast, room, None),
    )
    other = opened(cast, room, {"en": "Another"})
    with pytest.raises(PermissionDenied):
        move(room, here, other, cast.amal, follow=True)
    monkeypatch.setattr(subjects, "MOST_MOVED", 2)
    assert move(room, here, other, cast.dina, follow=True) == 2
    stand = dict(Message.objects.values_list("seq", "subject"))
    assert stand == {
        before.seq: None,
        here.seq: other.pk,
        apart.seq: subject.pk,
        later.seq: other.pk,
        latest.seq: None,
    }
    assert verify_rooms() is None


def test_moving_many_costs_the_queries_of_moving_one(
    cast: Cast, room: Room, subject: Subject
) -> None:
    first = write(cast, room, None)
    one = cost(lambda: move(room, first, subject, cast.dina, follow=True))
    first, *_ = [write(cast, room, None) for _ in range(5)]
    assert cost(lambda: move(room, first, subject, cast.dina, follow=True)) == one


# --- What the record proves ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "lie",
    [
        'UPDATE messaging_subject SET titles = \'{"en": "Other"}\'',
        "UPDATE messaging_subject SET closed_at = now()",
        "INSERT INTO messaging_subject (room_id, titles, opened_by_id, created_at)"
        " SELECT room_id, titles, opened_by_id, created_at FROM messaging_subject",
    ],
)
def test_subjects_that_say_other_than_the_record_are_found(
    room: Room, subject: Subject, lie: str
) -> None:
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(lie)
    assert verify_rooms() is not None
