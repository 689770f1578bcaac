"""A mandate whose end was settled before ends by itself, on open sockets too."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from members.actions.mandates import reinstate_mandate, suspend_mandate
from members.actions.people import end_mandate
from messaging import throttle
from messaging.models import Room
from tests.factories import Cast
from tests.messaging.conftest import make_room, say
from tests.messaging.test_socket import two_tabs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


async def test_room_closes_within_a_second_of_the_end_though_nobody_says_a_word(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    end = timezone.now() + timedelta(seconds=1.5)
    await sync_to_async(end_mandate)(ending=cast.bilal_mandate, actor=cast.dina, at=end)
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "before")
    await bilal.hear("room.records")
    assert timezone.now() < end
    assert (await bilal.hear("room.closed"))["room"] == room.pk
    assert end <= timezone.now() < end + timedelta(seconds=1)
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "after")
    await amal.hear("room.records")
    await amal.hear("room.records")
    await bilal.silence()
    refused = await bilal.post(room.pk, cast.bilal_mandate.pk, "I am still here")
    assert refused["type"] == "message.refused"
    await amal.leave()
    await bilal.leave()


async def test_end_that_was_put_off_closes_nothing(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    for seconds in (1, 60):
        await sync_to_async(end_mandate)(
            ending=cast.bilal_mandate,
            actor=cast.dina,
            at=timezone.now() + timedelta(seconds=seconds),
        )
    await asyncio.sleep(1.5)
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "after")
    await bilal.hear("room.records")
    await amal.leave()
    await bilal.leave()


async def test_suspension_closes_the_room_within_a_second_and_reinstatement_opens_it(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    amal, bilal = await two_tabs(cast, room)
    begun = timezone.now()
    await sync_to_async(suspend_mandate)(
        suspending=cast.bilal_mandate, reason="Called back", actor=cast.dina
    )
    assert (await bilal.hear("room.closed"))["room"] == room.pk
    assert timezone.now() < begun + timedelta(seconds=1)
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "after")
    await amal.hear("room.records")
    await bilal.silence()
    refused = await bilal.post(room.pk, cast.bilal_mandate.pk, "I am still here")
    assert refused["type"] == "message.refused"
    await sync_to_async(reinstate_mandate)(suspended=cast.bilal_mandate, actor=cast.dina)
    assert (await bilal.post(room.pk, cast.bilal_mandate.pk, "Back"))["type"] == "message.saved"
    await amal.leave()
    await bilal.leave()
