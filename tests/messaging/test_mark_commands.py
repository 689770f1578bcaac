"""Marks on messages over HTTP and over the socket: who is answered what, and who hears of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from members.enums import Capacity
from members.models import User
from messaging import mark_commands
from messaging.actions import delete_message, lock_to_chairs, pin_message
from messaging.actions.message_marks import MOST_PINNED
from messaging.models import Acknowledgement, Message, MessageMarks, Reaction, Room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab
from tests.messaging.test_acknowledgements import ask, give
from tests.messaging.test_reactions import JSON, mark, pin, signed_in


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.dina, cast.dina_mandate, "The programme has changed.")


def address(message: Message, act: str = "") -> str:
    return f"/en/rooms/{message.room_id}/messages/{message.seq}/{act}"


def post(client: Client, message: Message, act: str, **values: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(address(message, act), values, **JSON)  # type: ignore[arg-type]
    return answer.status_code, answer.json()


def test_json_answers_each_act(cast: Cast, room: Room, said: Message) -> None:
    amal, dina = signed_in(cast.amal), signed_in(cast.dina)
    about = {"room": room.pk, "message": said.seq}
    for on in ("true", "true", "false"):
        assert post(amal, said, "reactions/", kind="agree", on=on) == (
            200, {"type": "message.reacted", "kind": "agree", "on": on == "true", **about},
        )  # fmt: skip
    assert not Reaction.objects.exists()
    assert post(dina, said, "pin/", on="true") == (
        200, {"type": "message.pinned", "on": True, **about},
    )  # fmt: skip
    assert post(dina, said, "request/", until="") == (
        200, {"type": "acknowledgement.asked", **about},
    )  # fmt: skip
    for _ in range(2):
        assert post(amal, said, "acknowledgements/", mandate=cast.amal_mandate.pk) == (
            200, {"type": "message.acknowledged", "institution": cast.kr.pk, **about},
        )  # fmt: skip
    assert Acknowledgement.objects.count() == 1


def test_refusals_say_what_was_refused_and_why(cast: Cast, room: Room, said: Message) -> None:
    observer = make_user("observer")
    observing = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    amal, bilal, dina = signed_in(cast.amal), signed_in(cast.bilal), signed_in(cast.dina)
    listening = signed_in(observer)

    def refused(client: Client, act: str, **values: Any) -> tuple[int, str, str]:
        status, reply = post(client, said, act, **values)
        assert (reply["type"], reply["message"]) == ("message.refused", said.seq)
        return status, reply["code"], reply["command"]

    assert refused(amal, "reactions/", kind="🎉", on="true") == (422, "invalid", "message.react")
    assert refused(listening, "reactions/", kind="seen", on="true") == (
        403, "not_yours", "message.react",
    )  # fmt: skip
    assert refused(bilal, "pin/", on="true") == (403, "not_yours", "message.pin")
    assert refused(bilal, "request/") == (403, "not_yours", "acknowledgement.ask")
    past = timezone.localtime() - timedelta(minutes=1)
    for until in (past.isoformat(), "tomorrow", "9999-01-01T00:00"):
        assert refused(dina, "request/", until=until) == (422, "invalid", "acknowledgement.ask")
    mine = {"mandate": cast.bilal_mandate.pk}
    assert refused(bilal, "acknowledgements/", **mine) == (
        409, "not_asked", "message.acknowledge",
    )  # fmt: skip
    ask(said, cast.dina)
    for client, mandate in (
        (listening, observing.pk),
        (listening, cast.amal_mandate.pk),
        (amal, cast.bilal_mandate.pk),
        (dina, cast.dina_mandate.pk),
        (amal, "x"),
    ):
        assert refused(client, "acknowledgements/", mandate=mandate) == (
            403, "not_yours", "message.acknowledge",
        )  # fmt: skip
    lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    assert refused(bilal, "reactions/", kind="seen", on="true")[:2] == (403, "locked")
    for _ in range(MOST_PINNED):
        pin(say(room, cast.dina, cast.dina_mandate), cast.dina)
    assert refused(dina, "pin/", on="true")[:2] == (409, "too_many")
    delete_message(room=room, seq=said.seq, reason="", actor=cast.dina)
    assert refused(bilal, "acknowledgements/", **mine)[:2] == (409, "deleted")
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("nonsense", [None, [], {}, 0, -1, 2.5, True, "\ud800", "x" * 9, [[1]]])
def test_nonsense_is_refused_in_words(
    cast: Cast, room: Room, said: Message, nonsense: Any, settings: Any
) -> None:
    settings.MESSAGE_BURST = 1000
    about = {"room": room.pk, "message": said.seq}
    for command, values in (
        (mark_commands.react_to, {"kind": nonsense, "on": True}),
        (mark_commands.ask, {"until": nonsense or "x"}),
        (mark_commands.acknowledge_for, {"mandate": nonsense}),
    ):
        reply = command(cast.dina, {**about, **values})
        assert (reply["type"], reply["status"] in (403, 422)) == ("message.refused", True)
        json.dumps(reply, ensure_ascii=False).encode()
        assert mark_commands.react_to(cast.dina, {**about, "room": nonsense})["status"] == 404
        assert mark_commands.pin(cast.dina, {**about, "message": nonsense})["status"] == 404
    assert not MessageMarks.objects.exists()


def test_marks_are_held_to_the_pace_of_posts(cast: Cast, said: Message, settings: Any) -> None:
    settings.MESSAGE_BURST, settings.MESSAGES_PER_SECOND = 2, 0.001
    amal = signed_in(cast.amal)
    for on in ("true", "false"):
        assert post(amal, said, "reactions/", kind="seen", on=on)[0] == 200
    status, reply = post(amal, said, "reactions/", kind="seen", on="true")
    assert (status, reply["code"], reply["retry_after"] > 0) == (429, "too_fast", True)
    assert not Reaction.objects.exists()


def test_a_stranger_finds_none_of_it(cast: Cast, room: Room, said: Message) -> None:
    chloe = signed_in(cast.chloe)
    for act in ("reactions/", "pin/", "request/", "acknowledgements/"):
        assert chloe.post(address(said, act), {"kind": "seen", "on": "true"}).status_code == 404
    assert chloe.get(f"/en/rooms/{room.pk}/pins").status_code == 404
    assert not MessageMarks.objects.exists()


def test_forms_do_it_without_a_script(cast: Cast, room: Room, said: Message) -> None:
    amal, dina = signed_in(cast.amal), signed_in(cast.dina)
    place = f"/en/rooms/{room.pk}/at/{said.seq}/#r{said.seq}"
    answer = amal.post(address(said, "reactions/"), {"kind": "thanks", "on": "true"})
    assert (answer.status_code, answer["Location"]) == (302, place)
    page = " ".join(amal.get(address(said)).content.decode().split())
    assert page.count('aria-pressed="true"') == 1
    assert "1 says thanks" in page
    assert "Pin</button>" not in page
    assert dina.post(address(said, "pin/"), {"on": "true"}).status_code == 302
    assert "Unpin" in dina.get(address(said)).content.decode()
    late = dina.post(address(said, "request/"), {"until": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "still to come" in late.content.decode()
    assert dina.post(address(said, "request/"), {"until": ""}).status_code == 302
    assert "Ask for acknowledgement" not in dina.get(address(said)).content.decode()
    page = amal.get(address(said)).content.decode()
    assert "Acknowledge for" in page
    mandate = {"mandate": cast.amal_mandate.pk}
    assert amal.post(address(said, "acknowledgements/"), mandate).status_code == 302
    assert "Acknowledge for" not in amal.get(address(said)).content.decode()
    assert amal.post(address(said, "pin/"), {"on": "true"}).status_code == 403
    delete_message(room=room, seq=said.seq, reason="", actor=cast.dina)
    assert "marks-heading" not in dina.get(address(said)).content.decode()


def test_until_without_an_offset_is_in_the_readers_zone(cast: Cast, said: Message) -> None:
    User.objects.filter(pk=cast.dina.pk).update(time_zone="Asia/Qatar")
    post(signed_in(cast.dina), said, "request/", until="2999-06-01T18:00")
    until = MessageMarks.objects.select_related("request").get().until
    assert until is not None
    assert until.isoformat() == "2999-06-01T15:00:00+00:00"


def test_the_head_of_the_room_lists_what_is_pinned(cast: Cast, room: Room, said: Message) -> None:
    amal = signed_in(cast.amal)
    assert "pins__list" not in amal.get(f"/en/rooms/{room.pk}/").content.decode()
    other = say(room, cast.amal, cast.amal_mandate, "*Second*")
    for message in (said, other):
        pin(message, cast.dina)
    page = amal.get(f"/en/rooms/{room.pk}/").content.decode()
    assert "2 pinned messages" in page
    listed = page.split("pins__list")[1].split("</details>")[0]
    assert listed.index("Second") < listed.index("The programme has changed.")
    assert f'href="/en/rooms/{room.pk}/at/{said.seq}/#r{said.seq}"' in listed
    pin_message(room=room, seq=other.seq, on=False, actor=cast.dina)
    found = amal.get(f"/en/rooms/{room.pk}/pins").json()
    assert (found["type"], found["room"]) == ("room.pins", room.pk)
    assert "1 pinned message<" in found["html"]
    assert "Second" not in found["html"]


def test_rooms_and_the_desk_say_what_waits(cast: Cast, room: Room, said: Message) -> None:
    pages = ("/en/rooms/", "/en/")
    amal, chloe, dina = signed_in(cast.amal), signed_in(cast.chloe), signed_in(cast.dina)
    ask(said, cast.dina)
    listed, desk = (amal.get(page).content.decode() for page in pages)
    assert "<bdi>1</bdi> to acknowledge" in listed
    assert f"asked to acknowledge message {said.seq}" in desk
    assert address(said) in desk
    for client in (chloe, dina):
        for page in pages:
            assert "acknowledge" not in client.get(page).content.decode()
    give(said, cast.amal, cast.amal_mandate)
    for page in pages:
        assert "acknowledge" not in amal.get(page).content.decode()


def test_the_script_knows_for_whom_the_reader_answers(cast: Cast, room: Room) -> None:
    make_mandate(cast.amal, cast.kr, Capacity.ADVISER)
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/").context["client"]
    assert f'"answers": [{{"mandate": {cast.amal_mandate.pk}, "institution": {cast.kr.pk}' in page
    assert '"answers": []' in signed_in(cast.dina).get(f"/en/rooms/{room.pk}/").context["client"]


@pytest.mark.usefixtures("tidy_threads")
async def test_the_socket_takes_marks_and_tells_all_who_are_in_the_room() -> None:
    cast = await sync_to_async(Cast)()
    room = await sync_to_async(make_room)(cast)
    said = await sync_to_async(say)(room, cast.dina, cast.dina_mandate)
    amal, dina, chloe = [await Tab.open(user) for user in (cast.amal, cast.dina, cast.chloe)]
    for tab in (amal, dina):
        assert (await tab.enter(room.pk))["head"] == said.seq
    about = {"room": room.pk, "message": said.seq}

    async def told(tab: Tab, kind: str) -> str:
        frame = await tab.hear("room.records")
        [record] = frame["records"]
        assert (record["kind"], record["message"], record["client_id"]) == (kind, said.seq, None)
        return " ".join(record["html"].split())

    await amal.send({"type": "message.react", **about, "kind": "question", "on": True})
    shown = await told(dina, "reaction.added")
    assert "1 has a question" in shown
    await amal.hear("message.reacted")
    await dina.send({"type": "acknowledgement.ask", **about})
    await dina.hear("acknowledgement.asked")
    assert "0 of 2 delegations" in await told(dina, "acknowledgement.asked")
    await amal.send({"type": "message.acknowledge", **about, "mandate": cast.amal_mandate.pk})
    assert (await amal.hear("message.acknowledged"))["institution"] == cast.kr.pk
    assert "1 of 2 delegations" in await told(dina, "message.acknowledged")
    await dina.send({"type": "message.pin", **about, "on": True})
    assert (await dina.hear("message.pinned"))["on"] is True
    await amal.send({"type": "message.pin", **about, "on": False})
    refused = await amal.hear("message.refused")
    assert (refused["status"], refused["code"], refused["command"]) == (
        403, "not_yours", "message.pin",
    )  # fmt: skip
    await chloe.send({"type": "message.react", **about, "kind": "seen", "on": True})
    refused = await chloe.hear()
    assert (refused["type"], refused["status"], refused["code"]) == (
        "message.refused", 404, "not_found",
    )  # fmt: skip
    for tab in (amal, dina, chloe):
        await tab.leave()
    assert await sync_to_async(Reaction.objects.count)() == 1


def test_a_repeated_mark_is_announced_once(
    cast: Cast, room: Room, said: Message, bus_events: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for expected in ([{"type": "room.advanced", "room": room.pk, "seq": said.seq + 1}], []):
        bus_events()
        with django_capture_on_commit_callbacks(execute=True):
            mark(said, cast.amal)
        assert bus_events() == expected
