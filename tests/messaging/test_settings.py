"""Who is in a room and what it is called: the settings page and the acts behind it."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.actions import (
    RoomArchived,
    add_participant,
    archive_room,
    change_role,
    change_texts,
    remove_participant,
)
from messaging.acts import act_line
from messaging.enums import ParticipantRole
from messaging.models import Participant, Record, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say
from tests.messaging.sockets import Tab


def office(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def nigeria(cast: Cast, room: Room) -> Participant:
    return Participant.objects.current().get(room=room, institution=cast.ng)


def test_chair_lets_in_a_delegation_and_a_person_once(cast: Cast, room: Room) -> None:
    for _ in range(2):
        add_participant(room=room, institution=cast.pl, **office(cast))
        add_participant(room=room, user=cast.bilal, role=ParticipantRole.OBSERVER, **office(cast))
    say(room, cast.chloe, cast.chloe_mandate)
    added = Record.objects.filter(kind="participant.added", actor=cast.dina)
    assert [r.detail.get("user") for r in added] == [None, cast.bilal.pk]
    assert AuditEntry.objects.filter(act="participant.added").count() == 2
    assert verify_rooms() is None


def test_who_does_not_chair_changes_nothing(cast: Cast, room: Room) -> None:
    by_amal: dict[str, Any] = {"actor": cast.amal, "mandate": cast.amal_mandate}
    with pytest.raises(PermissionDenied):
        add_participant(room=room, institution=cast.pl, **by_amal)
    with pytest.raises(PermissionDenied):
        change_role(participant=nigeria(cast, room), role="observer", **by_amal)
    with pytest.raises(PermissionDenied):
        remove_participant(participant=nigeria(cast, room), reason="no", **by_amal)
    with pytest.raises(PermissionDenied):
        change_texts(room=room, titles={"en": "Mine"}, purposes={}, **by_amal)
    assert not Record.objects.filter(actor=cast.amal).exists()


def test_the_office_keeps_its_chair(cast: Cast, room: Room) -> None:
    seat = Participant.objects.get(room=room, office="secretariat")
    with pytest.raises(PermissionDenied):
        change_role(participant=seat, role="member", **office(cast))
    with pytest.raises(PermissionDenied):
        remove_participant(participant=seat, reason="no", **office(cast))


def test_role_is_changed_once_and_said(cast: Cast, room: Room) -> None:
    for _ in range(2):
        change_role(participant=nigeria(cast, room), role="observer", **office(cast))
    record = Record.objects.for_display().get(kind="participant.changed")
    assert (record.detail["before"], record.detail["role"]) == ("member", "observer")
    assert act_line(record) == (
        '<bdi lang="en">Institution NG</bdi>: observer of the room from now on, by decision of '
        "the secretariat (<bdi>Dina</bdi>)."
    )
    with pytest.raises(PermissionDenied):
        say(room, cast.bilal, cast.bilal_mandate)


def test_who_is_taken_out_is_told_with_the_reason(cast: Cast, room: Room) -> None:
    participant = nigeria(cast, room)
    for _ in range(2):
        remove_participant(participant=participant, reason="<b>Left</b>", **office(cast))
    record = Record.objects.for_display().get(kind="participant.removed")
    assert record.text == "<b>Left</b>"
    reason = "Reason: <bdi>&lt;b&gt;Left&lt;/b&gt;</bdi>"
    assert act_line(record).endswith(f'<span data-reason="{record.seq}">{reason}</span>')
    assert verify_rooms() is None


def test_texts_are_changed_once_and_not_in_the_archive(cast: Cast, room: Room) -> None:
    texts: dict[str, Any] = {"titles": {"en": "New"}, "purposes": {"fr": "But"}}
    for _ in range(2):
        change_texts(room=room, **texts, **office(cast))
    assert Record.objects.filter(kind="room.changed").count() == 1
    archive_room(room=room, **office(cast))
    with pytest.raises(RoomArchived):
        change_texts(room=room, titles={"en": "Newer"}, purposes={}, **office(cast))


def test_pages_are_for_those_who_run_the_room(cast: Cast, room: Room) -> None:
    participant = nigeria(cast, room)
    addresses = ("settings/", f"participants/{participant.pk}/")
    for user, status in ((cast.chloe, 404), (cast.amal, 403), (cast.dina, 200)):
        for address in addresses:
            page = signed_in(user).get(f"/en/rooms/{room.pk}/{address}")
            assert page.status_code == status, (user, address)
    seat = Participant.objects.get(room=room, office="secretariat")
    page = signed_in(cast.dina).get(f"/en/rooms/{room.pk}/participants/{seat.pk}/")
    assert page.status_code == 404


def test_forms_do_what_they_say_and_lose_nothing(cast: Cast, room: Room) -> None:
    dina, base = signed_in(cast.dina), f"/en/rooms/{room.pk}"
    assert dina.post(f"{base}/state/", {"act": "lock"}).status_code == 302
    assert dina.post(f"{base}/state/", {"act": "slow", "seconds": "30"}).status_code == 302
    assert dina.post(f"{base}/state/", {"act": "slow", "seconds": "7"}).status_code == 422
    page = dina.post(f"{base}/settings/", {"title_fr": "", "purpose_fr": "Un but"})
    assert (page.status_code, "Un but" in page.content.decode()) == (422, True)
    texts = {"title_ar": "غرفة\u202e", "title_en": "Room"}
    assert dina.post(f"{base}/settings/", texts).status_code == 302
    who = {"who": f"i{cast.pl.pk}", "role": "member"}
    assert dina.post(f"{base}/participants/", who).status_code == 302
    assert dina.post(f"{base}/participants/", who).status_code == 422  # there already
    one = f"{base}/participants/{nigeria(cast, room).pk}/"
    assert dina.post(one, {"role": "chair"}).status_code == 302
    assert dina.post(f"{one}removal/", {"reason": " "}).status_code == 422
    assert dina.post(f"{one}removal/", {"reason": "By their wish"}).status_code == 302
    assert dina.post(one, {"role": "chair"}).status_code == 404
    room.refresh_from_db()
    assert room.state == {"is_locked": True, "slow_seconds": 30, "is_archived": False}
    assert room.titles == {"ar": "غرفة", "en": "Room"}
    assert dina.post(f"{base}/state/", {"act": "archive"}).status_code == 302
    assert dina.post(f"{base}/settings/", {"title_en": "Other"}).status_code == 302
    room.refresh_from_db()
    assert room.titles["en"] == "Room"


def test_a_chair_that_leaves_comes_to_the_list_of_rooms(cast: Cast, room: Room) -> None:
    own = Participant.objects.get(room=room, institution=cast.kr)
    change_role(participant=own, role="chair", **office(cast))
    done = signed_in(cast.amal).post(
        f"/en/rooms/{room.pk}/participants/{own.pk}/removal/", {"reason": "Done"}
    )
    assert done["Location"] == "/en/rooms/"


def test_more_participants_cost_no_more_queries(cast: Cast, room: Room) -> None:
    dina = signed_in(cast.dina)
    for address in ("settings/", "standing"):
        counts = []
        for number in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                dina.get(f"/en/rooms/{room.pk}/{address}")
            counts.append(len(queries))
            for each in range(3):
                user = make_user(f"{address[:3]}{number}{each}")
                make_mandate(user, cast.pl)
                add_participant(room=room, user=user, **office(cast))
        assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tidy_threads")
async def test_open_sockets_gain_and_lose_a_voice_within_a_second(transactional_db: None) -> None:
    cast = await sync_to_async(Cast)()
    room = await sync_to_async(make_room)(cast)
    bilal = await Tab.open(cast.bilal)
    assert (await bilal.enter(room.pk))["type"] == "room.entered"
    participant = await sync_to_async(nigeria)(cast, room)
    async with asyncio.timeout(2):
        await sync_to_async(change_role)(participant=participant, role="observer", **office(cast))
        assert (await bilal.post(room.pk, cast.bilal_mandate.pk, "no"))["status"] == 403
        await sync_to_async(change_role)(participant=participant, role="member", **office(cast))
        assert (await bilal.post(room.pk, cast.bilal_mandate.pk, "yes"))["type"] == "message.saved"
        await sync_to_async(remove_participant)(
            participant=participant, reason="Done", **office(cast)
        )
        assert (await bilal.hear("room.closed"))["room"] == room.pk
    await bilal.leave()
