"""Reactions and pins: allowed, refused, repeated, counted, shown, proven."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.enums import Capacity
from members.models import User
from messaging.actions import (
    MessageGone,
    RoomShut,
    TooManyPins,
    archive_room,
    ask_for_transcript,
    delete_message,
    lock_to_chairs,
    pin_message,
    react,
)
from messaging.actions.message_marks import MOST_PINNED
from messaging.acts import act_in_words
from messaging.enums import ReactionKind, RecordKind
from messaging.models import Message, MessageMarks, Reaction, Record, Room
from messaging.rendering import render_records
from messaging.transcripts.document import build_document
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, "Shall we meet on Monday?")


def mark(message: Message, actor: User, kind: str = "agree", on: bool = True) -> Message:
    return react(room=message.room, seq=message.seq, kind=kind, on=on, actor=actor)


def pin(message: Message, actor: User, on: bool = True) -> Message:
    return pin_message(room=message.room, seq=message.seq, on=on, actor=actor)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(room: Room, seq: int = 0) -> list[tuple[int, str]]:
    found = Record.objects.filter(room=room, seq__gt=seq).order_by("seq")
    return [(record.seq, record.kind) for record in found]


def line(message: Message, language: str = "en") -> str:
    """The message's line as open pages get it."""
    records = Record.objects.after(message.room_id, message.seq - 1, 1)
    return " ".join(render_records(records, language)[0]["html"].split())


def test_a_reaction_is_a_record_and_repeated_it_is_one(cast: Cast, said: Message) -> None:
    for _ in range(2):
        mark(said, cast.bilal)
    reaction = Reaction.objects.get()
    record = Record.objects.get(kind=RecordKind.REACTION_ADDED)
    assert (reaction.marks_id, reaction.user, reaction.mandate, reaction.kind) == (
        said.pk, cast.bilal, cast.bilal_mandate, "agree",
    )  # fmt: skip
    assert (record.actor, record.message, record.detail, record.text) == (
        cast.bilal, said, {"kind": "agree"}, "",
    )  # fmt: skip
    assert reaction.given_at == record.at
    assert act_in_words(record) == f"Of message {said.seq}: agrees."
    for _ in range(2):
        mark(said, cast.bilal, on=False)
    assert not Reaction.objects.exists()
    assert told(said.room, said.seq) == [
        (said.seq + 1, "reaction.added"),
        (said.seq + 2, "reaction.removed"),
    ]
    assert verify_rooms() is None


def test_to_take_back_what_was_not_given_leaves_the_message_plain(
    cast: Cast, said: Message
) -> None:
    mark(said, cast.bilal, on=False)
    pin(said, cast.dina, on=False)
    assert not MessageMarks.objects.exists()
    assert told(said.room, said.seq) == []


def test_one_may_react_in_several_ways_and_to_oneself(cast: Cast, said: Message) -> None:
    for kind in ReactionKind:
        mark(said, cast.amal, kind)
    assert [(kind, len(given)) for kind, given in MessageMarks.objects.get().tally] == [
        (kind, 1) for kind in ReactionKind
    ]


def test_who_only_reads_reacts_with_nothing(cast: Cast, said: Message) -> None:
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    with pytest.raises(PermissionDenied):
        mark(said, observer)
    with pytest.raises(Http404):
        mark(said, cast.chloe)
    assert not Reaction.objects.exists()


def test_a_locked_room_takes_reactions_from_its_chairs_alone_and_an_archived_one_none(
    cast: Cast, said: Message
) -> None:
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    lock_to_chairs(room=said.room, **by)
    with pytest.raises(RoomShut, match="locked"):
        mark(said, cast.bilal)
    mark(said, cast.dina)
    archive_room(room=said.room, **by)
    for act in (mark, pin):
        with pytest.raises(RoomShut, match="archived"):
            act(said, cast.dina, on=False)
    with pytest.raises(RoomShut, match="archived"):
        mark(said, cast.bilal)
    assert Reaction.objects.count() == 1


def test_a_deleted_message_takes_and_shows_no_marks(cast: Cast, said: Message) -> None:
    mark(said, cast.bilal)
    pin(said, cast.dina)
    assert "marks__" in line(said)
    delete_message(room=said.room, seq=said.seq, reason="", actor=cast.amal)
    for act in (mark, pin):
        with pytest.raises(MessageGone):
            act(said, cast.dina)
    assert "marks__" not in line(said)
    assert not MessageMarks.objects.pinned_in(said.room).exists()
    assert verify_rooms() is None


