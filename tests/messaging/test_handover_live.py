"""The presidency passes at its moment on open sockets too, though nobody says a word."""

from datetime import datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from members.actions.handovers import cancel_handover, schedule_handover
from members.models import Handover
from messaging import throttle
from messaging.models import Room
from tests.factories import Cast
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab
from tests.messaging.test_socket import bus_is_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]


@pytest.fixture
def scene(transactional_db: None) -> tuple[Cast, Room]:
    throttle._buckets.clear()
    cast = Cast()
    return cast, make_room(cast)


def schedule(cast: Cast, moment: datetime) -> Handover:
    return schedule_handover(
        institution=cast.pl,
        takes_effect_at=moment,
        ending=[],
        beginning=[cast.chloe],
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


async def test_the_old_office_is_out_within_a_second_and_the_new_one_may_enter(
    scene: tuple[Cast, Room],
) -> None:
    cast, room = scene
    dina, chloe, amal = [await Tab.open(user) for user in (cast.dina, cast.chloe, cast.amal)]
    for tab in (dina, amal):
        assert (await tab.enter(room.pk))["type"] == "room.entered"
    await bus_is_up()
    moment = timezone.now() + timedelta(seconds=2)
    await sync_to_async(schedule)(cast, moment)
    assert (await chloe.enter(room.pk))["type"] == "error"
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "before")
    await dina.hear("room.records")
    assert timezone.now() < moment
    assert (await dina.hear("room.closed"))["room"] == room.pk
    assert moment <= timezone.now() < moment + timedelta(seconds=1)
    assert (await chloe.enter(room.pk))["type"] == "room.entered"
    refused = await dina.post(room.pk, cast.dina_mandate.pk, "I am still here")
    assert refused["type"] == "message.refused"
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "after")
    await chloe.hear("room.records")
    for tab in (dina, chloe, amal):
        await tab.leave()


async def test_one_that_was_taken_back_closes_nothing(scene: tuple[Cast, Room]) -> None:
    cast, room = scene
    dina = await Tab.open(cast.dina)
    await dina.enter(room.pk)
    await bus_is_up()
    moment = timezone.now() + timedelta(seconds=1.5)
    handover = await sync_to_async(schedule)(cast, moment)
    await sync_to_async(cancel_handover)(handover=handover, reason="No.", actor=cast.dina)
    await dina.silence(2.5)
    await sync_to_async(say)(room, cast.amal, cast.amal_mandate, "after")
    await dina.hear("room.records")
    await dina.leave()
