from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404

from members.enums import Capacity
from messaging.actions import (
    ClientIdReused,
    add_participant,
    mark_read,
    post_message,
    remove_participant,
)
from messaging.models import Message, Participant, Record, Room
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say


def test_message_is_saved_with_its_record(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "صباح الخير")
    record = Record.objects.get(message=message)
    room.refresh_from_db()
    assert (record.seq, record.text, record.actor) == (message.seq, "صباح الخير", cast.amal)
    assert (room.head_seq, bytes(room.head_hash)) == (record.seq, bytes(record.hash))
    assert verify_rooms() is None


def test_repeat_returns_the_same_message_and_announces_nothing(
    cast: Cast, room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    key = uuid4()
    with django_capture_on_commit_callbacks() as first:
        message = say(room, cast.amal, cast.amal_mandate, key=key)
    with django_capture_on_commit_callbacks() as second:
        assert say(room, cast.amal, cast.amal_mandate, key=key) == message
    assert (len(first), len(second)) == (1, 0)
    assert Message.objects.count() == 1


def test_same_id_with_another_body_or_room_is_refused(cast: Cast, room: Room) -> None:
    key = uuid4()
    say(room, cast.amal, cast.amal_mandate, "one", key)
    with pytest.raises(ClientIdReused):
        say(room, cast.amal, cast.amal_mandate, "two", key)
    with pytest.raises(ClientIdReused):
        say(make_room(cast), cast.amal, cast.amal_mandate, "one", key)
    assert Message.objects.count() == 1


def test_same_id_of_two_authors_is_two_messages(cast: Cast, room: Room) -> None:
    key = uuid4()
    say(room, cast.amal, cast.amal_mandate, key=key)
    say(room, cast.bilal, cast.bilal_mandate, key=key)
    assert Message.objects.count() == 2


def test_stranger_observer_and_foreign_mandate_are_refused(cast: Cast, room: Room) -> None:
    with pytest.raises(Http404):
        say(room, cast.chloe, cast.chloe_mandate)
    with pytest.raises(PermissionDenied):
        say(room, cast.amal, cast.bilal_mandate)
    observer = make_user("observer")
    with pytest.raises(PermissionDenied):
        say(room, observer, make_mandate(observer, cast.kr, Capacity.OBSERVER))
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_no_gap() -> None:
    cast = Cast()
    room = make_room(cast)
    before = Room.objects.get(pk=room.pk).head_seq
    people = [(cast.amal, cast.amal_mandate), (cast.bilal, cast.bilal_mandate)]

    def write(n: int) -> None:
        try:
            say(room, *people[n % 2], f"message {n}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    seqs = list(Record.objects.filter(room=room).values_list("seq", flat=True))
    assert seqs == list(range(1, before + 41))
    assert verify_rooms() is None


@pytest.mark.django_db(transaction=True)
def test_the_same_message_sent_in_parallel_is_saved_once() -> None:
    cast = Cast()
    room = make_room(cast)
    key = uuid4()

    def write(_: int) -> int:
        try:
            return say(room, cast.amal, cast.amal_mandate, "once", key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(write, range(16)))) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_small_event_after_commit_and_none_after_rollback(
    bus_events: Callable[[], list[dict[str, Any]]],
) -> None:
    cast = Cast()
    room = make_room(cast)
    bus_events()
    message = say(room, cast.amal, cast.amal_mandate, "a secret")
    assert bus_events() == [{"type": "room.advanced", "room": room.pk, "seq": message.seq}]
    with transaction.atomic():
        say(room, cast.amal, cast.amal_mandate)
        transaction.set_rollback(True)
    assert bus_events() == []


def test_read_mark_is_only_raised_and_never_past_the_head(cast: Cast, room: Room) -> None:
    head = say(room, cast.bilal, cast.bilal_mandate).seq
    assert mark_read(room=room, user=cast.amal, seq=head - 1).last_read_seq == head - 1
    assert mark_read(room=room, user=cast.amal, seq=1).last_read_seq == head - 1
    assert mark_read(room=room, user=cast.amal, seq=10**9).last_read_seq == head
    with pytest.raises(Http404):
        mark_read(room=room, user=cast.chloe, seq=1)


def test_unread_counts_the_messages_of_others_past_the_mark(cast: Cast, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate)
    seq = say(room, cast.bilal, cast.bilal_mandate).seq
    say(room, cast.bilal, cast.bilal_mandate)
    assert Room.objects.for_list(cast.amal).get().unread == 2
    mark_read(room=room, user=cast.amal, seq=seq)
    assert Room.objects.for_list(cast.amal).get().unread == 1
    assert Room.objects.for_list(cast.bilal).get().unread == 1


def test_participant_added_twice_is_there_once(cast: Cast, room: Room) -> None:
    first = add_participant(room=room, institution=cast.pl)
    assert add_participant(room=room, institution=cast.pl) == first
    assert Record.objects.filter(kind="participant.added", participant=first).count() == 1


def test_participant_removed_twice_is_recorded_once_and_may_return(cast: Cast, room: Room) -> None:
    participant = Participant.objects.get(room=room, institution=cast.ng)
    remove_participant(participant=participant)
    remove_participant(participant=participant)
    assert Record.objects.filter(kind="participant.removed").count() == 1
    assert add_participant(room=room, institution=cast.ng) != participant
    say(room, cast.bilal, cast.bilal_mandate)
    assert verify_rooms() is None


def test_rights_event_goes_out_when_someone_is_let_in_or_out(
    cast: Cast, room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        add_participant(room=room, institution=cast.pl)
    assert len(callbacks) == 2  # the room advanced, rights changed


def test_post_message_needs_keywords(cast: Cast, room: Room) -> None:
    with pytest.raises(TypeError):
        post_message(room, cast.amal)  # type: ignore[misc]
