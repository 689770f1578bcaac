"""Web push: how a message is sealed and handed over, whom it is for, and what it says."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from datetime import time as hour
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from asgiref.sync import sync_to_async
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.people import end_sessions
from members.models import User
from messaging import push, tasks_news, watching
from messaging.actions import (
    add_device,
    edit_message,
    gather_pushes,
    mark_read,
    open_room,
    remove_participant,
    set_level,
)
from messaging.enums import Level, ParticipantRole, RoomKind
from messaging.models import Participant, PushDevice, Room
from tests.factories import Cast
from tests.messaging.conftest import say
from tests.messaging.news import call_upon, choose, jobs
from tests.messaging.push_service import Browser, Service, claims_of, decoded, push_service

PUSH = "messaging.push_news"


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    settings.DEBUG = True  # this machine is let in
    with push_service() as running:
        yield running


@pytest.fixture
def phone() -> Browser:
    return Browser()


class Device:
    def __init__(self, phone: Browser, endpoint: str) -> None:
        self.endpoint, self.p256dh, self.auth = endpoint, phone.p256dh, phone.auth


# --- Sealed and signed ----------------------------------------------------------------------------


def test_what_is_sent_is_read_by_that_browser_alone(service: Service, phone: Browser) -> None:
    endpoint = f"{service.url}/push/abc?x=1"
    push.send_push(Device(phone, endpoint), {"title": "فريق"}, ttl=60, topic="room")
    [(path, headers, body)] = service.got
    assert path == "/push/abc?x=1"
    assert json.loads(phone.read(body)) == {"title": "فريق"}
    assert (headers["Content-Encoding"], headers["TTL"], headers["Topic"]) == (
        "aes128gcm",
        "60",
        "room",
    )
    with pytest.raises(InvalidTag):
        Browser().read(body)
    claims, key = claims_of(headers["Authorization"])
    assert key == push.public_key()
    assert len(decoded(key)) == 65
    assert claims["aud"] == service.url
    assert time.time() < claims["exp"] <= time.time() + 24 * 60 * 60
    assert claims["sub"].startswith(("mailto:", "http"))


def test_every_message_has_a_seal_of_its_own(phone: Browser) -> None:
    one, two = (push.encrypted(b"same", phone.p256dh, phone.auth) for _ in range(2))
    assert one != two
    assert phone.read(one) == phone.read(two) == b"same"
    full = b"x" * push.MOST
    assert phone.read(push.encrypted(full, phone.p256dh, phone.auth)) == full
    with pytest.raises(ValueError, match="too long"):
        push.encrypted(full + b"x", phone.p256dh, phone.auth)


def test_example_of_the_standard() -> None:
    """RFC 8291, 5: what another implementation has sealed, our browser reads."""
    number = int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    phone = Browser(
        ec.derive_private_key(number, ec.SECP256R1()), decoded("BTBZMqHH6r4Tts7J_aSIgg")
    )
    body = decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl"
        "zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert phone.read(body) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_took_it_back_is_gone(service: Service, phone: Browser, status: int) -> None:
    service.status = status
    with pytest.raises(push.Gone):
        push.send_push(Device(phone, f"{service.url}/a"), {}, ttl=1)


@pytest.mark.parametrize("status", [302, 400, 403, 413, 429, 500])
def test_what_the_service_does_not_take_may_be_sent_again(
    service: Service, phone: Browser, status: int
) -> None:
    service.status, service.headers = status, {"Location": f"{service.url}/elsewhere"}
    with pytest.raises(push.PushFailed):
        push.send_push(Device(phone, f"{service.url}/a"), {}, ttl=1)
    assert [path for path, _, _ in service.got] == ["/a"]  # no redirection is followed


def test_service_that_is_away(phone: Browser, settings: Any) -> None:
    settings.DEBUG = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(push.PushFailed):
        push.send_push(Device(phone, f"http://127.0.0.1:{port}/"), {}, ttl=1)


REFUSED = [
    "http://fcm.googleapis.com/fcm/send/a",
    "https://fcm.googleapis.com:8443/a",
    "https://fcm.googleapis.com@10.0.0.1/a",
    "https://user@fcm.googleapis.com/a",
    "https://fcm.googleapis.com.example.org/a",
    "https://evil-fcm.googleapis.com.x/a",
    "https://evilpush.apple.com/a",
    "https://127.0.0.1/a",
    "http://127.0.0.1/a",
    "https://[::1]/a",
    "https://169.254.169.254/latest",
    "https://localhost/a",
    "https://valkey:6379/",
    "https://[/a",
    "https://fcm.googleapis.com:port/a",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("endpoint", REFUSED)
def test_addresses_that_are_none_of_a_push_service_are_refused(
    phone: Browser, endpoint: str
) -> None:
    with pytest.raises(push.PushRefused):
        push.send_push(Device(phone, endpoint), {}, ttl=1)


def test_known_services_are_taken() -> None:
    for host in (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "wns2-par02p.notify.windows.com",
    ):
        assert push.check_endpoint(f"https://{host}/a") == ("https", host, 443)


@pytest.mark.parametrize("name", ["localhost", "10.1.2.3", "::1"])
def test_a_name_that_leads_into_the_house_is_refused(
    phone: Browser, settings: Any, name: str
) -> None:
    settings.PUSH_SERVICES = [name]
    host = f"[{name}]" if ":" in name else name
    with pytest.raises(push.PushRefused, match="out in the world"):
        push.send_push(Device(phone, f"https://{host}/a"), {}, ttl=1)


# --- Who is told ----------------------------------------------------------------------------------


@pytest.fixture
def pair(cast: Cast) -> Room:
    return open_room(
        kind=RoomKind.BILATERAL,
        titles={"en": "Two of us", "ar": "نحن الاثنان"},
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(client: Client, user: User, phone: Browser, endpoint: str) -> PushDevice:
    return add_device(
        user=user,
        session_key=str(client.session.session_key),
        endpoint=endpoint,
        p256dh=phone.p256dh,
        auth=phone.auth,
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
    )


@pytest.fixture
def amal(cast: Cast) -> Client:
    return signed_in(cast.amal)


@pytest.fixture
def device(cast: Cast, amal: Client, phone: Browser, service: Service) -> PushDevice:
    return tell(amal, cast.amal, phone, f"{service.url}/amal")


def send_all() -> None:
    """Do the jobs that wait, once."""
    found = ProcrastinateJob.objects.filter(task_name=PUSH)
    waiting = dict(found.order_by("pk").values_list("pk", "args"))
    for arguments in waiting.values():
        tasks_news.push_news.func(**arguments)
    ProcrastinateJob.objects.filter(pk__in=waiting).update(task_name="done")


def pushed(service: Service, phone: Browser) -> list[dict[str, Any]]:
    """What reaches the browser when the worker looks now."""
    before = len(service.got)
    gather_pushes()
    send_all()
    return [json.loads(phone.read(body)) for _, _, body in service.got[before:]]


def test_message_is_pushed_once_in_the_persons_language(
    cast: Cast, pair: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    cast.amal.language = "ar"
    cast.amal.save()
    message = say(pair, cast.bilal, cast.bilal_mandate, "We meet on **Monday**. " + "x" * 200)
    [said] = pushed(service, phone)
    assert said["title"] == "نحن الاثنان"
    assert said["body"].startswith("Bilal (Institution NG): We meet on Monday. xxx")
    assert said["body"].endswith("x…")
    assert (said["lang"], said["dir"]) == ("ar", "rtl")
    assert said["url"] == f"/ar/rooms/{pair.pk}/at/{message.seq}/"
    [(_, headers, _)] = service.got
    assert headers["Topic"] == said["tag"]
    assert pushed(service, phone) == []


def test_an_edit_that_calls_upon_somebody_is_pushed_once(
    cast: Cast, room: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        message = say(room, cast.bilal, cast.bilal_mandate, "Who comes?")
    assert pushed(service, phone) == []
    at: dict[str, Any] = {"room": room, "seq": message.seq, "actor": cast.bilal}
    edit_message(**at, version=1, body="Who comes, @[Amal]?", client_id=uuid4())
    [said] = pushed(service, phone)
    assert said["url"] == f"/en/rooms/{room.pk}/at/{message.seq}/"
    assert said["body"].startswith("Bilal (Institution NG): Who comes")
    edit_message(**at, version=2, body="Who comes now, @[Amal]?", client_id=uuid4())
    assert pushed(service, phone) == []


def test_a_burst_is_one_push(
    cast: Cast, pair: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    for _ in range(3):
        say(pair, cast.bilal, cast.bilal_mandate)
    [said] = pushed(service, phone)
    assert said["body"] == "3 new messages"


def test_of_a_restricted_room_not_even_the_title_is_said(
    cast: Cast, pair: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    Room.objects.filter(pk=pair.pk).update(is_restricted=True)
    say(pair, cast.bilal, cast.bilal_mandate, "Top secret")
    [said] = pushed(service, phone)
    assert (said["title"], said["body"]) == (
        "Majlis",
        "There is something new in one of your rooms.",
    )
    assert "secret" not in json.dumps(said)


def test_levels_and_quiet_hours_hold(
    cast: Cast, room: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    say(room, cast.bilal, cast.bilal_mandate)
    assert pushed(service, phone) == []
    call_upon(say(room, cast.bilal, cast.bilal_mandate, "Korea?"), cast.amal)
    assert [said["body"] for said in pushed(service, phone)] == ["Bilal (Institution NG): Korea?"]
    choose(cast.amal, quiet_from=hour(0), quiet_until=hour(23, 59))
    call_upon(say(room, cast.bilal, cast.bilal_mandate), cast.amal)
    assert pushed(service, phone) == []
    choose(cast.amal, quiet_from=None, quiet_until=None)
    set_level(room=room, user=cast.amal, level=Level.NOTHING)
    assert pushed(service, phone) == []


def test_own_messages_and_those_that_were_read_are_not_pushed(
    cast: Cast, pair: Room, device: PushDevice, service: Service, phone: Browser
) -> None:
    say(pair, cast.amal, cast.amal_mandate)
    message = say(pair, cast.bilal, cast.bilal_mandate)
    mark_read(room=pair, user=cast.amal, seq=message.seq)
    assert pushed(service, phone) == []


def test_what_was_read_or_closed_meanwhile_is_not_sent(
    cast: Cast, pair: Room, device: PushDevice, service: Service
) -> None:
    message = say(pair, cast.bilal, cast.bilal_mandate)
    assert gather_pushes() == 1
    mark_read(room=pair, user=cast.amal, seq=message.seq)
    send_all()
    say(pair, cast.bilal, cast.bilal_mandate)
    assert gather_pushes() == 1
    remove_participant(participant=Participant.objects.get(room=pair, institution=cast.kr))
    send_all()
    say(pair, cast.bilal, cast.bilal_mandate)
    assert gather_pushes() == 0
    assert service.got == []


def test_old_news_and_those_before_the_device_are_not_pushed(
    cast: Cast, pair: Room, amal: Client, phone: Browser, service: Service
) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    tell(amal, cast.amal, phone, f"{service.url}/amal")
    assert gather_pushes() == 0
    say(pair, cast.bilal, cast.bilal_mandate)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert gather_pushes() == 0


def sign_out(cast: Cast, amal: Client) -> None:
    amal.post("/en/accounts/logout/")


def sign_out_everywhere(cast: Cast, amal: Client) -> None:
    end_sessions(user=cast.amal, actor=cast.amal)
    amal.session.flush()


def other_password(cast: Cast, amal: Client) -> None:
    cast.amal.set_password("another horse battery")
    cast.amal.save()


def no_account(cast: Cast, amal: Client) -> None:
    cast.amal.is_active = False
    cast.amal.save()


@pytest.mark.parametrize("ends", [sign_out, sign_out_everywhere, other_password, no_account])
def test_device_whose_session_ended_is_told_no_more(
    cast: Cast, pair: Room, device: PushDevice, amal: Client, service: Service, ends: Any
) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    assert gather_pushes() == 1
    ends(cast, amal)
    send_all()
    assert service.got == []
    assert not PushDevice.objects.exists()


def test_gone_browser_is_forgotten_and_one_that_fails_is_kept(
    cast: Cast, pair: Room, device: PushDevice, service: Service
) -> None:
    say(pair, cast.bilal, cast.bilal_mandate)
    gather_pushes()
    service.status = 503
    with pytest.raises(push.PushFailed):
        send_all()
    assert PushDevice.objects.exists()
    service.status = 410
    send_all()
    assert not PushDevice.objects.exists()
    assert len(service.got) == 2


def test_costs_the_same_for_one_room_and_three(
    cast: Cast, pair: Room, device: PushDevice, room: Room
) -> None:
    call_upon(say(pair, cast.bilal, cast.bilal_mandate), cast.amal)
    with CaptureQueriesContext(connection) as one:
        assert gather_pushes() == 1
    third = open_room(
        kind=RoomKind.ANNOUNCEMENTS,
        titles={"en": "Third"},
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )
    for each in (pair, room, third):
        call_upon(say(each, cast.bilal, cast.bilal_mandate), cast.amal)
    with CaptureQueriesContext(connection) as three:
        assert gather_pushes() == 3
    assert len(three) == len(one)


# --- The worker hears of it ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_worker_hears_of_a_post_and_defers_the_push(
    monkeypatch: pytest.MonkeyPatch, tidy_threads: None, settings: Any
) -> None:
    monkeypatch.setattr(watching, "PAUSE", 0.2)

    def arrange() -> tuple[Cast, Room]:
        cast = Cast()
        made = open_room(
            kind=RoomKind.BILATERAL,
            titles={"en": "Two"},
            delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
        )
        tell(signed_in(cast.amal), cast.amal, Browser(), "https://fcm.googleapis.com/a")
        return cast, made

    cast, made = await sync_to_async(arrange)()
    watcher = asyncio.create_task(watching.watch())
    try:
        for _ in range(100):
            await sync_to_async(say)(made, cast.bilal, cast.bilal_mandate)
            await asyncio.sleep(0.3)
            if found := await sync_to_async(jobs)(PUSH):
                break
    finally:
        watcher.cancel()
    assert found[0]["room_id"] == made.pk


# --- The page -------------------------------------------------------------------------------------

URL = "/en/settings/notifications/"
JSON = {"headers": {"accept": "application/json"}}
GOOD = "https://fcm.googleapis.com/fcm/send/abc"


def said(phone: Browser, endpoint: str = GOOD) -> dict[str, str]:
    return {"endpoint": endpoint, "p256dh": phone.p256dh, "auth": phone.auth}


def test_browser_is_added_once_listed_and_removed(cast: Cast, amal: Client, phone: Browser) -> None:
    agent = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    for _ in range(2):
        reply = amal.post(f"{URL}devices/", said(phone), **agent)
        assert reply.status_code == 200
    [kept] = PushDevice.objects.of(cast.amal)
    assert (kept.endpoint, kept.session_key) == (GOOD, amal.session.session_key)
    page = amal.get(URL).text
    assert "Firefox, Linux" in page
    assert "this device" in page
    assert f'data-key="{push.public_key()}" data-told' in page
    other = signed_in(cast.amal)
    assert "data-told" not in other.get(URL).text
    bilal = signed_in(cast.bilal)
    bilal.post(f"{URL}devices/removal/", {"endpoint": GOOD}, **JSON)
    bilal.post(f"{URL}devices/removal/", {"device": kept.pk})
    assert PushDevice.objects.of(cast.amal).exists()
    response = amal.post(f"{URL}devices/removal/", {"device": kept.pk}, follow=True)
    assert "That device is told no more." in response.text
    assert not PushDevice.objects.exists()
    amal.post(f"{URL}devices/", said(phone))
    assert amal.post(f"{URL}devices/removal/", {"endpoint": GOOD}, **JSON).json() == {"status": 200}
    assert not PushDevice.objects.exists()


def test_browser_of_the_next_person_is_theirs(cast: Cast, amal: Client, phone: Browser) -> None:
    amal.post(f"{URL}devices/", said(phone))
    signed_in(cast.bilal).post(f"{URL}devices/", said(phone))
    assert [kept.user for kept in PushDevice.objects.all()] == [cast.bilal]


def test_a_person_has_ten_devices_at_the_most(cast: Cast, amal: Client, phone: Browser) -> None:
    for number in range(12):
        amal.post(f"{URL}devices/", said(phone, f"{GOOD}/{number}"))
    kept = PushDevice.objects.of(cast.amal)
    assert [each.endpoint for each in kept] == [f"{GOOD}/{number}" for number in range(11, 1, -1)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://valkey:6379/"},
        {"endpoint": ""},
        {"endpoint": GOOD + "x" * 1000},
        {"p256dh": "AAAA"},
        {"p256dh": "ü"},
        {"auth": "AAAA"},
        {"auth": ""},
    ],
)
def test_what_no_browser_says_is_refused(
    cast: Cast, amal: Client, phone: Browser, wrong: dict[str, str]
) -> None:
    reply = amal.post(f"{URL}devices/", {**said(phone), **wrong})
    assert reply.status_code == 422
    assert reply.json()["reason"]
    assert not PushDevice.objects.exists()


def test_without_a_key_there_are_no_pushes(
    cast: Cast, pair: Room, device: PushDevice, amal: Client, settings: Any, service: Service
) -> None:
    settings.VAPID_KEY = ""
    assert "Pushes are not set up in this portal." in amal.get(URL).text
    assert amal.post(f"{URL}devices/", said(Browser())).status_code == 404
    say(pair, cast.bilal, cast.bilal_mandate)
    gather_pushes()
    send_all()
    assert service.got == []


def test_worker_script_shows_what_is_pushed(client: Client, db: None) -> None:
    script = client.get("/sw.js").text
    assert 'self.addEventListener("push"' in script
    assert 'self.addEventListener("notificationclick"' in script
