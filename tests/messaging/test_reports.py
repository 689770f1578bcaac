"""Reports of messages: nobody learns of them but who runs the room, and who made them."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from members.enums import Capacity
from members.models import User
from messaging import tasks_moderation
from messaging.actions import (
    delete_message,
    open_room,
    report_message,
    settle_report,
)
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Message, Report, Room
from messaging.verification import verify_rooms
from portal.desk import desk_of
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, "Nonsense!")


@pytest.fixture
def chair(cast: Cast, room: Room) -> User:
    """Bilal, whose delegation chairs."""
    room.participants.filter(institution=cast.ng).update(role=ParticipantRole.CHAIR)
    return cast.bilal


def report(message: Message, actor: User, **more: Any) -> Report:
    given = {"reason": "offensive", "words": "It insults us.", **more}
    return report_message(room=message.room, seq=message.seq, actor=actor, **given)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whoever_reads_reports_and_the_room_learns_nothing(
    cast: Cast, room: Room, said: Message, bus_events: Any
) -> None:
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    head = Room.objects.get().head_seq
    for reporter in (cast.bilal, observer):
        made = report(said, reporter)
        assert report(said, reporter, words="Again") == made
    assert Report.objects.count() == 2
    assert Room.objects.get().head_seq == head
    assert bus_events() == []
    assert [e.act for e in AuditEntry.objects.all()[:2]] == ["report.made", "report.made"]
    assert verify_rooms() is None
    for reader in (cast.amal, cast.bilal):
        client = signed_in(reader)
        for path in ("", "sync?after=0", f"messages/{said.seq}/history/", "standing"):
            assert "insults" not in client.get(f"/en/rooms/{room.pk}/{path}").content.decode()
        assert client.get(f"/en/rooms/{room.pk}/reports/").status_code == 403
        assert client.get("/en/rooms/reports/").status_code == 404
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/messages/{said.seq}/").content.decode()
    assert "report" not in page.split("<main")[1].split("</main")[0].lower()


def test_what_cannot_be_reported(cast: Cast, room: Room, said: Message) -> None:
    with pytest.raises(PermissionDenied):
        report(said, cast.amal)
    with pytest.raises(Http404):
        report(said, cast.chloe)
    delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    with pytest.raises(PermissionDenied):
        report(said, cast.bilal)
    at = f"/en/rooms/{room.pk}/messages/{said.seq}/report/"
    assert signed_in(cast.bilal).get(at).status_code == 403


def test_who_runs_the_room_is_told_once_by_a_letter_without_words(
    cast: Cast, room: Room, said: Message, chair: User
) -> None:
    observer = make_user("observer", language="ar")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    report(said, observer)
    report(said, chair)
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_moderation_letter")
    assert [job.args["user_id"] for job in jobs] == [chair.pk, cast.dina.pk]
    tasks_moderation.send_moderation_letter(**jobs[1].args)
    [letter] = mail.outbox
    assert letter.to == ["dina@example.org"]
    assert f"/en/rooms/{room.pk}/reports/" in letter.body
    assert "insults" not in letter.body
    assert "Nonsense" not in letter.body
    settle_report(
        report=Report.objects.get(reporter=observer), outcome="nothing", note="", actor=chair
    )
    tasks_moderation.send_moderation_letter(**jobs[1].args)  # settled meanwhile
    assert len(mail.outbox) == 1


def test_nobody_sees_or_settles_what_was_reported_of_them(
    cast: Cast, room: Room, chair: User
) -> None:
    said = say(room, chair, cast.bilal_mandate, "I rule here")
    made = report(said, cast.amal)
    page = signed_in(chair).get(f"/en/rooms/{room.pk}/reports/").content.decode()
    assert "insults" not in page
    assert (
        "badge badge--warning"
        not in signed_in(chair).get(f"/en/rooms/{room.pk}/settings/").content.decode()
    )
    with pytest.raises(Http404):
        settle_report(report=made, outcome="nothing", note="", actor=chair)
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_moderation_letter")
    assert [job.args["user_id"] for job in jobs] == [cast.dina.pk]
    assert "insults" in signed_in(cast.dina).get("/en/rooms/reports/").content.decode()


def test_settled_with_an_outcome_the_reporters_are_told(
    cast: Cast, room: Room, said: Message
) -> None:
    cast.bilal.language = "fr"
    cast.bilal.save()
    made = report(said, cast.bilal)
    for other, refusal in ((cast.amal, PermissionDenied), (cast.chloe, Http404)):
        with pytest.raises(refusal):
            settle_report(report=made, outcome="nothing", note="", actor=other)
    for outcome in ("spoken_to", "nothing"):
        settle_report(report=made, outcome=outcome, note="We talked.", actor=cast.dina)
    made.refresh_from_db()
    assert (made.outcome, made.note, made.settled_by) == ("spoken_to", "We talked.", cast.dina)
    assert [e.act for e in AuditEntry.objects.all()[:1]] == ["report.settled"]
    jobs = ProcrastinateJob.objects.filter(args__letter="settled")
    assert [job.args["user_id"] for job in jobs] == [cast.bilal.pk]
    tasks_moderation.send_moderation_letter(**jobs[0].args)
    [letter] = mail.outbox
    assert letter.to == ["bilal@example.org"]
    assert f"/fr/rooms/{room.pk}/messages/{said.seq}/report/" in letter.body
    assert "We talked" not in letter.body
    page = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/messages/{said.seq}/").content.decode()
    assert "its author was spoken to" in page
    assert "We talked." in page


def test_all_open_reports_of_a_message_are_settled_at_once(
    cast: Cast, room: Room, said: Message
) -> None:
    colleague = make_user("colleague")
    make_mandate(colleague, cast.ng)
    one, two = report(said, cast.bilal), report(said, colleague)
    settle_report(report=one, outcome="nothing", note="", actor=cast.dina)
    two.refresh_from_db()
    assert two.outcome == "nothing"


def test_the_pages_report_and_settle(cast: Cast, room: Room, said: Message) -> None:
    bilal, dina = signed_in(cast.bilal), signed_in(cast.dina)
    at = f"/en/rooms/{room.pk}/messages/{said.seq}/report/"
    assert bilal.get(at).status_code == 200
    assert bilal.post(at, {"reason": "nonsense"}).status_code == 422
    assert bilal.post(at, {"reason": "offensive", "words": "It insults us."}).status_code == 302
    assert "You reported this message" in bilal.get(at).content.decode()
    queue = dina.get("/en/rooms/reports/").content.decode()
    assert "It insults us." in queue
    assert "Working group" in queue
    made = Report.objects.get()
    settle = f"/en/rooms/{room.pk}/reports/{made.pk}/"
    assert dina.post(settle, {"outcome": ""}).status_code == 422
    assert bilal.post(settle, {"outcome": "nothing"}).status_code == 403
    assert signed_in(cast.chloe).post(settle, {"outcome": "nothing"}).status_code == 404
    for _ in range(2):
        assert dina.post(settle, {"outcome": "nothing"}).status_code == 302
    assert "nothing was done" in dina.get(f"/en/rooms/{room.pk}/reports/").content.decode()


def test_the_secretariat_sees_no_reports_of_rooms_where_it_is_not(cast: Cast) -> None:
    two = open_room(
        kind=RoomKind.BILATERAL,
        titles={"en": "Two"},
        pair=f"{cast.kr.pk}-{cast.ng.pk}",
        with_office=False,
        delegations={cast.kr: ParticipantRole.CHAIR, cast.ng: ParticipantRole.CHAIR},
    )
    report(say(two, cast.amal, cast.amal_mandate, "Nonsense!"), cast.bilal)
    assert "insults" not in signed_in(cast.dina).get("/en/rooms/reports/").content.decode()
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_moderation_letter")
    assert jobs.count() == 0


def test_the_desk_of_the_secretariat_counts_what_waits(
    cast: Cast, room: Room, said: Message
) -> None:
    def waiting() -> list[str]:
        cast.dina_mandate.holds_presidency = True
        return [task.url for task in desk_of(cast.dina, cast.dina_mandate)["waiting"]]

    assert "/en/rooms/reports/" not in waiting()
    report(said, cast.bilal)
    assert "/en/rooms/reports/" in waiting()


def test_a_deletion_of_anothers_message_is_in_the_audit_log_and_of_ones_own_is_not(
    cast: Cast, room: Room, said: Message
) -> None:
    own = say(room, cast.amal, cast.amal_mandate, "Own")
    delete_message(room=room, seq=own.seq, reason="", actor=cast.amal)
    assert not AuditEntry.objects.filter(act="message.deleted").exists()
    delete_message(room=room, seq=said.seq, reason="No", actor=cast.dina)
    entry = AuditEntry.objects.get(act="message.deleted")
    assert (entry.object_id, entry.before) == (
        said.pk, {"room": room.pk, "number": said.seq, "user": cast.amal.pk},
    )  # fmt: skip
