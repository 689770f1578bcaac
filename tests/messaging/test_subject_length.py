"""Subjects cost the same, however many there are and however long they grow."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging import throttle
from messaging.actions import delete_message, mark_read, open_subject
from messaging.models import COUNTED, Record, Room, Subject
from messaging.places import PAGE
from tests.factories import Cast
from tests.messaging.conftest import say
from tests.messaging.test_places import plans, queries
from tests.messaging.test_subject_pages import TITLES, signed_in, write, write_many


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    throttle._buckets.clear()


@pytest.fixture
def subject(cast: Cast, room: Room) -> Subject:
    return open_subject(room=room, titles=TITLES, actor=cast.bilal, mandate=cast.bilal_mandate)


@pytest.fixture
def amal(cast: Cast) -> Client:
    return signed_in(cast.amal)


def test_a_room_costs_the_same_with_one_subject_and_with_three(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    address = f"/en/rooms/{room.pk}/"
    say(room, cast.bilal, cast.bilal_mandate)
    amal.get(address)  # what is looked up once in a process
    plain = queries(amal, address)
    write(cast, room, subject)
    one = queries(amal, address)
    assert one == plain + 1  # the titles of those that are shown
    pages = (f"{address}subjects/", f"{address}subjects/{subject.pk}/")
    costs = [queries(amal, page) for page in pages]
    for title in ("Second", "Third"):
        other = open_subject(
            room=room, titles={"en": title}, actor=cast.bilal, mandate=cast.bilal_mandate
        )
        write(cast, room, other)
        write(cast, room, subject)
    assert queries(amal, address) == one
    assert [queries(amal, page) for page in pages] == costs


@pytest.fixture
def long_subject(cast: Cast, room: Room, subject: Subject) -> Subject:
    """Ten thousand messages, of which each fifth is of the subject; made by the database."""
    write(cast, room, subject)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO messaging_message
                (room_id, seq, author_id, mandate_id, body, search_text, client_id, posted_at,
                 version, language, translation_count, file_count, mentioned, erased_for,
                 subject_id)
            SELECT room_id, seq + n, author_id, mandate_id, body, search_text, gen_random_uuid(),
                   posted_at + n * interval '1 minute', 1, '', 0, 0, '[]', '',
                   CASE WHEN n %% 5 = 0 THEN subject_id END
            FROM messaging_message, generate_series(1, 10000) n WHERE room_id = %s
            """,
            [room.pk],
        )
        cursor.execute(
            """
            INSERT INTO messaging_record
                (room_id, seq, kind, at, actor_id, mandate_id, message_id, detail, text,
                 text_digest, previous_hash, hash)
            SELECT room_id, seq, 'message.posted', posted_at, author_id, mandate_id, id, '{}',
                   body, '', '', ''
            FROM messaging_message m WHERE NOT EXISTS (
                SELECT 1 FROM messaging_record r WHERE r.message_id = m.id)
            """
        )
        cursor.execute("ANALYZE messaging_message, messaging_record")
    room.refresh_from_db()
    Room.objects.filter(pk=room.pk).update(head_seq=room.head_seq + 10000)
    room.refresh_from_db()
    return subject


@pytest.mark.parametrize(
    "asked", [{}, {"is_latest": True}, {"at": 5000}, {"before": 5000}, {"after": 5000}]
)
def test_pages_of_a_long_subject_are_read_from_its_own_index(
    cast: Cast, room: Room, long_subject: Subject, asked: dict[str, Any]
) -> None:
    mark_read(room=room, user=cast.amal, seq=4000)
    plan = plans(room, cast.amal, subject=long_subject, **asked)
    assert '"Index Name": "message_by_subject"' in plan
    scanned = re.findall(r'"Node Type": "Seq Scan".*?"Relation Name": "(\w+)"', plan)
    assert not {"messaging_record", "messaging_message"} & set(scanned)
    assert max(float(n) for n in re.findall(r'"Actual Rows": ([\d.]+)', plan)) <= PAGE
    assert all(int(n) <= PAGE for n in re.findall(r'"Rows Removed by Filter": (\d+)', plan))


def test_unread_of_a_long_subject_is_counted_no_further_than_is_shown(
    cast: Cast, room: Room, long_subject: Subject
) -> None:
    with CaptureQueriesContext(connection) as made:
        [listed] = Subject.objects.for_list(room, cast.amal)
    assert listed.unread == COUNTED
    with connection.cursor() as cursor:
        sql = made.captured_queries[-1]["sql"]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        plan = json.dumps(cursor.fetchone()[0])
    assert max(float(n) for n in re.findall(r'"Actual Rows": ([\d.]+)', plan)) <= COUNTED
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/subjects/")
    assert ">more than 99 unread messages</span>" in page.text
    assert Record.objects.filter(room=room).count() == room.head_seq


def test_reading_a_subject_marks_nothing_and_unread_is_counted_of_each(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    other = open_subject(
        room=room, titles={"en": "Other"}, actor=cast.bilal, mandate=cast.bilal_mandate
    )
    seqs = write_many(cast, room, subject, 3)
    write_many(cast, room, other, COUNTED + 2)
    mark_read(room=room, user=cast.amal, seq=seqs[0])
    delete_message(room=room, seq=seqs[2], reason="", actor=cast.bilal)
    page = amal.get(f"/en/rooms/{room.pk}/subjects/{subject.pk}/")
    assert page.context["place"].unread_line == seqs[1]
    subjects = Subject.objects.for_list(room, cast.amal)
    assert [(each.pk, each.unread) for each in subjects] == [
        (other.pk, COUNTED),
        (subject.pk, 1),
    ]
    assert {each.unread for each in Subject.objects.for_list(room, cast.bilal)} == {0}
