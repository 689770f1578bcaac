"""Translations beside a message, its language, and a machine's help: never in its place."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from members.models import User
from messaging import machine
from messaging.actions import (
    MessageGone,
    TranslatedByAnother,
    attach_translation,
    change_role,
    correct_language,
    delete_message,
    edit_message,
    lock_to_chairs,
    remove_translation,
    restrict_room,
)
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Message, Participant, Record, Room, Translation
from messaging.rendering import render_records
from messaging.verification import verify_rooms
from portal.checks import check_translation
from tests.factories import Cast
from tests.messaging.conftest import say


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, "Good morning to all of you")


def attach(message: Message, actor: User, mandate: Any, **more: Any) -> Translation:
    values = {"language": "fr", "kind": "courtesy", "text": "Bonjour à tous", **more}
    return attach_translation(
        room=message.room, seq=message.seq, actor=actor, mandate=mandate, **values
    )


def html_of(message: Message, language: str = "en") -> str:
    record = Record.objects.after(message.room_id, message.seq - 1, 1)
    return str(render_records(record, language)[0]["html"])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("صباح الخير", "ar"),
        ("Good morning to you", "en"),
        ("Bonjour à tous, merci", "fr"),
        ("7", ""),
    ],
)
def test_a_message_carries_its_language(cast: Cast, room: Room, body: str, language: str) -> None:
    message = say(room, cast.amal, cast.amal_mandate, body)
    message.refresh_from_db()
    assert message.language == language
    stands = f'class="message__body" lang="{language}"' if language else 'class="message__body">'
    assert stands in html_of(message)


def test_the_language_is_corrected_by_the_author_or_the_chair(cast: Cast, said: Message) -> None:
    def correct(actor: User, language: str = "fr") -> Message:
        return correct_language(room=said.room, seq=said.seq, language=language, actor=actor)

    with pytest.raises(PermissionDenied):
        correct(cast.bilal)
    with pytest.raises(Http404):
        correct(cast.chloe)
    correct(cast.amal)
    correct(cast.amal)
    [record] = Record.objects.filter(kind=RecordKind.LANGUAGE_CORRECTED)
    assert (record.message, record.detail) == (said, {"language": "fr"})
    assert correct(cast.dina, "ar").language == "ar"
    edit_message(
        room=said.room,
        seq=said.seq,
        version=1,
        body="Good evening to all of you",
        client_id=uuid4(),
        actor=cast.amal,
    )
    said.refresh_from_db()
    assert said.language == "ar"  # it was corrected: what is told of the text counts no more
    assert verify_rooms() is None


def test_an_edit_is_told_anew(cast: Cast, said: Message) -> None:
    body = "Bonjour à vous tous et merci"
    edit_message(
        room=said.room, seq=said.seq, version=1, body=body, client_id=uuid4(), actor=cast.amal
    )
    said.refresh_from_db()
    assert said.language == "fr"


def test_a_courtesy_by_whoever_may_write_and_an_official_one_by_who_spoke(
    cast: Cast, said: Message
) -> None:
    courtesy = attach(said, cast.bilal, cast.bilal_mandate)
    with pytest.raises(PermissionDenied):
        attach(said, cast.bilal, cast.bilal_mandate, kind="official")
    with pytest.raises(PermissionDenied):
        attach(said, cast.bilal, cast.amal_mandate)
    with pytest.raises(Http404):
        attach(said, cast.chloe, cast.chloe_mandate)
    official = attach(said, cast.amal, cast.amal_mandate, kind="official", text="Bonjour")
    of_office = attach(said, cast.dina, cast.dina_mandate, kind="official", language="ar")
    assert list(Translation.objects.of(said)) == [courtesy, official, of_office]
    said.refresh_from_db()
    assert (said.body, said.translation_count) == ("Good morning to all of you", 3)
    records = Record.objects.filter(kind=RecordKind.TRANSLATION_ATTACHED).order_by("seq")
    assert [(r.text, r.detail) for r in records] == [
        ("Bonjour à tous", {"language": "fr", "kind": "courtesy", "version": 1}),
        ("Bonjour", {"language": "fr", "kind": "official", "version": 1}),
        ("Bonjour à tous", {"language": "ar", "kind": "official", "version": 1}),
    ]
    html = html_of(said)
    assert html.count("<details") == 3
    assert "Courtesy translation: French" in html
    assert "Official translation: Arabic" in html
    assert verify_rooms() is None


def test_again_is_no_new_act_and_another_text_replaces_ones_own(cast: Cast, said: Message) -> None:
    first = attach(said, cast.bilal, cast.bilal_mandate)
    assert attach(said, cast.bilal, cast.bilal_mandate) == first
    second = attach(said, cast.bilal, cast.bilal_mandate, text="Bonjour à toutes et à tous")
    with pytest.raises(TranslatedByAnother) as refused:
        attach(said, cast.amal, cast.amal_mandate)
    assert refused.value.standing == second
    assert list(Translation.objects.of(said)) == [second]
    assert Record.objects.filter(kind=RecordKind.TRANSLATION_ATTACHED).count() == 2
    assert verify_rooms() is None


def test_it_is_removed_by_who_attached_it_or_the_chair(cast: Cast, said: Message) -> None:
    translation = attach(said, cast.bilal, cast.bilal_mandate)
    with pytest.raises(PermissionDenied):
        remove_translation(translation=translation, actor=cast.amal)
    for _ in range(2):
        remove_translation(translation=translation, actor=cast.bilal)
    other = attach(said, cast.bilal, cast.bilal_mandate)
    remove_translation(translation=other, actor=cast.dina)
    assert Record.objects.filter(kind=RecordKind.TRANSLATION_REMOVED).count() == 2
    said.refresh_from_db()
    assert said.translation_count == 0
    assert verify_rooms() is None


def test_none_where_one_may_not_write_and_none_of_what_was_deleted(
    cast: Cast, said: Message
) -> None:
    attach(said, cast.bilal, cast.bilal_mandate)
    lock_to_chairs(room=said.room, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        attach(said, cast.bilal, cast.bilal_mandate, text="Salut")
    delete_message(room=said.room, seq=said.seq, reason="Wrong room", actor=cast.dina)
    with pytest.raises(MessageGone):
        attach(said, cast.dina, cast.dina_mandate)
    assert not Translation.objects.exists()
    assert "Bonjour" not in html_of(said)
    assert verify_rooms() is None


def test_an_observer_attaches_none(cast: Cast, said: Message) -> None:
    [participant] = Participant.objects.filter(institution=cast.ng)
    change_role(
        participant=participant,
        role=ParticipantRole.OBSERVER,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    with pytest.raises(PermissionDenied):
        attach(said, cast.bilal, cast.bilal_mandate)


@pytest.mark.parametrize("number", [1, 3])
def test_messages_with_translations_cost_one_query_more(
    cast: Cast, room: Room, number: int, django_assert_num_queries: Any
) -> None:
    head = Room.objects.get(pk=room.pk).head_seq
    for _ in range(number):
        message = say(room, cast.amal, cast.amal_mandate)
    Record.objects.after(room.pk, head, 10)  # compiled
    with django_assert_num_queries(1):
        render_records(Record.objects.after(room.pk, head, 10), "en")
    for message in Message.objects.filter(room=room):
        attach(message, cast.bilal, cast.bilal_mandate)
    with django_assert_num_queries(2):
        rendered = render_records(Record.objects.after(room.pk, head, 10), "en")
    assert "Bonjour" in rendered[0]["html"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE messaging_translation SET text = 'Au revoir'", "another translation"),
        ("DELETE FROM messaging_translation", "has or lacks a translation"),
    ],
)
def test_what_no_record_says_is_found(
    cast: Cast, said: Message, statement: str, expected: str
) -> None:
    from django.db import connection  # noqa: PLC0415

    attach(said, cast.bilal, cast.bilal_mandate)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    fault = verify_rooms()
    assert fault
    assert expected in str(fault)


def test_the_page_offers_what_one_may_and_keeps_what_was_refused(cast: Cast, said: Message) -> None:
    address = f"/en/rooms/{said.room_id}/messages/{said.seq}/translations/"
    amal, bilal = signed_in(cast.amal), signed_in(cast.bilal)
    values = {"language": "fr", "kind": "official", "text": "Bonjour à tous"}
    refused = bilal.post(f"{address}new/", values)
    assert refused.status_code == 422
    assert "Bonjour à tous" in refused.content.decode()
    assert amal.post(f"{address}new/", values | {"text": " "}).status_code == 422
    assert amal.post(f"{address}new/", values).status_code == 302
    page = amal.get(address).content.decode()
    assert "Official translation: French" in page
    assert "Remove this translation" in page
    assert "Remove this translation" not in bilal.get(address).content.decode()
    bilal.post(f"{address}new/", values | {"kind": "courtesy"})
    taken = amal.post(f"{address}new/", values | {"kind": "courtesy"})
    assert taken.status_code == 409
    assert "Bilal attached one" in taken.content.decode()
    assert signed_in(cast.chloe).get(address).status_code == 404
    assert "Translation by a machine" not in page  # no service is named


# --- A machine ----------------------------------------------------------------------------------


class Service(ThreadingHTTPServer):
    """Speaks as LibreTranslate does. `asked` is what it was asked, `fails` how it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.fails: tuple[int, bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        assert self.path == "/translate"
        values = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(values)
        text = f"[{values['source']}>{values['target']}] <b>{values['q']}</b>"
        status, body = self.server.fails or (200, json.dumps({"translatedText": text}).encode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    cache.clear()
    server = Service()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.TRANSLATION_URL = server.url
    settings.TRANSLATION_KEY = "a key"
    yield server
    server.shutdown()
    server.server_close()


def ask(client: Client, message: Message, language: str = "fr") -> Any:
    address = f"/{language}/rooms/{message.room_id}/messages/{message.seq}/translations/machine/"
    return client.post(address)


def test_a_machine_is_asked_once_and_labelled(cast: Cast, said: Message, service: Service) -> None:
    client = signed_in(cast.bilal)
    answers = [ask(client, said).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["language"] == "fr"
    assert "LibreTranslate" in answers[0]["label"]
    assert answers[0]["html"] == (
        '<p dir="auto">[en&gt;fr] &lt;b&gt;Good morning to all of you&lt;/b&gt;</p>'
    )
    assert service.asked == [
        {
            "q": "Good morning to all of you",
            "source": "en",
            "target": "fr",
            "format": "text",
            "api_key": "a key",
        }
    ]
    said.refresh_from_db()
    assert said.body == "Good morning to all of you"
    page = client.get(
        f"/en/rooms/{said.room_id}/messages/{said.seq}/translations/?machine=fr"
    ).content.decode()
    assert "[en&gt;fr]" in page
    machine.forget(said)
    ask(client, said)
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    "fails", [(500, b"{}"), (200, b"no JSON"), (200, b"[]"), (200, b'{"translatedText": 7}')]
)
def test_a_service_that_fails_is_told_and_asked_again(
    cast: Cast, said: Message, service: Service, fails: tuple[int, bytes]
) -> None:
    client = signed_in(cast.bilal)
    service.fails = fails
    refused = ask(client, said, "en")
    assert refused.status_code == 503
    assert refused.json() == {"reason": "The translation service does not answer. Try again later."}
    service.fails = None
    assert ask(client, said, "en").status_code == 200


def test_who_may_not_read_gets_none_and_a_deleted_message_is_not_sent(
    cast: Cast, said: Message, service: Service
) -> None:
    assert ask(signed_in(cast.chloe), said).status_code == 404
    delete_message(room=said.room, seq=said.seq, reason="", actor=cast.amal)
    assert ask(signed_in(cast.bilal), said).status_code == 404
    assert service.asked == []


def test_nothing_of_a_restricted_room_is_sent(cast: Cast, said: Message, service: Service) -> None:
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    restrict_room(room=said.room, is_restricted=True, **by_dina)
    client = signed_in(cast.bilal)
    assert ask(client, said).status_code == 404
    page = client.get(f"/en/rooms/{said.room_id}/messages/{said.seq}/translations/?machine=fr")
    assert "Translation by a machine" not in page.content.decode()
    assert service.asked == []


def test_one_person_asks_for_so_many_a_minute(
    cast: Cast, said: Message, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "PER_MINUTE", 0)
    assert ask(signed_in(cast.bilal), said).status_code == 429


def test_nothing_is_offered_without_a_service(cast: Cast, said: Message) -> None:
    assert ask(signed_in(cast.bilal), said).status_code == 404
    page = signed_in(cast.bilal).get(f"/en/rooms/{said.room_id}/")
    assert json.loads(page.context["client"])["translates"] is False


@pytest.mark.parametrize(
    ("url", "faults"),
    [
        ("", 0),
        ("https://translate.example.org", 0),
        ("http://127.0.0.1:5000", 0),
        ("http://translate.example.org", 1),
        ("file:///etc/passwd", 1),
    ],
)
def test_an_address_in_the_clear_is_refused(settings: Any, url: str, faults: int) -> None:
    settings.TRANSLATION_URL = url
    assert len(check_translation()) == faults
