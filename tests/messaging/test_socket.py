import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from members.actions.people import end_mandate, end_sessions
from members.enums import Capacity
from members.models import Mandate
from messaging import bus, throttle
from messaging.actions import remove_participant
from messaging.events import rights_changed
from messaging.hub import WINDOW, Hub
from messaging.models import Message, Participant, Room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


async def bus_is_up() -> None:
    for _ in range(100):
        if Hub.current().bus_is_up:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the bus did not come up")


async def two_tabs(cast: Cast, room: Room) -> tuple[Tab, Tab]:
    amal, bilal = await Tab.open(cast.amal, "ar"), await Tab.open(cast.bilal, "en")
    for tab in (amal, bilal):
        assert (await tab.enter(room.pk))["type"] == "room.entered"
    await bus_is_up()
    return amal, bilal


@pytest.mark.parametrize(
    "origin",
    [
        "https://testserver",
        "http://testserver:81",
        "http://evil.example",
        "http://testserver.evil.example",
        "null",
        "http://127.0.0.1",
        "file://",
    ],
)
async def test_foreign_origin_is_refused_before_the_handshake(
    scene: tuple[Cast, Room], origin: str
) -> None:
    client = Client()
    await in_database(client.force_login)(scene[0].amal)
    tab = Tab(client.session.session_key or "", origin=origin)
    connected, _ = await tab.communicator.connect()
    assert not connected


@pytest.mark.parametrize("cookie", ["", "made-up-key-that-no-session-has"])
async def test_without_a_living_session_the_socket_is_closed_with_4401(
    scene: tuple[Cast, Room], cookie: str
) -> None:
    tab = Tab(cookie)
    assert (await tab.communicator.connect())[0]
    assert await tab.closed() == 4401


async def test_session_is_looked_for_under_the_configured_name_alone(
    scene: tuple[Cast, Room], settings: Any
) -> None:
    named = await Tab.open(scene[0].amal)
    under_the_old_name = Tab(named.session)
    await named.leave()
    settings.SESSION_COOKIE_NAME = "__Host-session"
    under_the_new_name = Tab(named.session)
    assert (await under_the_new_name.communicator.connect())[0]
    assert (await under_the_new_name.hear())["type"] == "welcome"
    assert (await under_the_old_name.communicator.connect())[0]
    assert await under_the_old_name.closed() == 4401
    await under_the_new_name.leave()


