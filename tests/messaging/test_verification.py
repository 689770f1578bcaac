from collections.abc import Callable

import pytest
from django.db import connection

from messaging.models import Message, Record, Room
from messaging.verification import verify_rooms
from tests.factories import Cast
from tests.messaging.conftest import say


def sql(statement: str, *args: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)


@pytest.fixture
def third(cast: Cast, room: Room) -> Record:
    """The second of three messages' records, in the middle of the chain."""
    for body in ("one", "two", "three"):
        say(room, cast.amal, cast.amal_mandate, body)
    return Record.objects.get(text="two")


CHANGES: dict[str, tuple[Callable[[Record], tuple], str]] = {
    "text": (
        lambda r: ("UPDATE messaging_record SET text='no' WHERE id=%s", r.pk),
        "room {room}, record {seq} has another text than was recorded",
    ),
    "actor": (
        lambda r: ("UPDATE messaging_record SET actor_id=NULL WHERE id=%s", r.pk),
        "room {room}, record {seq} was altered",
    ),
    "time": (
        lambda r: (
            "UPDATE messaging_record SET at=at + interval '1 microsecond' WHERE id=%s",
            r.pk,
        ),
        "room {room}, record {seq} was altered",
    ),
    "number": (
        lambda r: ("UPDATE messaging_record SET seq=999 WHERE id=%s", r.pk),
        "room {room}, record {seq} is missing",
    ),
    "removed": (
        lambda r: ("DELETE FROM messaging_record WHERE id=%s", r.pk),
        "room {room}, record {seq} is missing",
    ),
    "message body": (
        lambda r: ("UPDATE messaging_message SET body='no' WHERE id=%s", r.message_id),
        "message {message} (room {room}, record {seq}) has another text than its record",
    ),
    "message author": (
        lambda r: (
            "UPDATE messaging_message SET author_id=(SELECT max(id) FROM members_user) WHERE id=%s",
            r.message_id,
        ),
        "message {message} (room {room}, record {seq}) differs from its record",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_altered_by_sql_is_named(third: Record, change: str) -> None:
    assert verify_rooms() is None
    statement, expected = CHANGES[change]
    names = {"room": third.room_id, "seq": third.seq, "message": third.message_id}
    sql(*statement(third))
    fault = verify_rooms()
    assert fault is not None
    assert f"{fault.row} {fault.reason}" == expected.format(**names)


def test_a_cut_tail_is_found_by_the_head(third: Record, room: Room) -> None:
    last = Record.objects.filter(room=room).last()
    assert last
    sql("DELETE FROM messaging_record WHERE id=%s", last.pk)
    fault = verify_rooms()
    assert fault is not None
    assert fault.row == f"room {room.pk}, record {last.seq}"


def test_a_message_put_in_by_sql_is_found(third: Record, cast: Cast, room: Room) -> None:
    Message.objects.create(
        room=room, seq=10**6, author=cast.amal, mandate=cast.amal_mandate, body="forged",
        client_id="00000000-0000-4000-8000-000000000000", posted_at=third.at,
    )  # fmt: skip
    fault = verify_rooms()
    assert fault is not None
    assert fault.reason == "stands in no record"


def test_a_text_that_no_record_erased_is_missed(third: Record) -> None:
    Message.objects.filter(pk=third.message_id).update(body="")
    Record.objects.filter(pk=third.pk).update(text=None, text_salt=None)
    fault = verify_rooms()
    assert fault is not None
    assert fault.reason == "has lost its text, erased by no record"
