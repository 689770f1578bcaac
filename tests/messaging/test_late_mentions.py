"""Whom an edit calls upon: told once and counted; whom it calls upon no more: neither."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import User
from messaging.actions import delete_message, mark_read, remove_participant, set_level
from messaging.enums import Level
from messaging.models import Mention, Message, Participant, Record, Room
from messaging.news import find_news
from messaging.places import stretch
from messaging.verification import verify_room, verify_rooms
from tests.factories import Cast
from tests.messaging.conftest import say
from tests.messaging.news import gather, letters_to, write_letters
from tests.messaging.test_mentions import edit

pytestmark = pytest.mark.django_db


def read_all(room: Room, user: User) -> None:
    mark_read(room=room, user=user, seq=Room.objects.get(pk=room.pk).head_seq)


def waits(user: User, room: Room) -> tuple[int, int]:
    return Room.objects.counts_of(user).get(room.pk, (0, 0))


def test_who_has_read_the_message_is_counted_and_told_once(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "Who comes?")
    read_all(room, cast.bilal)
    assert waits(cast.bilal, room) == (0, 0)
    edit(message, "Who comes, @[Bilal]?")
    assert waits(cast.bilal, room) == (0, 1)
    [letter] = letters_to(cast.bilal)
    assert "calls upon you" in letter.body
    assert f"/en/rooms/{room.pk}/at/{message.seq}/" in letter.body
    assert letters_to(cast.bilal, 120) == []
    edit(message, "Who comes tomorrow, @[Bilal]?")
    assert letters_to(cast.bilal, 240) == []
    assert waits(cast.bilal, room) == (0, 1)
    read_all(room, cast.bilal)
    assert waits(cast.bilal, room) == (0, 0)
    assert verify_rooms() is None


def test_who_was_mentioned_and_told_before_is_not_told_again(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "@[Bilal], please")
    assert len(letters_to(cast.bilal)) == 1
    edit(message, "@[Bilal] and @[Dina], please")
    gather(120)
    [letter] = write_letters(120)
    assert letter.to == [cast.dina.email]
    assert "calls upon you" in letter.body


def test_taken_out_and_put_in_again_it_is_told_once(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "@[Bilal], please")
    read_all(room, cast.bilal)
    edit(message, "please")
    edit(message, "@[Bilal], please!")
    assert waits(cast.bilal, room) == (0, 0)
    assert letters_to(cast.bilal) == []
    assert Mention.objects.get().seq == message.seq
    assert verify_rooms() is None


def test_who_is_mentioned_no_more_is_counted_and_told_no_more(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    read_all(room, cast.bilal)
    edit(message, "Ready, @[Bilal]?")
    assert waits(cast.bilal, room) == (0, 1)
    edit(message, "Ready?")
    assert waits(cast.bilal, room) == (0, 0)
    assert letters_to(cast.bilal) == []


def test_who_reads_the_edit_in_the_room_is_not_told(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    edit(message, "Ready, @[Bilal]?")
    read_all(room, cast.bilal)
    assert letters_to(cast.bilal) == []


def test_an_unread_message_that_is_edited_is_one_piece_of_news(cast: Cast, room: Room) -> None:
    set_level(room=room, user=cast.bilal, level=Level.ALL)
    message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    edit(message, "Ready, @[Bilal]?")
    assert waits(cast.bilal, room) == (1, 1)
    [letter] = letters_to(cast.bilal)
    assert letter.body.count("Ready") == 1


@pytest.mark.parametrize(
    ("level", "count"), [(Level.ALL, 1), (Level.MENTIONS, 1), (Level.NOTHING, 0)]
)
def test_levels_hold(cast: Cast, room: Room, level: Level, count: int) -> None:
    set_level(room=room, user=cast.bilal, level=level)
    message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    letters_to(cast.bilal)  # of the message itself, where they want all
    edit(message, "Ready, @[Bilal]?")
    assert len(letters_to(cast.bilal, 120)) == count


def test_an_old_message_calls_when_it_is_edited(cast: Cast, room: Room) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    edit(message, "Ready, @[Bilal]?")
    assert len(letters_to(cast.bilal)) == 1


def test_who_lost_the_room_and_what_was_deleted_is_told_to_nobody(cast: Cast, room: Room) -> None:
    gone = say(room, cast.amal, cast.amal_mandate, "Ready?")
    edit(gone, "Ready, @[Bilal]?")
    delete_message(room=room, seq=gone.seq, reason="", actor=cast.amal)
    assert letters_to(cast.bilal) == []
    assert waits(cast.bilal, room)[1] == 0
    message = say(room, cast.amal, cast.amal_mandate, "Steady?")
    edit(message, "Steady, @[Bilal]?")
    remove_participant(
        participant=Participant.objects.get(room=room, institution=cast.ng),
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    assert letters_to(cast.bilal) == []


def test_the_record_proves_since_when(cast: Cast, room: Room) -> None:
    message = edit(say(room, cast.amal, cast.amal_mandate, "Ready?"), "Ready, @[Bilal]?")
    row = Mention.objects.get(message=message)
    assert row.seq == Record.objects.filter(message=message).latest("seq").seq
    room.refresh_from_db()
    assert verify_room(room) is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_mention SET seq=%s", [message.seq])
    assert verify_room(room) is not None


def test_three_edits_cost_as_many_queries_as_one(cast: Cast, room: Room) -> None:
    def cost() -> int:
        news = Room.objects.filter(pk=room.pk)
        with CaptureQueriesContext(connection) as captured:
            found = find_news(
                [cast.bilal.pk], list(news), {}, after=timezone.now() - timedelta(days=1)
            )
        assert found
        return len(captured)

    messages: list[Message] = [say(room, cast.amal, cast.amal_mandate, "Ready?") for _ in range(3)]
    read_all(room, cast.bilal)
    edit(messages[0], "@[Bilal]")
    one = cost()
    edit(messages[1], "@[Bilal]")
    edit(messages[2], "@[Bilal]")
    assert cost() == one


def test_the_room_opens_where_an_edit_calls_until_it_was_read(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate, "Ready?")
    say(room, cast.amal, cast.amal_mandate, "Steady?")
    read_all(room, cast.bilal)
    room.refresh_from_db()
    assert stretch(room, cast.bilal).marked is None
    edit(message, "Ready, @[Bilal]?")
    room.refresh_from_db()
    opened = stretch(room, cast.bilal)
    assert opened.marked is not None
    assert opened.marked.seq == message.seq
    assert stretch(room, cast.bilal, is_latest=True).marked is None
    assert stretch(room, cast.dina).marked is None
    later = say(room, cast.amal, cast.amal_mandate, "Go!")
    room.refresh_from_db()
    opened = stretch(room, cast.bilal)  # what is unread comes first
    assert (opened.marked, opened.unread_seq) == (None, later.seq)
    read_all(room, cast.bilal)
    assert stretch(room, cast.bilal).marked is None
