"""Going to places in a room: a message's lasting address, a day, where one left off."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.actions import Draft, mark_read, post_messages
from messaging.models import Message, ReadMark, Record, Room
from messaging.places import ONWARD, PAGE, stretch
from tests.factories import Cast
from tests.messaging.conftest import say


def say_many(cast: Cast, room: Room, number: int) -> int:
    """Bilal says message 1 … `number`; returns the number of the record before the first."""
    head = Room.objects.get(pk=room.pk).head_seq
    drafts = [
        Draft(cast.bilal, cast.bilal_mandate, f"message {n}.", uuid4())
        for n in range(1, number + 1)
    ]
    post_messages(room_id=room.pk, drafts=drafts)
    room.refresh_from_db()
    return head


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(response: Any) -> list[int]:
    return [record.seq for record in response.context["place"].records]


@pytest.fixture
def amal(cast: Cast) -> Client:
    return signed_in(cast.amal)


def test_each_time_leads_to_the_lasting_address_in_the_language_of_the_page(
    cast: Cast, room: Room, amal: Client
) -> None:
    message = say(room, cast.bilal, cast.bilal_mandate)
    address = f"/rooms/{room.pk}/at/{message.seq}/"
    assert f'href="/fr{address}#r{message.seq}"' in amal.get(f"/fr/rooms/{room.pk}/").text
    [record] = amal.get(f"/ar/rooms/{room.pk}/sync?after={message.seq - 1}").json()["records"]
    assert f'href="/ar{address}#r{message.seq}"' in record["html"]


def test_address_opens_the_room_around_the_message_and_marks_it(
    cast: Cast, room: Room, amal: Client
) -> None:
    start = say_many(cast, room, 200)
    seq = start + 100
    response = amal.get(f"/en/rooms/{room.pk}/at/{seq}/")
    assert shown(response) == list(range(seq + ONWARD - PAGE, seq + ONWARD))
    assert re.search(rf'id="r{seq}".*?</li>\s*<li class="place', response.text, re.DOTALL)
    assert f"http://testserver/en/rooms/{room.pk}/at/{seq}/</code>" in response.text
    place = response.context["place"]
    assert (place.earlier, place.later) == (seq + ONWARD - PAGE, seq + ONWARD - 1)


def test_one_goes_on_from_there_in_both_directions_and_reaches_both_ends(
    cast: Cast, room: Room, amal: Client
) -> None:
    start = say_many(cast, room, 200)
    middle = amal.get(f"/en/rooms/{room.pk}/at/{start + 100}/")
    seen, later = shown(middle), middle.context["place"].later
    while later:
        page = amal.get(f"/en/rooms/{room.pk}/?after={later}")
        seen += shown(page)
        later = page.context["place"].later
    earlier = middle.context["place"].earlier
    while earlier:
        page = amal.get(f"/en/rooms/{room.pk}/?before={earlier}")
        seen = shown(page) + seen
        earlier = page.context["place"].earlier
    assert seen == list(range(1, start + 201))


def test_page_of_the_past_tells_its_script_so_and_the_last_page_does_not(
    cast: Cast, room: Room, amal: Client
) -> None:
    start = say_many(cast, room, 100)
    for address, is_past in (
        (f"at/{start + 1}/", True),
        (f"at/{start + 90}/", False),
        ("?after=1", True),
        (f"?after={start + 60}", False),
        (f"?after={start + 100}", False),
        (f"?before={start + 100}", True),
        ("?latest=1", False),
    ):
        response = amal.get(f"/en/rooms/{room.pk}/{address}")
        facts = json.loads(response.context["client"])
        assert (address, facts["isPast"]) == (address, is_past)
        assert facts["last"] == shown(response)[-1]
        assert ("To the latest messages" in response.text) is is_past


@pytest.mark.parametrize("seq", [0, 999, 2**70])
def test_number_that_the_record_has_not_is_not_found(room: Room, amal: Client, seq: int) -> None:
    assert amal.get(f"/en/rooms/{room.pk}/at/{seq}/").status_code == 404


def test_addresses_of_a_room_of_others_are_not_found(cast: Cast, room: Room) -> None:
    chloe = signed_in(cast.chloe)
    assert chloe.get(f"/en/rooms/{room.pk}/at/1/").status_code == 404
    assert chloe.get(f"/en/rooms/{room.pk}/on/?day=2026-01-01").status_code == 404


# --- However long it is ------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


@pytest.mark.parametrize("address", ["", "?latest=1", "?after=3", "?before=8", "at/5/"])
def test_page_costs_the_same_with_ten_records_and_with_a_thousand(
    cast: Cast, room: Room, amal: Client, address: str
) -> None:
    say_many(cast, room, 10 - room.head_seq if room.head_seq else 6)
    amal.get(f"/en/rooms/{room.pk}/")  # what is looked up once in a process
    ten = queries(amal, f"/en/rooms/{room.pk}/{address}")
    say_many(cast, room, 1000)
    assert queries(amal, f"/en/rooms/{room.pk}/{address}") == ten


@pytest.fixture
def long_room(cast: Cast, room: Room) -> Room:
    """A room with ten thousand records, made by the database: the actions would take minutes."""
    say_many(cast, room, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO messaging_message
                (room_id, seq, author_id, mandate_id, body, search_text, client_id, posted_at,
                 version, language, translation_count, file_count, mentioned, erased_for)
            SELECT room_id, seq + n, author_id, mandate_id, body, search_text,
                   gen_random_uuid(), posted_at + n * interval '1 minute', 1, '', 0, 0, '[]', ''
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
    Room.objects.filter(pk=room.pk).update(head_seq=room.head_seq + 10000)
    room.refresh_from_db()
    return room


def plans(room: Room, user: Any, **asked: Any) -> str:
    with CaptureQueriesContext(connection) as made:
        stretch(room, user, **asked)
    found = []
    with connection.cursor() as cursor:
        for query in made.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            found.append(json.dumps(cursor.fetchone()[0]))
    return "\n".join(found)


@pytest.mark.parametrize(
    "asked", [{}, {"is_latest": True}, {"at": 5000}, {"before": 5000}, {"after": 5000}]
)
def test_pages_of_a_long_room_are_read_from_the_index_of_room_and_number(
    cast: Cast, long_room: Room, asked: dict[str, Any]
) -> None:
    mark_read(room=long_room, user=cast.amal, seq=4000)
    plan = plans(long_room, cast.amal, **asked)
    assert '"Index Name": "record_seq_once"' in plan
    scanned = re.findall(r'"Node Type": "Seq Scan".*?"Relation Name": "(\w+)"', plan)
    assert not {"messaging_record", "messaging_message"} & set(scanned)
    # And no more rows are looked at than are shown.
    assert max(float(n) for n in re.findall(r'"Actual Rows": ([\d.]+)', plan)) <= PAGE
    assert all(int(n) <= PAGE for n in re.findall(r'"Rows Removed by Filter": (\d+)', plan))


def test_day_is_found_by_an_index(cast: Cast, long_room: Room) -> None:
    moment = Message.objects.get(room=long_room, seq=long_room.head_seq - 9).posted_at
    with CaptureQueriesContext(connection) as made:
        assert Message.objects.first_since(long_room, moment) is not None
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {made.captured_queries[-1]['sql']}")
        assert "message_by_day" in str(cursor.fetchall())


# --- Where one left off --------------------------------------------------------------------------


def test_room_opens_at_the_first_unread_with_a_line_over_it(
    cast: Cast, room: Room, amal: Client
) -> None:
    start = say_many(cast, room, 200)
    mark_read(room=room, user=cast.amal, seq=start + 50)
    response = amal.get(f"/en/rooms/{room.pk}/")
    first = start + 51
    assert shown(response) == list(range(first + ONWARD - PAGE, first + ONWARD))
    assert re.search(rf'Unread from here</span></li>\s*<li[^>]* id="r{first}"', response.text)
    assert "To the latest messages" in response.text
    latest = amal.get(f"/en/rooms/{room.pk}/?latest=1")
    assert shown(latest)[-1] == start + 200
    assert "Unread from here" not in latest.text


def test_ones_own_messages_are_not_unread(cast: Cast, room: Room, amal: Client) -> None:
    mark_read(room=room, user=cast.amal, seq=room.head_seq)
    for _ in range(60):
        say(room, cast.amal, cast.amal_mandate)
    room.refresh_from_db()
    response = amal.get(f"/en/rooms/{room.pk}/")
    assert shown(response)[-1] == room.head_seq
    assert "Unread from here" not in response.text


def test_few_unread_are_on_the_last_page_below_the_line(
    cast: Cast, room: Room, amal: Client
) -> None:
    start = say_many(cast, room, 100)
    mark_read(room=room, user=cast.amal, seq=start + 97)
    response = amal.get(f"/en/rooms/{room.pk}/")
    assert shown(response) == list(range(start + 51, start + 101))
    assert response.context["place"].unread_line == start + 98


def test_opening_a_room_marks_nothing_as_read(cast: Cast, room: Room, amal: Client) -> None:
    start = say_many(cast, room, 100)
    for address in ("", "?latest=1", f"at/{start + 100}/"):
        amal.get(f"/en/rooms/{room.pk}/{address}")
    assert not ReadMark.objects.exists()


# --- A day ---------------------------------------------------------------------------------------


def at(message: Message, moment: datetime) -> Message:
    Message.objects.filter(pk=message.pk).update(posted_at=moment)
    Record.objects.filter(message=message).update(at=moment)
    return message


@pytest.fixture
def days(cast: Cast, room: Room) -> list[Message]:
    """Of 3, 5 and 5 March 2026 in Seoul, where amal is; the second is of the 4th in UTC."""
    cast.amal.time_zone = "Asia/Seoul"
    cast.amal.save()
    Room.objects.filter(pk=room.pk).update(created_at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    moments = ["2026-03-03T09:00", "2026-03-04T22:30", "2026-03-05T12:00"]
    return [
        at(
            say(room, cast.bilal, cast.bilal_mandate, f"at {moment}"),
            datetime.fromisoformat(moment).replace(tzinfo=UTC),
        )
        for moment in moments
    ]


def test_day_leads_to_its_first_message_in_the_readers_time_zone(
    room: Room, days: list[Message], amal: Client
) -> None:
    for day, message in (("2026-03-03", days[0]), ("2026-03-05", days[1])):
        response = amal.get(f"/en/rooms/{room.pk}/on/?day={day}", follow=True)
        assert response.redirect_chain == [
            (f"/en/rooms/{room.pk}/at/{message.seq}/#r{message.seq}", 302)
        ]
        assert not list(response.context["messages"])


@pytest.mark.parametrize(
    ("day", "index", "notice"),
    [
        ("2026-03-04", 1, "Nothing was said on 4 March 2026. This is the next message after it."),
        ("2026-01-31", 0, "The room was opened on 2 March 2026. This is its first message."),
        ("0001-01-01", 0, "The room was opened on 2 March 2026. This is its first message."),
    ],
)
def test_day_without_messages_leads_to_the_next_and_says_so(
    room: Room, days: list[Message], amal: Client, day: str, index: int, notice: str
) -> None:
    response = amal.get(f"/en/rooms/{room.pk}/on/?day={day}", follow=True)
    seq = days[index].seq
    assert response.redirect_chain == [(f"/en/rooms/{room.pk}/at/{seq}/#r{seq}", 302)]
    assert [str(message) for message in response.context["messages"]] == [notice]


def test_day_after_the_last_message_and_a_day_to_come_lead_to_the_latest(
    room: Room, days: list[Message], amal: Client
) -> None:
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    for day, notice in (
        (
            "2026-03-06",
            "Nothing was said on 6 March 2026 or after it. These are the latest messages.",
        ),
        (f"{tomorrow}", "That day is still to come. These are the latest messages."),
        ("9999-12-31", "That day is still to come. These are the latest messages."),
    ):
        response = amal.get(f"/en/rooms/{room.pk}/on/?day={day}", follow=True)
        assert response.redirect_chain == [(f"/en/rooms/{room.pk}/?latest=1", 302)]
        assert [str(message) for message in response.context["messages"]] == [notice]


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "03/05/2026"])
def test_what_is_no_day_is_refused_and_kept(room: Room, amal: Client, day: str) -> None:
    response = amal.get(f"/en/rooms/{room.pk}/on/", {"day": day})
    assert response.status_code == 422
    assert f'value="{day}"' in response.text or not day
    assert "Choose a day." in response.text or "This is not a day." in response.text
