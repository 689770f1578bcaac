"""Mutes: of a person in a room, for a time; everybody in the room learns who, by whom and why."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.enums import Capacity
from members.models import User
from messaging.actions import (
    Draft,
    Muted,
    RoomArchived,
    archive_room,
    ask_for_transcript,
    delete_message,
    edit_message,
    make_transcript,
    mute_person,
    open_room,
    post_messages,
    report_message,
    settle_report,
    unmute_person,
)
from messaging.enums import ParticipantRole, RecordKind, RoomKind
from messaging.models import Message, Mute, Record, Report, Room, Transcript
from messaging.verification import verify_rooms
from records.models import AuditEntry
from records.storage import path_of
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


def mute(room: Room, user: User, actor: User, length: str = "hour", **more: Any) -> Mute:
    return mute_person(
        room=room, user=user, actor=actor, **{"length": length, "reason": "Calm down.", **more}
    )


def report(message: Message, actor: User, **more: Any) -> Report:
    given = {"reason": "offensive", "words": "It insults us.", **more}
    return report_message(room=message.room, seq=message.seq, actor=actor, **given)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_muted_person_reads_and_writes_nothing(cast: Cast, room: Room, said: Message) -> None:
    mute(room, cast.amal, cast.dina)
    with pytest.raises(Muted):
        say(room, cast.amal, cast.amal_mandate)
    with pytest.raises(PermissionDenied):
        edit_message(
            room=room, seq=said.seq, version=1, body="B", client_id=uuid4(), actor=cast.amal
        )
    with pytest.raises(PermissionDenied):
        delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    assert signed_in(cast.amal).get(f"/en/rooms/{room.pk}/").status_code == 200
    say(room, cast.bilal, cast.bilal_mandate)
    assert verify_rooms() is None


def test_the_record_says_who_until_when_by_whom_and_why(cast: Cast, room: Room) -> None:
    muted = mute(room, cast.amal, cast.dina, "day")
    record = Record.objects.get(kind=RecordKind.PARTICIPANT_MUTED)
    assert muted.until is not None
    assert record.text == "Calm down."
    assert record.detail == {
        "user": cast.amal.pk,
        "until": muted.until.isoformat(timespec="microseconds"),
        "by": "secretariat",
    }
    page = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/").content.decode()
    assert "<bdi>Amal</bdi> was muted by the secretariat (<bdi>Dina</bdi>) until <time" in page
    assert "Reason: <bdi>Calm down.</bdi>" in page
    entry = AuditEntry.objects.order_by("-number")[0]
    assert (entry.act, entry.actor_id, entry.after["user"]) == (
        "participant.muted", cast.dina.pk, cast.amal.pk,
    )  # fmt: skip


def test_it_ends_by_itself(cast: Cast, room: Room) -> None:
    mute(room, cast.amal, cast.dina, "hour")
    before = time_machine.travel(timezone.now() + timedelta(minutes=59), tick=True)
    with before, pytest.raises(Muted):
        say(room, cast.amal, cast.amal_mandate)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        say(room, cast.amal, cast.amal_mandate)
        unmute_person(room=room, user=cast.amal, actor=cast.dina)
        assert verify_rooms() is None
    assert not Record.objects.filter(kind=RecordKind.PARTICIPANT_UNMUTED).exists()


def test_until_lifted_it_stands_and_lifted_one_writes_again(cast: Cast, room: Room) -> None:
    mute(room, cast.amal, cast.dina, "until_lifted")
    later = time_machine.travel(timezone.now() + timedelta(days=20), tick=True)
    with later, pytest.raises(Muted):
        say(room, cast.amal, cast.amal_mandate)
    for _ in range(2):
        unmute_person(room=room, user=cast.amal, actor=cast.dina)
    say(room, cast.amal, cast.amal_mandate)
    room.refresh_from_db()
    assert (room.has_mutes, Mute.objects.count()) == (False, 0)
    assert Record.objects.filter(kind=RecordKind.PARTICIPANT_UNMUTED).count() == 1
    assert verify_rooms() is None


def test_repeated_it_does_nothing_and_another_time_replaces_it(cast: Cast, room: Room) -> None:
    for length in ("hour", "hour", "until_lifted", "until_lifted"):
        mute(room, cast.amal, cast.dina, length)
    assert Record.objects.filter(kind=RecordKind.PARTICIPANT_MUTED).count() == 2
    assert Mute.objects.get().until is None
    assert verify_rooms() is None


def test_who_may_mute_whom(cast: Cast, room: Room, chair: User) -> None:
    other_chair = make_user("other")
    make_mandate(other_chair, cast.ng)
    colleague = make_user("colleague")
    make_mandate(colleague, cast.qa, Capacity.SECRETARIAT)
    for actor, target in (
        (cast.amal, cast.bilal),  # a member
        (chair, chair),
        (chair, other_chair),
        (chair, cast.dina),
        (cast.dina, cast.dina),
        (cast.dina, colleague),
        (chair, cast.chloe),  # who does not read the room
    ):
        with pytest.raises(PermissionDenied):
            mute(room, target, actor)
    with pytest.raises(Http404):
        mute(room, cast.amal, cast.chloe)
    mute(room, cast.amal, chair)
    mute(room, chair, cast.dina)
    assert Mute.objects.count() == 2
    for actor, target in ((chair, chair), (other_chair, chair), (cast.amal, cast.amal)):
        with pytest.raises(PermissionDenied):
            unmute_person(room=room, user=target, actor=actor)
    with pytest.raises(Muted):
        say(room, chair, cast.bilal_mandate)


def test_nothing_of_it_in_an_archived_room(cast: Cast, room: Room) -> None:
    mute(room, cast.amal, cast.dina)
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(RoomArchived):
        mute(room, cast.bilal, cast.dina)
    with pytest.raises(RoomArchived):
        unmute_person(room=room, user=cast.amal, actor=cast.dina)
    page = signed_in(cast.dina).get(f"/en/rooms/{room.pk}/mutes/").content.decode()
    assert "Lift" not in page.split("<main")[1].split("</main")[0]


def test_one_room_and_one_person_alone(cast: Cast, room: Room) -> None:
    other = open_room(
        kind=RoomKind.GROUP,
        titles={"en": "Other"},
        delegations={cast.kr: ParticipantRole.MEMBER},
    )
    mute(room, cast.amal, cast.dina)
    say(other, cast.amal, cast.amal_mandate)
    drafts = [
        Draft(cast.amal, cast.amal_mandate, "a", uuid4()),
        Draft(cast.bilal, cast.bilal_mandate, "b", uuid4()),
    ]
    muted, saved = post_messages(room_id=room.pk, drafts=drafts)
    assert isinstance(muted, Muted)
    assert isinstance(saved, Message)


def test_a_repeat_of_what_was_saved_before_is_acknowledged(cast: Cast, room: Room) -> None:
    key = uuid4()
    saved = say(room, cast.amal, cast.amal_mandate, "Before", key)
    mute(room, cast.amal, cast.dina)
    assert say(room, cast.amal, cast.amal_mandate, "Before", key) == saved


def test_refusals_say_until_when_in_the_readers_time(cast: Cast, room: Room, said: Message) -> None:
    cast.amal.time_zone = "Asia/Seoul"
    cast.amal.save()
    with time_machine.travel("2026-11-27T10:00:00Z", tick=False):
        mute(room, cast.amal, cast.dina)
        amal = signed_in(cast.amal)
        sent = {"body": "B", "client_id": str(uuid4()), "mandate": cast.amal_mandate.pk}
        refused = amal.post(f"/en/rooms/{room.pk}/messages/", sent, **JSON)
        assert (refused.status_code, refused.json()["code"]) == (403, "muted")
        assert "until 27 November 2026, 20:00" in refused.json()["reason"]
        at = f"/en/rooms/{room.pk}/messages/{said.seq}/edit/"
        changed = amal.post(at, {**sent, "version": "1"}, **JSON)
        assert (changed.status_code, changed.json()["code"]) == (403, "muted")
        assert "until 27 November 2026, 20:00" in changed.json()["reason"]
        standing = amal.get(f"/en/rooms/{room.pk}/standing").json()
        assert (standing["writes"], standing["code"], standing["again"]) == (False, "muted", 3600)
        assert signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/standing").json()["writes"] is True
    page = amal.get(f"/en/rooms/{room.pk}/").content.decode()
    assert "data-shut" not in page


def test_lines_of_mutes_cost_one_query_however_many(
    cast: Cast, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bilal = signed_in(cast.bilal)
    address = f"/en/rooms/{room.pk}/sync?after=0"
    with django_assert_num_queries(100, exact=False) as none:
        bilal.get(address)
    mute(room, cast.amal, cast.dina)
    with django_assert_num_queries(len(none) + 2):  # whom it is about; whether one is muted oneself
        bilal.get(address)
    mute(room, cast.amal, cast.dina, "day")
    unmute_person(room=room, user=cast.amal, actor=cast.dina)
    mute(room, cast.amal, cast.dina)
    with django_assert_num_queries(len(none) + 2):
        bilal.get(address)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM messaging_mute",
        "UPDATE messaging_mute SET until=now()",
        "UPDATE messaging_room SET has_mutes=false",
    ],
)
def test_a_mute_altered_by_sql_is_found(cast: Cast, room: Room, statement: str) -> None:
    mute(room, cast.amal, cast.dina)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_rooms() is not None


def test_a_transcript_says_it(cast: Cast, room: Room) -> None:
    mute(room, cast.amal, cast.dina, "until_lifted")
    unmute_person(room=room, user=cast.amal, actor=cast.dina)
    room.refresh_from_db()
    asked = ask_for_transcript(
        room=room, actor=cast.dina, language="en", first=room.head_seq - 1, last=room.head_seq
    )
    make_transcript(transcript_id=asked.pk)
    made = Transcript.objects.select_related("json").get()
    assert made.json is not None
    document = json.loads(path_of(made.json.sha256).read_bytes())
    assert [(r["shown"]["line"], r["text"]) for r in document["records"]] == [
        ("Amal was muted by the secretariat (Dina) until this is lifted.", "Calm down."),
        ("Amal may write again, by decision of the secretariat (Dina).", ""),
    ]


def test_the_pages_mute_and_lift(cast: Cast, room: Room, said: Message) -> None:
    at = f"/en/rooms/{room.pk}/mutes/"
    dina = signed_in(cast.dina)
    message = dina.get(f"/en/rooms/{room.pk}/messages/{said.seq}/").content.decode()
    assert f'href="{at}{cast.amal.pk}/"' in message
    assert dina.post(f"{at}{cast.amal.pk}/", {"length": "hour", "reason": ""}).status_code == 422
    assert dina.get(f"{at}{cast.dina.pk}/").status_code == 403
    assert dina.get(f"{at}{cast.chloe.pk}/").status_code == 404
    sent = {"length": "until_lifted", "reason": "Calm \u202edown."}
    assert dina.post(f"{at}{cast.amal.pk}/", sent).status_code == 302
    assert Record.objects.get(kind=RecordKind.PARTICIPANT_MUTED).text == "Calm down."
    assert "Muted already" in dina.get(f"{at}{cast.amal.pk}/").content.decode()
    assert "<bdi>Amal</bdi>" in dina.get(at).content.decode()
    assert dina.post(f"{at}{cast.amal.pk}/end/").status_code == 302
    assert not Mute.objects.exists()
    for other, status in ((cast.bilal, 403), (cast.chloe, 404)):
        assert signed_in(other).get(at).status_code == status
        assert signed_in(other).post(f"{at}{cast.amal.pk}/", sent).status_code == status


def test_the_audit_log_says_it_in_words(cast: Cast, room: Room, said: Message) -> None:
    mute(room, cast.amal, cast.dina, "day")
    made = report(said, cast.bilal)
    settle_report(report=made, outcome="muted", note="", actor=cast.dina)
    page = signed_in(cast.dina).get("/en/audit-log/").content.decode()
    for words in (
        "person muted in a room",
        "for one day",
        "message reported",
        "its author was muted",
    ):
        assert words in page
