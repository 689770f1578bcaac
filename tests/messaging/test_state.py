"""Lock, slow mode, archive: who may do it, what it stops, and what it leaves in the record."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.test import Client

from messaging import throttle
from messaging.actions import (
    Draft,
    RoomArchived,
    RoomShut,
    TooSoon,
    archive_room,
    change_role,
    lock_to_chairs,
    post_messages,
    reopen_room,
    slow_down,
    unlock,
)
from messaging.enums import ParticipantRole
from messaging.models import Message, Participant, Record, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()


def office(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def kinds(room: Room) -> list[str]:
    return [r.kind for r in Record.objects.of_room(room) if r.kind.startswith("room.")][1:]


def test_a_locked_room_is_for_chairs_and_the_secretariat(cast: Cast, room: Room) -> None:
    lock_to_chairs(room=room, **office(cast))
    with pytest.raises(RoomShut):
        say(room, cast.amal, cast.amal_mandate)
    say(room, cast.dina, cast.dina_mandate)
    change_role(
        participant=Participant.objects.get(room=room, institution=cast.ng),
        role=ParticipantRole.CHAIR,
        **office(cast),
    )
    say(room, cast.bilal, cast.bilal_mandate)
    unlock(room=room, actor=cast.bilal, mandate=cast.bilal_mandate)
    say(room, cast.amal, cast.amal_mandate)
    assert verify_rooms() is None


def test_an_archived_room_is_for_nobody_until_it_is_reopened_as_it_was(
    cast: Cast, room: Room
) -> None:
    slow_down(room=room, seconds=30, **office(cast))
    archive_room(room=room, **office(cast))
    with pytest.raises(RoomShut):
        say(room, cast.dina, cast.dina_mandate)
    with pytest.raises(RoomArchived):
        lock_to_chairs(room=room, **office(cast))
    reopen_room(room=room, **office(cast))
    say(room, cast.dina, cast.dina_mandate)
    room.refresh_from_db()
    assert room.state == {"is_locked": False, "slow_seconds": 30, "is_archived": False}
    assert verify_rooms() is None


def test_members_strangers_and_borrowed_mandates_change_nothing(cast: Cast, room: Room) -> None:
    for act in (lock_to_chairs, unlock, archive_room, reopen_room):
        with pytest.raises(PermissionDenied):
            act(room=room, actor=cast.amal, mandate=cast.amal_mandate)
        with pytest.raises(PermissionDenied):
            act(room=room, actor=cast.amal, mandate=cast.dina_mandate)
        with pytest.raises(Http404):
            act(room=room, actor=cast.chloe, mandate=cast.chloe_mandate)
    assert kinds(room) == []


def test_each_act_repeated_is_recorded_and_audited_once(cast: Cast, room: Room) -> None:
    for act in (lock_to_chairs, lock_to_chairs, unlock, unlock):
        act(room=room, **office(cast))
    for _ in range(2):
        slow_down(room=room, seconds=600, **office(cast))
    for act in (archive_room, archive_room, reopen_room, reopen_room):
        act(room=room, **office(cast))
    acts = ["room.locked", "room.unlocked", "room.slowed", "room.archived", "room.reopened"]
    assert kinds(room) == acts
    assert list(AuditEntry.objects.order_by("number").values_list("act", flat=True)) == acts
    assert verify_rooms() is None


def test_slow_mode_spaces_the_messages_of_each_member_and_not_of_chairs(
    cast: Cast, room: Room
) -> None:
    slow_down(room=room, seconds=120, **office(cast))
    say(room, cast.amal, cast.amal_mandate)
    with pytest.raises(TooSoon) as refused:
        say(room, cast.amal, cast.amal_mandate)
    assert 110 < refused.value.wait <= 120
    say(room, cast.bilal, cast.bilal_mandate)
    for _ in range(3):
        say(room, cast.dina, cast.dina_mandate)
    Message.objects.update(posted_at=F("posted_at") - timedelta(seconds=121))
    say(room, cast.amal, cast.amal_mandate)


def test_a_repeat_is_acknowledged_in_a_room_that_was_shut_meanwhile(cast: Cast, room: Room) -> None:
    key = uuid4()
    first = say(room, cast.amal, cast.amal_mandate, "once", key)
    archive_room(room=room, **office(cast))
    assert say(room, cast.amal, cast.amal_mandate, "once", key) == first


def test_slow_mode_counts_within_a_batch_and_refuses_nobody_else(
    cast: Cast, room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    slow_down(room=room, seconds=30, **office(cast))
    drafts = [
        Draft(cast.amal, cast.amal_mandate, "one", uuid4()),
        Draft(cast.amal, cast.amal_mandate, "two", uuid4()),
        Draft(cast.bilal, cast.bilal_mandate, "three", uuid4()),
        Draft(cast.dina, cast.dina_mandate, "four", uuid4()),
        Draft(cast.dina, cast.dina_mandate, "five", uuid4()),
    ]
    with django_capture_on_commit_callbacks() as announced:
        outcomes = post_messages(room_id=room.pk, drafts=drafts)
    assert [type(o).__name__ for o in outcomes] == ["Message", "TooSoon", *["Message"] * 3]
    assert len(announced) == 1
    assert verify_rooms() is None


def test_a_state_that_no_record_tells_of_is_found(cast: Cast, room: Room) -> None:
    lock_to_chairs(room=room, **office(cast))
    Room.objects.filter(pk=room.pk).update(is_locked=False)
    assert "otherwise than recorded" in str(verify_rooms())


def test_http_says_why_not_and_keeps_what_was_typed(cast: Cast, room: Room) -> None:
    lock_to_chairs(room=room, **office(cast))
    client = Client()
    client.force_login(cast.amal)
    sent = {"body": "My words", "client_id": str(uuid4()), "mandate": cast.amal_mandate.pk}
    page = client.post(f"/en/rooms/{room.pk}/messages/", sent)
    assert page.status_code == 403
    assert "My words" in page.content.decode()
    assert "This room is locked" in page.content.decode()
    answer = client.post(
        f"/ar/rooms/{room.pk}/messages/", sent, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "locked")
    unlock(room=room, **office(cast))
    slow_down(room=room, seconds=30, **office(cast))
    say(room, cast.amal, cast.amal_mandate)
    answer = client.post(
        f"/en/rooms/{room.pk}/messages/", sent, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "too_fast")
    assert 25 < answer.json()["retry_after"] <= 30


def test_standing_says_who_may_write_and_who_reads(cast: Cast, room: Room) -> None:
    answers = {}
    slow_down(room=room, seconds=30, **office(cast))
    for user in (cast.amal, cast.dina):
        client = Client()
        client.force_login(user)
        answers[user.name] = client.get(f"/en/rooms/{room.pk}/standing").json()
    assert (answers["Amal"]["writes"], answers["Amal"]["code"]) == (True, "slow")
    assert (answers["Dina"]["writes"], answers["Dina"]["reason"]) == (True, "")
    assert "2 delegations, 3 people" in answers["Amal"]["people"].replace("<bdi>", "")
    client.force_login(cast.chloe)
    assert client.get(f"/en/rooms/{room.pk}/standing").status_code == 404
    assert Client().get(f"/en/rooms/{room.pk}/standing").status_code == 401


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
async def test_open_sockets_are_told_at_once_and_refused_at_once(transactional_db: None) -> None:
    cast = await sync_to_async(Cast)()
    room = await sync_to_async(make_room)(cast)
    amal = await Tab.open(cast.amal, "ar")
    assert (await amal.enter(room.pk))["type"] == "room.entered"
    async with asyncio.timeout(1.5):
        await sync_to_async(lock_to_chairs)(room=room, **office(cast))
        frame = await amal.hear("room.records")
    assert [r["kind"] for r in frame["records"]] == ["room.locked"]
    refused = await amal.post(room.pk, cast.amal_mandate.pk, "صباح الخير")
    assert (refused["status"], refused["code"]) == (403, "locked")
    await sync_to_async(unlock)(room=room, **office(cast))
    assert (await amal.post(room.pk, cast.amal_mandate.pk, "صباح الخير"))["type"] == "message.saved"
    await amal.leave()
