"""What a process delivers without reading it back: the same as it would have read, or nothing."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import transaction

from messaging import fresh, moulds
from messaging.actions import edit_message
from messaging.models import Message, Record, Room
from messaging.rendering import fill_next, read_next
from tests.factories import Cast
from tests.messaging.conftest import make_room, say

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("ar", "en", "fr")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    """One of whose lines the moulds are made."""
    moulds._moulds.clear()
    room = make_room(cast)
    for _ in range(2):
        say(room, cast.amal, cast.amal_mandate, "Good morning")
        read_next(room.pk, 0, LANGUAGES)
    return room


def head(room: Room) -> int:
    return Record.objects.filter(room=room).latest("seq").seq


def test_what_was_just_said_is_delivered_as_it_would_be_read(
    cast: Cast, room: Room, django_assert_num_queries: Callable[..., object]
) -> None:
    before = head(room)
    for body in ("Good <b>evening</b>", "مساء الخير"):
        say(room, cast.amal, cast.amal_mandate, body)
    read_next(room.pk, before, LANGUAGES)  # a mould for Arabic, too
    read_next(room.pk, before, LANGUAGES)
    with django_assert_num_queries(0):
        filled = fill_next(room.pk, before, LANGUAGES)
    assert filled == read_next(room.pk, before, LANGUAGES)
    assert [record["seq"] for record in filled["en"]] == [before + 1, before + 2]


def test_a_gap_and_what_lies_long_back_are_read(cast: Cast, room: Room) -> None:
    before = head(room)
    say(room, cast.amal, cast.amal_mandate)
    assert fill_next(room.pk, before, ["en"])
    assert fill_next(room.pk, before + 1, ["en"]) == {}
    with patch.object(fresh, "_kept", {(room.pk, before + 2): (Record(), float("inf"))}):
        assert fill_next(room.pk, before, ["en"]) == {}
    later = fresh.time.monotonic() + fresh.LASTS
    with patch.object(fresh.time, "monotonic", return_value=later):
        assert fill_next(room.pk, before, ["en"]) == {}


def test_what_needs_more_than_a_mould_is_read(cast: Cast, room: Room) -> None:
    before = head(room)
    said = say(room, cast.amal, cast.amal_mandate)
    edit_message(
        room=room, seq=said.seq, version=1, body="Better", client_id=said.client_id, actor=cast.amal
    )
    assert fill_next(room.pk, before, ["en"]) == {}  # a change of a line is that whole line
    before = head(room)
    say(room, cast.amal, cast.amal_mandate, "words " * 2000)
    assert fill_next(room.pk, before, ["en"]) == {}  # too much for the loop
    before = head(room)
    say(room, cast.bilal, cast.bilal_mandate)
    moulds._moulds.clear()
    assert fill_next(room.pk, before, ["en"]) == {}


def test_what_was_rolled_back_was_never_said(cast: Cast, room: Room) -> None:
    before = head(room)
    with transaction.atomic():
        say(room, cast.amal, cast.amal_mandate)
        assert fill_next(room.pk, before, ["en"]) == {}
        transaction.set_rollback(True)
    assert fill_next(room.pk, before, ["en"]) == {}
    assert not Message.objects.filter(seq__gt=before).exists()


def test_what_is_kept_is_bounded(cast: Cast, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate)
    later = fresh.time.monotonic() + fresh.LASTS
    with patch.object(fresh.time, "monotonic", return_value=later):
        say(room, cast.amal, cast.amal_mandate)
    assert [seq for _room, seq in fresh._kept] == [head(room)]  # and no text for longer than that
    with patch.object(fresh, "KEPT", 3):
        for _ in range(5):
            say(room, cast.amal, cast.amal_mandate)
        assert len(fresh._kept) == 3
    assert [record.seq for record in fresh.after(room.pk, head(room) - 3)] == [
        head(room) - 2,
        head(room) - 1,
        head(room),
    ]