def test_the_line_counts_in_words_and_names_who(cast: Cast, said: Message) -> None:
    mark(said, cast.bilal)
    assert "1 agrees" in line(said)
    mark(said, cast.amal)
    mark(said, cast.dina)
    mark(said, cast.dina, "question")
    shown = line(said)
    assert "3 agree" in shown
    assert "1 has a question" in shown
    assert f'data-by="{cast.bilal.pk} {cast.amal.pk} {cast.dina.pk}"' in shown
    assert "<bdi>Bilal</bdi>" in shown
    assert "Institution NG" in shown


def test_twenty_at_once_are_twenty(transactional_db: None) -> None:
    cast = Cast()
    room = make_room(cast)
    said = say(room, cast.amal, cast.amal_mandate)
    people = [make_user(f"delegate{n}") for n in range(20)]
    for user in people:
        make_mandate(user, cast.ng, Capacity.DELEGATE)

    def act(user: User) -> None:
        try:
            mark(said, user)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, people))
    assert Reaction.objects.count() == 20
    assert "20 agree" in line(said)
    assert [seq for seq, _ in told(room)] == list(range(1, said.seq + 21))
    assert verify_rooms() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_reaction SET kind='thanks'",
        "UPDATE messaging_reaction SET user_id=(SELECT author_id FROM messaging_message)",
        "DELETE FROM messaging_reaction",
        "UPDATE messaging_messagemarks SET pin_id=NULL",
        "UPDATE messaging_messagemarks SET request_id=pin_id",
    ],
)
def test_a_mark_that_no_record_made_is_found(cast: Cast, said: Message, statement: str) -> None:
    mark(said, cast.bilal)
    pin(said, cast.dina)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_rooms() is not None


def test_plain_messages_cost_what_they_cost_and_marked_ones_always_the_same(
    cast: Cast, room: Room, said: Message, django_assert_num_queries: Any
) -> None:
    others = [say(room, cast.bilal, cast.bilal_mandate) for _ in range(2)]
    Record.objects.after(room.pk, 0, 100)  # compiled
    with django_assert_num_queries(1):
        records = Record.objects.after(room.pk, 0, 100)
        render_records(records, "en")
    mark(said, cast.bilal)
    with CaptureQueriesContext(connection) as one:
        render_records(Record.objects.after(room.pk, 0, 100), "en")
    for message in others:
        for user in (cast.amal, cast.bilal, cast.dina):
            mark(message, user)
    with django_assert_num_queries(len(one)):
        render_records(Record.objects.after(room.pk, 0, 100), "en")
    assert len(one) == 3  # reactions and acknowledgements


def test_a_transcript_says_marks_in_words_also_of_a_deleted_message(
    cast: Cast, room: Room, said: Message
) -> None:
    mark(said, cast.bilal, "question")
    mark(said, cast.bilal, "question", on=False)
    pin(said, cast.dina)
    delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    room.refresh_from_db()
    transcript = ask_for_transcript(
        room=room, actor=cast.dina, language="en", first=said.seq, last=room.head_seq
    )
    records = build_document(transcript)["records"]
    assert [(r["shown"]["line"], r["withheld"]) for r in records] == [
        ("", "deleted"),
        (f"Of message {said.seq}: has a question.", ""),
        (f"Of message {said.seq}, taken back: has a question.", ""),
        (f"Message {said.seq} was pinned.", ""),
        (f"Message {said.seq} was deleted.", ""),
    ]


def test_chairs_and_the_secretariat_pin_and_nobody_else(
    cast: Cast, room: Room, said: Message
) -> None:
    for other in (cast.amal, cast.bilal):
        with pytest.raises(PermissionDenied):
            pin(said, other)
    with pytest.raises(Http404):
        pin(said, cast.chloe)
    for _ in range(2):
        pin(said, cast.dina)
    record = Record.objects.get(kind=RecordKind.MESSAGE_PINNED)
    assert (record.detail, record.mandate) == ({"by": "secretariat"}, cast.dina_mandate)
    assert [each.message for each in MessageMarks.objects.pinned_in(room)] == [said]
    assert "Pinned" in line(said)
    for _ in range(2):
        pin(said, cast.dina, on=False)
    assert not MessageMarks.objects.pinned_in(room).exists()
    assert told(room, said.seq) == [
        (said.seq + 1, "message.pinned"),
        (said.seq + 2, "message.unpinned"),
    ]
    assert verify_rooms() is None


def test_pins_have_a_limit_of_what_stands(cast: Cast, room: Room, said: Message) -> None:
    pinned = [pin(say(room, cast.amal, cast.amal_mandate), cast.dina) for _ in range(MOST_PINNED)]
    with pytest.raises(TooManyPins):
        pin(said, cast.dina)
    pin(pinned[0], cast.dina)  # again: it is pinned
    delete_message(room=room, seq=pinned[0].seq, reason="", actor=cast.amal)
    pin(said, cast.dina)
    assert MessageMarks.objects.pinned_in(room).count() == MOST_PINNED
