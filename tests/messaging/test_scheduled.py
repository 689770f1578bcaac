"""Messages sent later: in the author's own zone, once, and with the rights of that hour."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

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

from members.actions.people import end_mandate
from members.enums import Capacity
from members.models import User
from messaging import actions, throttle
from messaging.actions.scheduling import MOST, send_due
from messaging.forms_scheduled import LaterForm
from messaging.models import Message, MessageDraft, Record, Room, ScheduledMessage
from messaging.tasks import send_scheduled_letter
from messaging.verification import verify_rooms
from messaging.zones import NoSuchTime, comes_twice, in_words, moment_of, offset_of
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say

CAIRO, PARIS = ZoneInfo("Africa/Cairo"), ZoneInfo("Europe/Paris")


def later(room: Room, cast: Cast, **more: Any) -> ScheduledMessage:
    values: dict[str, Any] = {
        "author": cast.amal,
        "mandate": cast.amal_mandate,
        "body": "Good morning",
        "reply_to": None,
        "client_id": uuid4(),
        "due_at": timezone.now() + timedelta(hours=1),
        **more,
    }
    return actions.schedule_message(room=room, **values)


def come_due(scheduled: ScheduledMessage) -> ScheduledMessage:
    """Its hour comes, and so does the job."""
    ScheduledMessage.objects.filter(pk=scheduled.pk).update(due_at=timezone.now())
    send_due(scheduled_id=scheduled.pk)
    return ScheduledMessage.objects.select_related("message").get(pk=scheduled.pk)


def signed_in(user: User) -> Client:
    throttle._buckets.clear()
    client = Client(headers={"accept": "text/html"})
    client.force_login(user)
    return client


def outcome(scheduled: ScheduledMessage) -> tuple[str, str]:
    return scheduled.state, scheduled.failure


# --- Days and hours -----------------------------------------------------------------------------


def test_an_hour_that_is_left_out_is_refused_and_of_two_the_first_is_meant() -> None:
    with pytest.raises(NoSuchTime):
        moment_of(datetime(2027, 3, 28, 2, 30), PARIS)  # noqa: DTZ001
    twice = moment_of(datetime(2027, 10, 31, 2, 30), PARIS)  # noqa: DTZ001
    assert twice.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    with timezone.override(PARIS):
        assert comes_twice(twice)
        first = twice.astimezone(UTC)
        assert comes_twice(first + timedelta(hours=1))
        assert not comes_twice(first + timedelta(hours=2))


@pytest.mark.parametrize(
    ("zone", "month", "said"),
    [
        ("Africa/Cairo", 1, "UTC+2"),
        ("Africa/Cairo", 7, "UTC+3"),
        ("Asia/Kolkata", 7, "UTC+5:30"),
        ("America/St_Johns", 1, "UTC−3:30"),
        ("UTC", 7, "UTC"),
    ],
)
def test_the_zone_is_named_as_it_is_on_that_day(zone: str, month: int, said: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert offset_of(datetime(2027, month, 5, 12, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", "Say when."),
        ("tomorrow", "Give a day and an hour."),
        ("9999-12-31T23:59", "That is more than a year away."),
        ("0001-01-01T00:00", "Give a day and an hour."),
        ("1969-01-01T00:00", "This hour has passed, or is less than a minute away."),
        ("2026-11-27T11:59", "This hour has passed, or is less than a minute away."),
        ("2027-11-29T12:00", "That is more than a year away."),
        (
            "2027-04-30T00:30",
            "On that day the clocks of Africa/Cairo go forward and leave this hour out.",
        ),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(value: str, fault: str) -> None:
    with timezone.override(CAIRO), time_machine.travel("2026-11-27T10:00:00Z", tick=False):
        form = LaterForm({"due_at": value})
        assert form.errors.get("due_at") == [fault]


def test_the_time_is_that_of_the_persons_zone() -> None:
    with timezone.override(CAIRO), time_machine.travel("2026-11-27T10:00:00Z", tick=False):
        form = LaterForm({"due_at": "2027-07-01T09:00"})
        assert form.is_valid()
        assert form.cleaned_data["due_at"] == datetime(2027, 7, 1, 6, tzinfo=UTC)
        assert in_words(form.cleaned_data["due_at"]) == "1 July 2027 · 09:00 (Africa/Cairo, UTC+3)"
        assert form["due_at"].help_text == "In your time zone: Africa/Cairo, UTC+2."
        assert 'min="2026-11-27T12:01"' in str(form["due_at"])


# --- At its time ---------------------------------------------------------------------------------


def test_it_is_a_message_like_any_other_posted_when_it_is_sent(cast: Cast, room: Room) -> None:
    answered = say(room, cast.bilal, cast.bilal_mandate)
    scheduled = later(room, cast, reply_to=answered.seq)
    job = ProcrastinateJob.objects.get(task_name="messaging.post_scheduled")
    assert job.args == {"scheduled_id": scheduled.pk}  # no text in the queue
    assert job.scheduled_at == scheduled.due_at
    assert Message.objects.count() == 1
    sent = come_due(scheduled)
    message = Message.objects.get(author=cast.amal)
    assert (sent.message, sent.sent_at, sent.state) == (message, message.posted_at, "sent")
    assert (message.body, message.reply_to, message.mandate) == (
        "Good morning", answered, cast.amal_mandate,
    )  # fmt: skip
    assert sent.body == ""  # what is erased in the room stands nowhere else
    assert not sent.is_late
    assert Record.objects.get(message=message).kind == "message.posted"
    assert verify_rooms() is None


def test_the_job_sends_once_whatever_comes_twice(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    send_due(scheduled_id=scheduled.pk)  # too early: a job of a time that was changed
    assert not Message.objects.exists()
    come_due(scheduled)
    send_due(scheduled_id=scheduled.pk)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_jobs_and_the_author_at_once_send_it_once() -> None:
    cast = Cast()
    room = make_room(cast)
    scheduled = later(room, cast)
    ScheduledMessage.objects.update(due_at=timezone.now())

    def send(n: int) -> None:
        try:
            if n % 2:
                send_due(scheduled_id=scheduled.pk)
            else:
                actions.send_now(scheduled=scheduled, actor=cast.amal)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_away_sends_it_when_it_is_back_and_that_is_said() -> None:
    cast = Cast()
    room = make_room(cast)
    scheduled = later(room, cast)
    with connection.cursor() as cursor:
        for table, column in (
            ("procrastinate_jobs", "scheduled_at"),
            ("messaging_scheduledmessage", "due_at"),
        ):
            cursor.execute(f"UPDATE {table} SET {column} = {column} - interval '3 hours'")  # noqa: S608
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    scheduled.refresh_from_db()
    assert scheduled.is_late
    page = signed_in(cast.amal).get("/en/rooms/scheduled/").content.decode()
    assert "It went out late" in page
    assert "Good morning" in page


# --- What is refused -----------------------------------------------------------------------------


def archive(cast: Cast, room: Room) -> None:
    actions.archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)


def lock(cast: Cast, room: Room) -> None:
    actions.lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)


def take_out(cast: Cast, room: Room) -> None:
    participant = room.participants.get(institution=cast.kr)
    actions.remove_participant(
        participant=participant, actor=cast.dina, mandate=cast.dina_mandate, reason="x"
    )


def listen(cast: Cast, room: Room) -> None:
    participant = room.participants.get(institution=cast.kr)
    actions.change_role(
        participant=participant, role="observer", actor=cast.dina, mandate=cast.dina_mandate
    )


def end(cast: Cast, room: Room) -> None:
    end_mandate(ending=cast.amal_mandate, actor=cast.dina, mandate=cast.dina_mandate)


@pytest.mark.parametrize(
    ("happens", "code", "said"),
    [
        (archive, "archived", "The room is archived."),
        (lock, "locked", "The room is locked"),
        (take_out, "not_found", "The room is not open to you any more."),
        (listen, "read_only", "You may not write in the room any more."),
        (end, "mandate_ended", "The mandate for which you were to speak has ended."),
    ],
)
def test_what_is_refused_is_kept_and_its_author_is_told(
    cast: Cast, room: Room, happens: Callable[[Cast, Room], None], code: str, said: str
) -> None:
    cast.amal.time_zone = "Africa/Cairo"
    cast.amal.save()
    scheduled = later(room, cast, body="Not to be lost")
    happens(cast, room)
    failed = come_due(scheduled)
    assert outcome(failed) == ("failed", code)
    assert not Message.objects.exists()
    mail.outbox.clear()
    assert ProcrastinateJob.objects.filter(task_name="messaging.send_scheduled_letter").count() == 1
    send_scheduled_letter(scheduled_id=failed.pk)
    [letter] = mail.outbox
    assert letter.to == [cast.amal.email]
    assert said in letter.body
    assert "(Africa/Cairo, UTC+" in letter.body
    assert "Not to be lost" not in letter.body
    assert "/rooms/scheduled/" in letter.body
    page = signed_in(cast.amal).get("/en/rooms/scheduled/").content.decode()
    assert "Not to be lost" in page
    assert said in page
    assert ("Working group" in page) == (code not in ("not_found", "mandate_ended"))


def test_the_letter_is_in_the_authors_language(cast: Cast, room: Room) -> None:
    cast.amal.language = "ar"
    cast.amal.save()
    scheduled = later(room, cast)
    archive(cast, room)
    come_due(scheduled)
    mail.outbox.clear()
    send_scheduled_letter(scheduled_id=scheduled.pk)
    assert mail.outbox[0].extra_headers["Content-Language"] == "ar"
    assert "/ar/rooms/scheduled/" in mail.outbox[0].body
    User.objects.filter(pk=cast.amal.pk).update(is_active=False)
    send_scheduled_letter(scheduled_id=scheduled.pk)
    assert len(mail.outbox) == 1


def test_somebody_who_may_sign_in_no_more_sends_nothing(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    User.objects.filter(pk=cast.amal.pk).update(is_active=False)
    assert outcome(come_due(scheduled)) == ("failed", "read_only")


def test_in_slow_mode_it_waits_its_turn(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    actions.slow_down(room=room, seconds=120, actor=cast.dina, mandate=cast.dina_mandate)
    say(room, cast.amal, cast.amal_mandate, "Just now")
    assert outcome(come_due(scheduled)) == ("waiting", "")
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.post_scheduled").order_by("-pk")
    wait = jobs[0].scheduled_at - timezone.now()
    assert timedelta(seconds=100) < wait < timedelta(seconds=122)


def test_what_was_refused_is_written_again(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast, body="Once more")
    lock(cast, room)
    with pytest.raises(actions.NotWaiting):
        actions.write_again(scheduled=scheduled, actor=cast.amal)
    come_due(scheduled)
    amal = signed_in(cast.amal)
    answer = amal.post(f"/en/rooms/scheduled/{scheduled.pk}/again/", follow=True)
    assert answer.context["form"]["body"].value() == "Once more"
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.body) == ("withdrawn", "")
    again = amal.post(f"/en/rooms/scheduled/{scheduled.pk}/again/", follow=True)
    assert again.redirect_chain == [("/en/rooms/scheduled/", 302)]
    assert MessageDraft.objects.get().body == "Once more"


# --- Before its time -----------------------------------------------------------------------------


def test_who_may_not_write_schedules_nothing(cast: Cast, room: Room) -> None:
    observer = make_user("observer")
    seat = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    with pytest.raises(PermissionDenied):
        later(room, cast, author=observer, mandate=seat)
    with pytest.raises(PermissionDenied):
        later(room, cast, mandate=cast.bilal_mandate)
    with pytest.raises(Http404):
        later(room, cast, author=cast.chloe, mandate=cast.chloe_mandate)
    archive(cast, room)
    with pytest.raises(actions.RoomShut):
        later(room, cast)
    assert not ScheduledMessage.objects.exists()


def test_repeated_it_is_one_and_there_are_fifty_at_the_most(cast: Cast, room: Room) -> None:
    key = uuid4()
    assert later(room, cast, client_id=key) == later(room, cast, client_id=key)
    for _number in range(MOST - 1):
        later(room, cast)
    with pytest.raises(actions.TooMany):
        later(room, cast)
    assert later(room, cast, client_id=key).client_id == key


def test_it_is_changed_sent_now_or_withdrawn_by_its_author_alone(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    soon = timezone.now() + timedelta(minutes=5)
    changed = actions.change_scheduled(
        scheduled=scheduled, body="Other", due_at=soon, actor=cast.amal
    )
    assert (changed.body, changed.due_at) == ("Other", soon)
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.post_scheduled")
    assert jobs.count() == 2
    for act in (
        lambda: actions.change_scheduled(
            scheduled=scheduled, body="x", due_at=soon, actor=cast.bilal
        ),
        lambda: actions.send_now(scheduled=scheduled, actor=cast.bilal),
        lambda: actions.withdraw_scheduled(scheduled=scheduled, actor=cast.bilal),
        lambda: actions.write_again(scheduled=scheduled, actor=cast.bilal),
    ):
        with pytest.raises(PermissionDenied):
            act()
    message = actions.send_now(scheduled=scheduled, actor=cast.amal)
    assert actions.send_now(scheduled=scheduled, actor=cast.amal) == message
    with pytest.raises(actions.NotWaiting):
        actions.withdraw_scheduled(scheduled=scheduled, actor=cast.amal)
    with pytest.raises(actions.NotWaiting):
        actions.change_scheduled(scheduled=scheduled, body="x", due_at=soon, actor=cast.amal)
    other = later(room, cast)
    actions.withdraw_scheduled(scheduled=other, actor=cast.amal)
    actions.withdraw_scheduled(scheduled=other, actor=cast.amal)
    with pytest.raises(actions.NotWaiting):
        actions.send_now(scheduled=other, actor=cast.amal)
    assert outcome(come_due(other)) == ("withdrawn", "")
    assert Message.objects.count() == 1


def test_sent_now_and_refused_it_waits_as_before(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    lock(cast, room)
    with pytest.raises(actions.Refused) as refused:
        actions.send_now(scheduled=scheduled, actor=cast.amal)
    assert refused.value.code == "locked"
    answer = signed_in(cast.amal).post(f"/en/rooms/scheduled/{scheduled.pk}/send/", follow=True)
    assert "The room is locked" in answer.content.decode()
    scheduled.refresh_from_db()
    assert outcome(scheduled) == ("waiting", "")


# --- The pages -----------------------------------------------------------------------------------


def given(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "body": "Tomorrow", "mandate": cast.amal_mandate.pk, "client_id": str(uuid4()),
        "due_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), **more,
    }  # fmt: skip


def test_the_composer_sends_later_and_lets_go_of_its_draft(cast: Cast, room: Room) -> None:
    actions.save_draft(
        room=room, actor=cast.amal, mandate=None, body="Tomo", reply_to=None, version=0
    )
    amal = signed_in(cast.amal)
    answer = amal.post(f"/en/rooms/{room.pk}/scheduled/", given(cast, draft_version=1), follow=True)
    page = answer.content.decode()
    assert re.search(r"Your message will be sent on .* \(UTC\)", page)
    assert answer.context["form"]["body"].value() == ""
    assert answer.context["composing"].waiting == 1
    assert "1 message of yours waits" in page
    described = re.search(r'name="due_at"[^>]*aria-describedby="(\w+)"', page)
    assert described is not None
    assert f'id="{described[1]}"' in page
    assert ScheduledMessage.objects.get().body == "Tomorrow"
    assert "To be sent later" in amal.get("/en/rooms/").content.decode()
    assert signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/").context["composing"].waiting == 0


def test_who_has_said_when_does_not_send_at_once(cast: Cast, room: Room) -> None:
    signed_in(cast.amal).post(f"/en/rooms/{room.pk}/messages/", given(cast))
    assert not Message.objects.exists()
    assert ScheduledMessage.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"due_at": ""}, {"due_at": "2020-01-01T00:00"}, {"body": " "}])
def test_what_is_wrong_comes_back_with_what_was_typed(
    cast: Cast, room: Room, wrong: dict[str, str]
) -> None:
    values = given(cast, **wrong)
    answer = signed_in(cast.amal).post(f"/en/rooms/{room.pk}/scheduled/", values)
    assert answer.status_code == 422
    assert answer.context["form"]["body"].value() == values["body"]
    assert answer.context["composing"].later["due_at"].value() == values["due_at"]
    assert not ScheduledMessage.objects.exists()


def test_the_page_changes_and_withdraws(cast: Cast, room: Room) -> None:
    scheduled = later(room, cast)
    amal = signed_in(cast.amal)
    address = f"/en/rooms/scheduled/{scheduled.pk}/"
    assert "Good morning" in amal.get(address).content.decode()
    assert amal.post(address, given(cast, due_at="")).status_code == 422
    answer = amal.post(address, given(cast), follow=True)
    assert "Your message will be sent on" in answer.content.decode()
    assert "Tomorrow" in answer.content.decode()
    assert amal.post(f"{address}withdraw/", follow=True).status_code == 200
    assert "It does not wait any more" in amal.get(address, follow=True).content.decode()
    assert signed_in(cast.bilal).get(address).status_code == 404


def test_an_hour_that_comes_twice_is_said(cast: Cast, room: Room) -> None:
    cast.amal.time_zone = "Europe/Paris"
    cast.amal.save()
    year = timezone.now().year + (timezone.now().month > 9)
    days = [d for d in range(25, 32) if datetime(year, 10, d).weekday() == 6]  # noqa: DTZ001
    values = given(cast, due_at=f"{year}-10-{days[-1]}T02:30")
    amal = signed_in(cast.amal)
    answer = amal.post(f"/en/rooms/{room.pk}/scheduled/", values, follow=True)
    assert "(Europe/Paris, UTC+2)" in answer.content.decode()
    assert "That hour comes twice" in answer.content.decode()
    assert "That hour comes twice" in amal.get("/en/rooms/scheduled/").content.decode()


def test_one_and_three_cost_the_same(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    counts = []
    for _number in range(3):
        later(room, cast)
        come_due(later(make_room(cast), cast))
        with CaptureQueriesContext(connection) as asked:
            amal.get("/en/rooms/scheduled/")
        with CaptureQueriesContext(connection) as in_room:
            amal.get(f"/en/rooms/{room.pk}/")
        counts.append((len(asked), len(in_room)))
    assert counts[0] == counts[2]
