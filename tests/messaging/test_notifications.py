"""Who is written to about what is new in the rooms: levels, rhythm, quiet hours, rights."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from members.enums import Capacity
from messaging import last_seen, tasks_news
from messaging.actions import (
    RoomArchived,
    archive_room,
    change_notifications,
    delete_message,
    gather_letters,
    mark_read,
    open_room,
    remove_participant,
    restrict_room,
    set_level,
    set_levels,
    stop_letters,
)
from messaging.acts import act_line
from messaging.enums import Level, ParticipantRole, Rhythm, RoomKind
from messaging.models import (
    Message,
    NotificationLevel,
    NotificationSettings,
    Participant,
    Record,
    Room,
    ToldMark,
)
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say
from tests.messaging.news import (
    call_upon,
    choose,
    gather,
    jobs,
    letters_to,
    make_statement,
    write_letters,
)

LETTER = "messaging.send_news_letter"


def room_of(cast: Cast, kind: RoomKind = RoomKind.BILATERAL) -> Room:
    return open_room(
        kind=kind,
        titles={"en": f"Room {Room.objects.count()}"},
        with_office=False,
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )


@pytest.fixture
def pair(cast: Cast) -> Room:
    """A room of whose messages one hears by default."""
    return room_of(cast)


# --- Levels ---------------------------------------------------------------------------------------

PLAIN, MENTION, STATEMENT = "plain", "mention", "statement"


@pytest.mark.parametrize("kind", RoomKind)
@pytest.mark.parametrize("level", [*Level, None])
def test_levels_by_kind_of_room(cast: Cast, kind: RoomKind, level: Level | None) -> None:
    room = room_of(cast, kind)
    if level:
        set_level(room=room, user=cast.amal, level=level)
    made: dict[str, Message] = {}
    for name in (PLAIN, MENTION, STATEMENT):
        made[name] = say(room, cast.bilal, cast.bilal_mandate, f"This is the {name}.")
    call_upon(made[MENTION], cast.amal)
    make_statement(made[STATEMENT])
    wanted = {
        Level.ALL: {PLAIN, MENTION, STATEMENT},
        Level.MENTIONS: {MENTION, STATEMENT},
        Level.NOTHING: set(),
        None: {PLAIN, MENTION, STATEMENT}
        if kind in (RoomKind.BILATERAL, RoomKind.ANNOUNCEMENTS)
        else {MENTION, STATEMENT},
    }[level]
    found = letters_to(cast.amal)
    told = {name for name in made for letter in found if f"This is the {name}." in letter.body}
    assert (told, len(found)) == (wanted, 1 if wanted else 0)


def test_who_is_not_called_upon_is_not_told_of_a_mention(cast: Cast, room: Room) -> None:
    call_upon(say(room, cast.bilal, cast.bilal_mandate), cast.dina)
    assert gather() == 1
    assert [job["user_id"] for job in jobs(LETTER)] == [cast.dina.pk]


def test_level_is_chosen_for_ones_own_rooms_alone_and_may_be_chosen_again(
    cast: Cast, room: Room
) -> None:
    for level in (Level.ALL, Level.NOTHING, Level.NOTHING):
        set_level(room=room, user=cast.amal, level=level)
    assert NotificationLevel.objects.get().level == Level.NOTHING
    with pytest.raises(Http404):
        set_level(room=room, user=cast.chloe, level=Level.ALL)
    mine = room_of(cast)
    with pytest.raises(Http404):
        set_levels(user=cast.chloe, levels={room.pk: Level.ALL})
    set_levels(user=cast.amal, levels={room.pk: Level.ALL, mine.pk: Level.MENTIONS})
    assert NotificationLevel.objects.of_many([cast.amal.pk], [room, mine]) == {
        (cast.amal.pk, room.pk): Level.ALL,
        (cast.amal.pk, mine.pk): Level.MENTIONS,
    }


# --- When -----------------------------------------------------------------------------------------


def test_absence_is_waited_for_and_whoever_is_here_is_not_written_to(
    cast: Cast, pair: Room
) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    assert gather(29) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        last_seen.note(cast.amal.pk)
    assert (gather(31), gather(49), gather(51)) == (0, 0, 1)


def test_page_that_is_asked_for_is_a_sign_of_life(cast: Cast) -> None:
    client = Client()
    client.get("/en/")
    assert last_seen.seen([cast.amal.pk, cast.bilal.pk]) == {}
    client.force_login(cast.amal)
    client.get("/en/settings/")
    assert last_seen.seen([cast.amal.pk, cast.bilal.pk]).keys() == {cast.amal.pk}


def test_without_valkey_everybody_counts_as_away(cast: Cast, pair: Room, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    last_seen.note(cast.amal.pk)
    say(pair, cast.bilal, cast.bilal_mandate)
    assert (gather(29), gather(31)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_worker_writes_the_letters_and_clears_away_what_is_done(cast: Cast, pair: Room) -> None:
    said = say(pair, cast.bilal, cast.bilal_mandate)
    Message.objects.filter(pk=said.pk).update(posted_at=timezone.now() - timedelta(hours=1))
    tasks_news.gather_news.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert [letter.to for letter in mail.outbox] == [[cast.amal.email]]
    done = list(ProcrastinateJob.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '8 days'")
    tasks_news.delete_old_jobs.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert not ProcrastinateJob.objects.filter(pk__in=done).exists()


def test_what_was_read_is_not_told_and_reading_is_a_sign_of_life(cast: Cast, pair: Room) -> None:
    first = say(pair, cast.bilal, cast.bilal_mandate, "First")
    say(pair, cast.bilal, cast.bilal_mandate, "Second")
    mark_read(room=pair, user=cast.amal, seq=first.seq)
    assert last_seen.seen([cast.amal.pk, cast.bilal.pk]).keys() == {cast.amal.pk}
    [letter] = letters_to(cast.amal)
    assert "First" not in letter.body
    assert "Second" in letter.body


def test_repeated_job_finds_nothing_and_news_after_it_are_told(cast: Cast, pair: Room) -> None:
    say(pair, cast.bilal, cast.bilal_mandate, "First")
    assert (gather(), gather(), gather(32), gather(90)) == (1, 0, 0, 0)
    assert len(write_letters()) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=40), tick=False):
        say(pair, cast.bilal, cast.bilal_mandate, "Second")
    assert (gather(60), gather(71)) == (0, 1)
    [letter] = write_letters(71)
    assert "First" not in letter.body
    assert "Second" in letter.body


def test_what_fails_after_the_marks_moved_moves_them_back(
    cast: Cast, pair: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)

    def fail(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("procrastinate.tasks.Task.batch_defer", fail)
        with pytest.raises(RuntimeError):
            gather()
    assert not ToldMark.objects.exists()
    assert gather() == 1


def test_hourly_waits_for_the_hour_and_daily_for_the_persons_own(cast: Cast, pair: Room) -> None:
    cast.amal.time_zone = "Asia/Kolkata"  # half an hour from the others
    cast.amal.save()
    said = datetime(2030, 3, 4, 10, 10, tzinfo=UTC)  # 15:40 there
    with time_machine.travel(said, tick=False):
        say(pair, cast.bilal, cast.bilal_mandate)

    def at(moment: datetime) -> int:
        with time_machine.travel(moment, tick=False):
            return gather_letters(now=moment)

    choose(cast.amal, rhythm=Rhythm.HOURLY)
    assert at(said + timedelta(minutes=19)) == 0
    assert at(said + timedelta(minutes=20)) == 1
    with time_machine.travel(said + timedelta(minutes=25), tick=False):
        say(pair, cast.bilal, cast.bilal_mandate)
    assert at(said + timedelta(minutes=79)) == 0
    choose(cast.amal, rhythm=Rhythm.DAILY, daily_hour=8)
    assert at(said + timedelta(minutes=80)) == 0
    morning = datetime(2030, 3, 5, 2, 30, tzinfo=UTC)  # 08:00 there
    assert at(morning - timedelta(minutes=1)) == 0
    assert at(morning) == 1
    choose(cast.amal, rhythm=Rhythm.NEVER)
    with time_machine.travel(morning, tick=False):
        say(pair, cast.bilal, cast.bilal_mandate)
    assert at(morning + timedelta(days=3)) == 0


@pytest.mark.parametrize(
    ("zone", "hour", "quiet"),
    [
        ("UTC", 21, False),
        ("UTC", 22, True),
        ("UTC", 3, True),
        ("UTC", 7, False),
        ("Asia/Tokyo", 12, False),
        ("Asia/Tokyo", 13, True),  # 22:00 there
        ("America/New_York", 4, True),  # 23:00 there, the day before
        ("America/New_York", 12, False),
    ],
)
def test_quiet_hours_over_midnight_are_those_of_the_persons_zone(
    cast: Cast, pair: Room, zone: str, hour: int, quiet: bool
) -> None:
    cast.amal.time_zone = zone
    cast.amal.save()
    choose(cast.amal, quiet_from=time(22), quiet_until=time(7))
    now = datetime(2030, 1, 15, hour, tzinfo=UTC)
    with time_machine.travel(now - timedelta(hours=1), tick=False):
        say(pair, cast.bilal, cast.bilal_mandate)
    with time_machine.travel(now, tick=False):
        assert gather_letters(now=now) == (0 if quiet else 1)
    with time_machine.travel(now + timedelta(hours=9), tick=False):  # they are over
        assert gather_letters(now=now + timedelta(hours=9)) == (1 if quiet else 0)


def test_quiet_hours_within_a_day_and_days_without_notifications(cast: Cast) -> None:
    choose(cast.amal, quiet_from=time(12), quiet_until=time(14), quiet_days=[5, 6])
    settings = NotificationSettings.objects.of(cast.amal)
    thursday = datetime(2030, 1, 10, tzinfo=UTC)
    quiet = [
        settings.is_quiet(thursday + timedelta(hours=hours))
        for hours in (11, 12, 13.9, 14, 24, 36 + 36 - 0.1, 72)
    ]
    assert quiet == [False, True, True, False, True, True, False]


def test_letter_whose_job_waited_into_quiet_hours_waits_on(cast: Cast, pair: Room) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    gather()
    choose(cast.amal, quiet_from=time(0), quiet_until=time(23, 59))
    assert letters_to(cast.amal) == []
    assert [job["user_id"] for job in jobs(LETTER)] == [cast.amal.pk]
    choose(cast.amal, quiet_from=None, quiet_until=None)
    assert len(letters_to(cast.amal)) == 1


def test_old_news_and_those_before_ones_seat_are_not_told(cast: Cast, pair: Room) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    assert gather(60 * 24 * 7 + 1) == 0
    cast.amal_mandate.starts_at = timezone.now()
    cast.amal_mandate.save()
    assert gather() == 0


# --- Rights, when the letter is written --------------------------------------------------------


def out_of_the_room(cast: Cast, room: Room, message: Message) -> None:
    remove_participant(participant=Participant.objects.get(room=room, institution=cast.kr))


def out_of_office(cast: Cast, room: Room, message: Message) -> None:
    cast.amal_mandate.ends_at = timezone.now()
    cast.amal_mandate.save()


def suspended(cast: Cast, room: Room, message: Message) -> None:
    cast.kr.memberships.update(state="suspended")


def deactivated(cast: Cast, room: Room, message: Message) -> None:
    cast.amal.is_active = False
    cast.amal.save()


def read_meanwhile(cast: Cast, room: Room, message: Message) -> None:
    mark_read(room=room, user=cast.amal, seq=message.seq)


def deleted(cast: Cast, room: Room, message: Message) -> None:
    delete_message(room=room, seq=message.seq, reason="", actor=cast.bilal)


def muted(cast: Cast, room: Room, message: Message) -> None:
    set_level(room=room, user=cast.amal, level=Level.NOTHING)


def unsubscribed(cast: Cast, room: Room, message: Message) -> None:
    stop_letters(user=cast.amal)


MEANWHILE = [
    out_of_the_room,
    out_of_office,
    suspended,
    deactivated,
    read_meanwhile,
    deleted,
    muted,
    unsubscribed,
]


@pytest.mark.parametrize("happens", MEANWHILE)
@pytest.mark.parametrize("decided", [False, True])
def test_what_happens_between_post_and_letter_is_looked_at_again(
    cast: Cast, pair: Room, happens: Any, decided: bool
) -> None:
    message = say(pair, cast.bilal, cast.bilal_mandate)
    if decided:
        assert gather() == 1
    happens(cast, pair, message)
    if not decided:
        assert gather() == 0
    assert write_letters() == []


def test_stranger_is_told_nothing_even_when_called_upon(cast: Cast, room: Room) -> None:
    message = say(room, cast.bilal, cast.bilal_mandate)
    call_upon(message, cast.chloe)
    make_statement(message)
    gather()
    told = {job["user_id"] for job in jobs(LETTER)}
    assert told == {cast.amal.pk, cast.dina.pk}


def test_what_is_said_of_a_job_holds_no_text_and_no_address(cast: Cast, pair: Room) -> None:
    message = say(pair, cast.bilal, cast.bilal_mandate, "Secret")
    gather()
    spans = {str(pair.pk): [0, message.seq]}
    assert jobs(LETTER) == [{"user_id": cast.amal.pk, "rooms": spans}]


def test_costs_the_same_for_one_room_and_three_and_for_one_person_and_three(
    cast: Cast, pair: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [make_user("eva"), make_user("farid")]
    for user in (cast.amal, cast.bilal, cast.chloe, cast.dina, *others):
        choose(user)
    call_upon(say(pair, cast.bilal, cast.bilal_mandate), cast.amal)
    with CaptureQueriesContext(connection) as one:
        assert gather() == 1
    with CaptureQueriesContext(connection) as letter:
        assert len(write_letters()) == 1
    for user in others:
        make_mandate(user, cast.kr, Capacity.DELEGATE)
    for each in (room_of(cast), room_of(cast), pair):
        for _ in range(3):
            call_upon(say(each, cast.bilal, cast.bilal_mandate), cast.amal, *others)
    choose(cast.amal, written_at=None)
    with django_assert_num_queries(len(one)):
        assert gather() == 3
    with CaptureQueriesContext(connection) as letters:
        assert len(write_letters()) == 3
    around = 2  # of the test's own
    assert len(letters) - around == 3 * (len(letter) - around)


# --- Rooms marked as restricted ---------------------------------------------------------------


def test_chair_restricts_a_room_once_and_the_record_says_so(cast: Cast, room: Room) -> None:
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    for _ in range(2):
        restrict_room(room=room, is_restricted=True, **by)
    record = Record.objects.for_display().get(kind="room.changed")
    assert record.detail == {"is_restricted": True, "by": "secretariat"}
    assert "was marked as restricted by the secretariat" in act_line(record)
    assert Room.objects.get(pk=room.pk).is_restricted
    assert verify_rooms() is None
    restrict_room(room=room, is_restricted=False, **by)
    assert verify_rooms() is None
    assert AuditEntry.objects.filter(act="room.restricted").count() == 2
    Room.objects.filter(pk=room.pk).update(is_restricted=True)
    fault = verify_rooms()
    assert fault is not None
    assert "restricted" in str(fault)


def test_who_does_not_run_the_room_does_not_restrict_it(cast: Cast, room: Room) -> None:
    with pytest.raises(PermissionDenied):
        restrict_room(room=room, is_restricted=True, actor=cast.amal, mandate=cast.amal_mandate)
    with pytest.raises(Http404):
        restrict_room(room=room, is_restricted=True, actor=cast.chloe, mandate=cast.chloe_mandate)
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    archive_room(room=room, **by)
    with pytest.raises(RoomArchived):
        restrict_room(room=room, is_restricted=True, **by)
    assert not Room.objects.get(pk=room.pk).is_restricted


def test_settings_are_kept_as_they_are_said(cast: Cast) -> None:
    said: dict[str, Any] = {
        "rhythm": Rhythm.DAILY,
        "absence": 60,
        "daily_hour": 6,
        "quiet_from": time(22),
        "quiet_until": time(7),
        "quiet_days": [6, 5],
    }
    for _ in range(2):
        change_notifications(user=cast.amal, **said)
    kept = NotificationSettings.objects.get()
    assert {name: getattr(kept, name) for name in said} == {**said, "quiet_days": [5, 6]}