async def test_message_reaches_both_in_their_language_once_and_in_order(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    saved = [await amal.post(room.pk, cast.amal_mandate.pk, body) for body in ("one", "two")]
    assert [reply["type"] for reply in saved] == ["message.saved", "message.saved"]
    seqs: list[int] = []
    while len(seqs) < 2:
        frame = await bilal.hear("room.records")
        assert frame["room"] == room.pk
        assert frame["after"] == frame["records"][0]["seq"] - 1
        seqs += [record["seq"] for record in frame["records"]]
        assert "head of delegation" in frame["records"][0]["html"]
    assert seqs == [reply["seq"] for reply in saved]
    await bilal.silence()
    await amal.leave()
    await bilal.leave()


async def test_stranger_gets_404_as_for_a_room_that_is_not_there_and_hears_nothing(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    chloe = await Tab.open(cast.chloe)
    await bus_is_up()
    refused = await chloe.enter(room.pk)
    absent = await chloe.enter(room.pk + 999)
    assert refused == {**absent, "room": room.pk}
    assert (refused["type"], refused["status"]) == ("error", 404)
    reply = await chloe.post(room.pk, cast.chloe_mandate.pk, "let me in")
    assert (reply["type"], reply["status"]) == ("message.refused", 404)
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    await chloe.silence()
    assert await Message.objects.acount() == 1
    await chloe.leave()


async def test_repeat_is_acknowledged_alike_and_another_body_is_refused(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    tab = await Tab.open(cast.amal)
    key = str(uuid4())
    first = await tab.post(room.pk, cast.amal_mandate.pk, "one", key)
    assert await tab.post(room.pk, cast.amal_mandate.pk, "one", key) == first
    other = await tab.post(room.pk, cast.amal_mandate.pk, "two", key)
    assert (other["status"], other["code"], other["client_id"]) == (409, "client_id_reused", key)
    await tab.leave()


async def test_observer_and_nonsense_are_refused_with_a_reason_in_their_language(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    observer = await in_database(make_user)("observer")
    mandate = await in_database(make_mandate)(observer, cast.kr, Capacity.OBSERVER)
    tab = await Tab.open(observer)
    assert (await tab.enter(room.pk))["type"] == "room.entered"
    refused = await tab.post(room.pk, mandate.pk, "hello")
    assert (refused["status"], refused["code"]) == (403, "read_only")
    amal = await Tab.open(cast.amal)
    for body in ("", "   ", "\u202e", "x" * 10_001, "\ud800"):
        refused = await amal.post(room.pk, cast.amal_mandate.pk, body)
        assert (refused["status"], refused["code"]) == (422, "invalid"), body
    refused = await amal.post(room.pk, cast.bilal_mandate.pk, "as another")
    assert refused["status"] == 422
    assert not await Message.objects.aexists()
    await tab.leave()
    await amal.leave()


async def test_flood_is_slowed_and_others_are_heard(
    scene: tuple[Cast, Room], settings: Any
) -> None:
    settings.MESSAGES_PER_SECOND = 0.1  # so that a slow machine does not fill the bucket again
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    replies = [await amal.post(room.pk, cast.amal_mandate.pk, f"{n}") for n in range(60)]
    refused = [r for r in replies if r["type"] == "message.refused"]
    assert 15 <= len(refused) <= 20
    assert {(r["status"], r["code"]) for r in refused} == {(429, "too_fast")}
    assert all(0 < r["retry_after"] <= 10 for r in refused)
    reply = await asyncio.wait_for(bilal.post(room.pk, cast.bilal_mandate.pk, "hello"), 1)
    assert reply["type"] == "message.saved"
    await amal.leave()
    await bilal.leave()


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "{}",
        "{",
        '{"type": 1}',
        '{"type": "no.such"}',
        '{"type": "received"}',
        '{"type": "received", "frames": null}',
        '{"type": "received", "frames": Infinity}',
        '{"type": "received", "frames": -1}',
        '{"type": "room.leave", "room": "x"}',
        '{"type": ["ping"]}',
        "[" * 20_000,
        "x" * 40_000,
    ],
)
async def test_malformed_frame_closes_with_4400(scene: tuple[Cast, Room], text: str) -> None:
    tab = await Tab.open(scene[0].amal)
    await tab.communicator.send_to(text_data=text)
    assert await tab.closed() == 4400


async def test_a_fault_of_the_server_is_not_put_on_the_client(
    scene: tuple[Cast, Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("a bug")

    tab = await Tab.open(scene[0].amal)
    monkeypatch.setattr("messaging.commands.mark_read", fail)
    await tab.send({"type": "room.read", "room": scene[1].pk, "seq": 1})
    assert (await tab.hear())["code"] == "failed"
    await tab.send({"type": "ping"})
    assert await tab.hear() == {"type": "pong"}
    await tab.leave()


@pytest.mark.parametrize("room", [None, "1", "\ud800", 1.5, True, -1, 0, 2**70, [], {}])
async def test_nonsense_for_a_room_is_just_not_found(scene: tuple[Cast, Room], room: Any) -> None:
    tab = await Tab.open(scene[0].amal)
    assert (await tab.enter(room))["status"] == 404
    await tab.leave()


async def test_flood_of_frames_closes_with_4429(scene: tuple[Cast, Room]) -> None:
    tab = await Tab.open(scene[0].amal)
    for _ in range(600):
        await tab.send({"type": "ping"})
    assert await tab.closed() == 4429


async def test_one_person_has_a_bounded_number_of_sockets(
    scene: tuple[Cast, Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.consumers.MAX_SOCKETS", 2)
    first, second = await Tab.open(scene[0].amal), await Tab.open(scene[0].amal)
    third = Tab(first.session)
    assert (await third.communicator.connect())[0]
    assert await third.closed() == 4429
    await second.leave()
    again, other = await Tab.open(scene[0].amal), await Tab.open(scene[0].bilal)
    for tab in (first, again, other):
        await tab.leave()


async def test_sign_out_closes_the_socket_within_a_second(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    client = Client()
    client.cookies["sessionid"] = bilal.session
    await in_database(client.post)("/en/accounts/logout/")
    assert await bilal.closed(timeout=1) == 4401
    assert not any(c.user_id == cast.bilal.pk for c in Hub.current().connections)
    await amal.leave()


async def test_changed_password_closes_the_socket_within_a_second(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    cast.bilal.set_password("quite another password")
    await cast.bilal.asave()
    await in_database(rights_changed)(users=[cast.bilal.pk])
    assert await bilal.closed(timeout=1) == 4401
    await amal.leave()


async def test_without_the_second_factor_that_is_required_the_socket_closes_within_a_second(
    scene: tuple[Cast, Room], settings: Any
) -> None:
    cast, room = scene
    factor = await Authenticator.objects.acreate(user=cast.bilal, type="totp", data={})
    await Authenticator.objects.acreate(user=cast.amal, type="totp", data={})
    settings.SECOND_FACTOR_REQUIRED = True
    amal, bilal = await two_tabs(cast, room)
    await factor.adelete()
    await in_database(authenticator_removed.send)(
        Authenticator, request=None, user=cast.bilal, authenticator=factor
    )
    assert await bilal.closed(timeout=1) == 4401
    again = Tab(bilal.session)
    assert (await again.communicator.connect())[0]
    assert await again.closed() == 4401
    await amal.leave()


async def test_participant_taken_out_stops_hearing_within_a_second(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    participant = await Participant.objects.aget(room=room, institution=cast.ng)
    await in_database(remove_participant)(participant=participant)
    assert await bilal.hear("room.closed", timeout=1) == {"type": "room.closed", "room": room.pk}
    await in_database(say)(room, cast.amal, cast.amal_mandate, "among ourselves")
    await amal.hear("room.records")
    await bilal.silence()
    assert (await bilal.enter(room.pk))["status"] == 404
    await amal.leave()
    await bilal.leave()


async def test_what_is_said_next_does_not_overtake_who_was_taken_out_before(
    scene: tuple[Cast, Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    participant = await Participant.objects.aget(room=room, institution=cast.ng)
    monkeypatch.setattr(bus, "publish", lambda event: None)  # it is on its way still

    def take_out_and_say() -> None:
        remove_participant(participant=participant)
        say(room, cast.amal, cast.amal_mandate, "among ourselves")

    await in_database(take_out_and_say)()
    assert await bilal.hear("room.closed", timeout=1) == {"type": "room.closed", "room": room.pk}
    await amal.hear("room.records")
    await bilal.silence()
    await amal.leave()
    await bilal.leave()


async def test_mandate_that_is_ended_stops_hearing_within_a_second(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    await in_database(end_mandate)(
        ending=cast.bilal_mandate, actor=cast.dina, mandate=cast.dina_mandate
    )
    assert (await bilal.hear("room.closed", timeout=1))["room"] == room.pk
    await in_database(say)(room, cast.amal, cast.amal_mandate, "among ourselves")
    await amal.hear("room.records")
    await bilal.silence()
    refused = await bilal.post(room.pk, cast.bilal_mandate.pk, "still here?")
    assert refused["status"] == 404
    await amal.leave()
    await bilal.leave()


async def test_signing_out_everywhere_closes_every_socket_within_a_second(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    first, second, amal = [await Tab.open(u) for u in (cast.bilal, cast.bilal, cast.amal)]
    await bus_is_up()
    for tab in (first, second):  # what signing in through the page leaves behind
        await UserSession.objects.acreate(
            user=cast.bilal, session_key=tab.session, ip="127.0.0.1", user_agent="", data={}
        )
    await in_database(end_sessions)(user=cast.bilal, actor=cast.bilal)
    for tab in (first, second):
        assert await tab.closed(timeout=1) == 4401
    await amal.enter(room.pk)
    await amal.leave()


async def test_mandate_that_ends_by_its_date_is_silent_from_then_on(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    end = timezone.now() + timedelta(seconds=1.5)
    await Mandate.objects.filter(pk=cast.bilal_mandate.pk).aupdate(ends_at=end)
    amal, bilal = await two_tabs(cast, room)
    await in_database(say)(room, cast.amal, cast.amal_mandate, "before")
    await bilal.hear("room.records")
    await asyncio.sleep(1.6)
    await in_database(say)(room, cast.amal, cast.amal_mandate, "after")
    assert (await bilal.hear(timeout=1))["type"] == "room.closed"
    await bilal.silence()
    await amal.leave()
    await bilal.leave()


async def test_doubt_that_comes_to_nothing_costs_nothing(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    await in_database(rights_changed)(users=None)
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    assert len((await bilal.hear("room.records"))["records"]) == 1
    await amal.leave()
    await bilal.leave()


async def test_socket_that_does_not_confirm_is_closed_with_4408(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    for connection in Hub.current().connections:
        if connection.user_id == cast.bilal.pk:
            connection.unconfirmed = WINDOW
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    assert await bilal.closed(timeout=2) == 4408
    await amal.hear("room.records")
    await amal.leave()


async def test_confirming_keeps_the_window_open(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    connection = next(c for c in Hub.current().connections if c.user_id == cast.bilal.pk)
    connection.unconfirmed = WINDOW
    await bilal.send({"type": "received", "frames": 32})
    await bilal.send({"type": "ping"})
    await bilal.hear("pong")
    await in_database(say)(room, cast.amal, cast.amal_mandate)
    await bilal.hear("room.records")
    await amal.leave()
    await bilal.leave()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done in this process is heard of in it as what another one does."""
    monkeypatch.setattr(bus, "tell_here", lambda event: None)


@pytest.mark.usefixtures("elsewhere")
async def test_without_a_bus_what_others_save_arrives_by_the_sweep(
    scene: tuple[Cast, Room], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    monkeypatch.setattr(bus, "_client", None)
    monkeypatch.setattr(bus, "_paused_until", 0.0)
    cast, room = scene
    amal, bilal = await Tab.open(cast.amal), await Tab.open(cast.bilal)
    await amal.enter(room.pk)
    await bilal.enter(room.pk)
    saved = await amal.post(room.pk, cast.amal_mandate.pk, "no bus")
    assert saved["type"] == "message.saved"
    frame = await bilal.hear("room.records", timeout=3)
    assert [record["seq"] for record in frame["records"]] == [saved["seq"]]
    await amal.leave()
    await bilal.leave()


async def test_what_a_process_saves_itself_it_hears_of_without_the_bus(
    scene: tuple[Cast, Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    monkeypatch.setattr(bus, "publish_soon", lambda event: None)
    saved = await amal.post(room.pk, cast.amal_mandate.pk, "nobody else hears")
    frame = await bilal.hear("room.records", timeout=0.9)  # no sweep has come by then
    assert [record["seq"] for record in frame["records"]] == [saved["seq"]]
    await amal.leave()
    await bilal.leave()


@pytest.mark.usefixtures("elsewhere")
async def test_hints_out_of_order_or_twice_are_heard_once_in_order(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    head = (await Room.objects.aget(pk=room.pk)).head_seq
    for n in range(5):
        await in_database(say)(room, cast.amal, cast.amal_mandate, f"{n}")
    for seq in (head + 5, head + 2, head + 2, head + 1):
        await in_database(bus.publish)({"type": "room.advanced", "room": room.pk, "seq": seq})
    heard: list[int] = []
    while len(heard) < 5:
        heard += [r["seq"] for r in (await bilal.hear("room.records"))["records"]]
    assert heard == list(range(head + 1, head + 6))
    await bilal.silence()
    await amal.leave()
    await bilal.leave()


async def test_read_mark_over_the_socket(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    tab = await Tab.open(cast.amal)
    await tab.send({"type": "room.read", "room": room.pk, "seq": 2})
    assert await tab.hear() == {"type": "room.read", "room": room.pk, "seq": 2}
    await tab.send({"type": "room.read", "room": room.pk, "seq": "much"})
    assert (await tab.hear())["status"] == 422
    await tab.leave()
