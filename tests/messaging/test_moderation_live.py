"""What open sockets hear of order in a room: mutes at once, reports never."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from members.enums import Capacity
from messaging import throttle
from messaging.actions import approve_erasure, ask_for_erasure, mute_person, report_message
from messaging.models import Message, Room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab
from tests.messaging.test_socket import bus_is_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]
in_database = sync_to_async


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room, Message]:
    throttle._buckets.clear()
    cast = Cast()
    room = make_room(cast)
    return cast, room, say(room, cast.amal, cast.amal_mandate, "Nonsense!")


async def entered(user: Any, room: Room, language: str = "en") -> Tab:
    tab = await Tab.open(user, language)
    assert (await tab.enter(room.pk))["type"] == "room.entered"
    await bus_is_up()
    return tab


def standing(user: Any, room: Room) -> dict[str, Any]:
    client = Client()
    client.force_login(user)
    answer: dict[str, Any] = client.get(f"/en/rooms/{room.pk}/standing").json()
    return answer


async def test_a_muted_persons_open_socket_learns_it_within_a_second_and_is_refused(
    scene: tuple[Cast, Room, Message],
) -> None:
    cast, room, said = scene
    amal = await entered(cast.amal, room, "ar")
    await in_database(mute_person)(
        room=room, user=cast.amal, length="hour", reason="Calm down.", actor=cast.dina
    )
    frame = await amal.hear("room.records", timeout=1)
    [record] = frame["records"]
    assert (record["kind"], record["author"]) == ("participant.muted", cast.dina.pk)
    assert "<bdi>Amal</bdi>" in record["html"]
    assert (await in_database(standing)(cast.amal, room))["code"] == "muted"
    refused = await amal.post(room.pk, cast.amal_mandate.pk, "But")
    assert (refused["code"], refused["status"]) == ("muted", 403)
    for kind, more in (("edit", {"version": 1, "body": "B"}), ("delete", {"reason": ""})):
        await amal.send(
            {
                "type": f"message.{kind}",
                "room": room.pk,
                "message": said.seq,
                "client_id": str(uuid4()),
                **more,
            }
        )
        assert (await amal.hear("message.refused"))["code"] == "muted"
    bilal = await entered(cast.bilal, room)
    saved = await bilal.post(room.pk, cast.bilal_mandate.pk, "Thank you")
    assert saved["type"] == "message.saved"
    assert (await amal.hear("room.records"))["records"][0]["kind"] == "message.posted"
    await amal.leave()
    await bilal.leave()


async def test_a_report_is_heard_by_nobody(scene: tuple[Cast, Room, Message]) -> None:
    cast, room, said = scene
    amal, dina = await entered(cast.amal, room), await entered(cast.dina, room)
    await in_database(report_message)(
        room=room, seq=said.seq, reason="offensive", words="It insults us.", actor=cast.bilal
    )
    await amal.silence()
    await dina.silence()
    await amal.leave()
    await dina.leave()


async def test_an_erased_text_leaves_the_open_page(scene: tuple[Cast, Room, Message]) -> None:
    cast, room, said = scene
    emad = await in_database(make_user)("emad")
    await in_database(make_mandate)(emad, cast.qa, Capacity.SECRETARIAT)
    bilal = await entered(cast.bilal, room, "fr")
    erasure = await in_database(ask_for_erasure)(
        room=room, seq=said.seq, ground="person", explanation="She asked.", actor=cast.dina
    )
    await bilal.silence()
    await in_database(approve_erasure)(erasure=erasure, actor=emad)
    [record] = (await bilal.hear("room.records", timeout=1))["records"]
    assert (record["kind"], record["message"]) == ("text.erased", said.seq)
    assert "Nonsense" not in record["html"]
    await bilal.leave()
