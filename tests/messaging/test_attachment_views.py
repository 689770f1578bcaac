"""Files over HTTP: kept with JSON or with the form, shown, handed out, found, and transcribed."""

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from majlis_verify import verify
from members.models import Mandate, User
from messaging import actions, commands, throttle
from messaging.actions import archive_room, delete_message
from messaging.models import Attachment, Message, Room, Transcript
from messaging.rendering import render_records
from messaging.transcripts.signing import known_keys
from portal.proofs import fault_in_words
from records.storage import path_of
from tests.factories import Cast
from tests.files import PDF, image, located_photo, office
from tests.messaging.conftest import make_room, say
from tests.messaging.test_attachments import attach, send

ARABIC = "رسالة النوايا.pdf"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def amal(cast: Cast) -> Client:
    return signed_in(cast.amal)


@pytest.fixture
def bilal(cast: Cast) -> Client:
    return signed_in(cast.bilal)


def sent(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def keep(client: Client, room: Room, *, content: bytes = PDF, name: str = "letter.pdf") -> Any:
    return client.post(f"/en/rooms/{room.pk}/files/", {"file": sent(name, content)})


def form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"body": "", "client_id": uuid4(), "mandate": cast.amal_mandate.pk, **more}


def body(response: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return async_to_sync(whole)()


# --- Kept by itself -----------------------------------------------------------------------------


def test_a_file_is_kept_and_described(amal: Client, room: Room) -> None:
    answer = keep(amal, room, content=image(), name="../‮gnp.view.png")
    kept = Attachment.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "type": "file.kept",
        "room": room.pk,
        "file": {
            "id": kept.pk,
            "name": "gnp.view.png",
            "size": kept.file.size,
            "type": "image/png",
            "url": f"/en/rooms/{room.pk}/files/{kept.pk}/",
            "preview": f"/en/rooms/{room.pk}/files/{kept.pk}/preview/",
        },
    }


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.pdf", "This file is empty."),
        (b"<svg onload=alert(1)>", "a.svg", "This kind of file cannot be kept: send PDF, PNG"),
        (b"<script>alert(1)</script>", "a.pdf", "This file is named PDF, but its content is"),
        (b"MZ" + b"\0" * 99, "a.exe", "This kind of file cannot be kept"),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docm", "This document holds mac"),
        (image("JPEG", (400, 400))[:-300], "a.jpg", "This image is damaged and cannot be read."),
        (image("PNG", (900, 900))[:-40] + image()[-12:], "a.png", "This image is damaged"),
        (b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024), "a.pdf", "This file has 10.0"),
    ],
)
def test_what_cannot_be_kept_says_why(
    amal: Client, room: Room, content: bytes, name: str, reason: str
) -> None:
    answer = keep(amal, room, content=content, name=name)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert answer.json()["reason"].replace("\xa0", " ").startswith(reason)
    assert not Attachment.objects.exists()


def test_nothing_at_all_is_refused(amal: Client, room: Room) -> None:
    answer = amal.post(f"/en/rooms/{room.pk}/files/", {"file": "letter.pdf"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "Choose a file first.")


def test_who_may_not_write_keeps_nothing(cast: Cast, amal: Client, room: Room) -> None:
    strange = keep(signed_in(cast.chloe), room)
    assert (strange.status_code, strange.json()["code"]) == (404, "not_found")
    Mandate.objects.filter(pk=cast.bilal_mandate.pk).update(capacity="observer")
    observing = keep(signed_in(cast.bilal), room)
    assert (observing.status_code, observing.json()["code"]) == (403, "read_only")
    assert Client().post(f"/en/rooms/{room.pk}/files/").status_code == 302
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    shut = keep(amal, room)
    assert (shut.status_code, shut.json()["code"]) == (403, "archived")
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("one_moment")
def test_who_attaches_very_many_is_held(amal: Client, room: Room, settings: Any) -> None:
    settings.FILES_PER_HOUR = 2
    assert [keep(amal, room).status_code for _ in range(3)] == [200, 200, 429]
    settings.FILES_PER_HOUR, settings.ROOM_FILES_SIZE = 9, 1
    full = keep(amal, room)
    assert (full.status_code, full.json()["code"]) == (409, "no_space")


def test_a_waiting_file_is_taken_back(amal: Client, bilal: Client, room: Room) -> None:
    address = keep(amal, room).json()["file"]["url"] + "removal/"
    assert bilal.post(address).status_code == 404
    assert amal.post(address).json()["type"] == "file.removed"
    assert amal.post(address).status_code == 404
    assert not Attachment.objects.exists()


# --- With the message ---------------------------------------------------------------------------


def test_a_message_goes_with_its_files_by_socket_and_by_form_alike(
    cast: Cast, amal: Client, room: Room
) -> None:
    one, two = (keep(amal, room).json()["file"]["id"] for _ in range(2))
    posted = {"room": room.pk, "mandate": cast.amal_mandate.pk, "client_id": str(uuid4())}
    reply = commands.post(cast.amal, {**posted, "body": "", "files": [two, one]})
    assert reply["type"] == "message.saved"
    address = f"/en/rooms/{room.pk}/messages/"
    again = {**posted, "body": "", "files": f"{two},{one}"}
    json_only = {"headers": {"accept": "application/json"}}
    assert amal.post(address, again, **json_only).json() == reply
    other = amal.post(address, {**again, "files": f"{one},{two}"}, **json_only)
    assert (other.status_code, other.json()["code"]) == (409, "client_id_reused")
    missing = amal.post(address, {**again, "client_id": uuid4(), "files": f"{one},9"}, **json_only)
    assert (missing.status_code, missing.json()["code"]) == (422, "files_missing")
    assert missing.json()["files"] == [one, 9]


@pytest.mark.parametrize(
    "files",
    [[0], [True], ["x"], [1, 1], [2**60], "1,,2", "1;2", {"a": 1}, 5, [[1]], list(range(1, 12))],
)
def test_nonsense_for_files_is_refused(cast: Cast, room: Room, files: Any) -> None:
    said = {"room": room.pk, "mandate": cast.amal_mandate.pk, "client_id": str(uuid4())}
    reply = commands.post(cast.amal, {**said, "body": "x", "files": files})
    assert (reply["status"], reply["code"]) == (422, "invalid")
    assert not Message.objects.exists()


def test_without_a_script_files_come_with_the_form(cast: Cast, amal: Client, room: Room) -> None:
    address = f"/en/rooms/{room.pk}/messages/"
    page = amal.get(f"/en/rooms/{room.pk}/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert '<input type="file" id="uploads" name="uploads" multiple' in page
    posted = amal.post(address, form(cast, uploads=[sent(ARABIC), sent("view.png", image())]))
    assert posted.status_code == 302
    assert [each.name for each in Message.objects.get().files.all()] == [ARABIC, "view.png"]


def test_without_a_script_a_refusal_keeps_what_was_typed_and_what_came(
    cast: Cast, amal: Client, room: Room
) -> None:
    address = f"/en/rooms/{room.pk}/messages/"
    refused = amal.post(
        address, form(cast, body="See this", uploads=[sent(ARABIC), sent("<b>.exe", b"MZ")])
    )
    assert refused.status_code == 422
    assert not Message.objects.exists()
    kept = Attachment.objects.get()
    page = refused.content.decode()
    assert f'name="files" value="{kept.pk}" checked' in page
    assert "See this</textarea>" in page
    assert "<bdi>&lt;b&gt;.exe</bdi>: This kind of file cannot be kept" in page
    assert amal.post(address, form(cast, files=[kept.pk])).status_code == 302
    assert Message.objects.get().files.get() == kept

    nothing = amal.post(address, form(cast))
    assert nothing.status_code == 422
    assert "Write something first." in nothing.content.decode()
    many = amal.post(address, form(cast, uploads=[sent(f"{n}.pdf") for n in range(11)]))
    assert many.status_code == 422
    assert many.content.decode().count('name="files" value=') == 11
    assert "At most 10 files go with one message." in many.content.decode()
    strange = amal.post(address, form(cast, body="x", files=["nonsense", "²", "9" * 40]))
    assert strange.status_code == 422


# --- Shown and handed out -----------------------------------------------------------------------


def test_a_message_shows_its_files_to_all_alike_and_none_once_deleted(
    cast: Cast, amal: Client, bilal: Client, room: Room
) -> None:
    letter = attach(room, cast.amal, name="<i>&\u202e.pdf")
    message = send(room, cast.amal, cast.amal_mandate, letter, attach(room, cast.amal, image()))
    [*_, record] = actions.records.Record.objects.after(room.pk, 0, 50)
    live = render_records([record], "en")[0]["html"]
    for html in (live, bilal.get(f"/en/rooms/{room.pk}/").content.decode()):
        assert "<bdi>&lt;i&gt;&amp;.pdf</bdi>" in html
        assert f'src="/en/rooms/{room.pk}/files/' in html
        assert 'width="40" height="30"' in html
    delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    [*_, record] = actions.records.Record.objects.after(room.pk, 0, 50)
    for html in (
        render_records([record], "en")[0]["html"],
        bilal.get(f"/en/rooms/{room.pk}/").content.decode().split("data-timeline")[1],
    ):
        assert "&lt;i&gt;" not in html.split("</ol>")[0]
        assert "/files/" not in html.split("</ol>")[0]
    for client in (amal, bilal, signed_in(cast.dina)):
        assert client.get(f"/en/rooms/{room.pk}/files/{letter.pk}/").status_code == 404


def test_a_page_costs_the_same_with_one_message_with_files_and_with_three(
    cast: Cast, amal: Client, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def one_more() -> None:
        files = [attach(room, cast.amal, image(), f"{n}.png") for n in range(2)]
        send(room, cast.amal, cast.amal_mandate, *files)

    one_more()
    addresses = (f"/en/rooms/{room.pk}/", f"/en/rooms/{room.pk}/sync?after=0",
                 "/en/rooms/search/?with_files=on")  # fmt: skip
    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as one:
            assert amal.get(address).status_code == 200
        counts.append(len(one))
    one_more()
    one_more()
    for address, count in zip(addresses, counts, strict=True):
        with django_assert_num_queries(count):
            amal.get(address)


def test_pictures_and_pdfs_are_opened_and_all_else_is_kept(
    cast: Cast, bilal: Client, room: Room
) -> None:
    files = (attach(room, cast.amal, PDF, ARABIC), attach(room, cast.amal, image(), "view.png"),
             attach(room, cast.amal, office(), "تقرير.docx"))  # fmt: skip
    send(room, cast.amal, cast.amal_mandate, *files)
    answers = [bilal.get(f"/en/rooms/{room.pk}/files/{each.pk}/") for each in files]
    assert [a["Content-Type"] for a in answers] == [
        "application/pdf",
        "image/png",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
    encoded = "%D8%B1%D8%B3%D8%A7%D9%84%D8%A9%20%D8%A7%D9%84%D9%86%D9%88%D8%A7%D9%8A%D8%A7.pdf"
    assert answers[0]["Content-Disposition"] == f"inline; filename*=utf-8''{encoded}"
    assert answers[1]["Content-Disposition"] == 'inline; filename="view.png"'
    assert answers[2]["Content-Disposition"].startswith("attachment; filename*=utf-8''%D8%AA")
    for answer, file in zip(answers, files, strict=True):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store, private"
        assert "script" not in answer["Content-Security-Policy"]
        assert answer["Content-Security-Policy"].count("default-src 'none'") == 1
        assert body(answer) == path_of(file.file.sha256).read_bytes()
    assert "sandbox" in answers[1]["Content-Security-Policy"]
    assert "sandbox" in answers[2]["Content-Security-Policy"]


def test_a_preview_is_small_and_knows_nothing_of_the_camera(
    cast: Cast, bilal: Client, room: Room, tmp_path: Any
) -> None:
    photo = attach(room, cast.amal, located_photo(), "photo.jpg")
    tall = attach(room, cast.amal, image("PNG", (100, 4000)), "tall.png")
    letter = attach(room, cast.amal)
    send(room, cast.amal, cast.amal_mandate, photo, tall, letter)
    assert ((photo.width, photo.height), (tall.width, tall.height)) == ((480, 320), (9, 360))
    answer = bilal.get(f"/en/rooms/{room.pk}/files/{photo.pk}/preview/")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/webp", "inline")
    content = body(answer)
    assert b"Secret camera" not in content
    (tmp_path / "preview").write_bytes(content)
    with Image.open(tmp_path / "preview") as shown:
        assert (shown.size, dict(shown.getexif())) == ((480, 320), {})
    assert bilal.get(f"/en/rooms/{room.pk}/files/{letter.pk}/preview/").status_code == 404


def test_a_file_is_nobodys_who_does_not_read_the_room_now(
    cast: Cast, amal: Client, bilal: Client, room: Room
) -> None:
    waiting = attach(room, cast.amal, image(), "a.png")
    addresses = [f"/en/rooms/{room.pk}/files/{waiting.pk}/{rest}" for rest in ("", "preview/")]
    for client, status in ((amal, 200), (bilal, 404), (Client(), 302)):
        assert [client.get(address).status_code for address in addresses] == [status] * 2
    send(room, cast.amal, cast.amal_mandate, waiting)
    for client, status in ((amal, 200), (bilal, 200), (signed_in(cast.chloe), 404)):
        assert [client.get(address).status_code for address in addresses] == [status] * 2
    elsewhere = make_room(cast)
    assert amal.get(f"/en/rooms/{elsewhere.pk}/files/{waiting.pk}/").status_code == 404
    assert amal.get(f"/en/rooms/{room.pk}/files/{2**70}/").status_code == 404
    Mandate.objects.filter(pk=cast.bilal_mandate.pk).update(ends_at=timezone.now())
    assert [bilal.get(address).status_code for address in addresses] == [404] * 2


# --- Found --------------------------------------------------------------------------------------


def test_messages_are_found_by_their_files(cast: Cast, amal: Client, room: Room) -> None:
    plain = say(room, cast.amal, cast.amal_mandate, "The budget is open")
    named = send(room, cast.bilal, cast.bilal_mandate,
                 attach(room, cast.bilal, name="Budget-2026_نهائية.pdf"), body="")  # fmt: skip

    def found(**asked: Any) -> list[Message]:
        return list(amal.get("/en/rooms/search/", asked).context["hits"])

    assert found(q="budget") == [named, plain]
    assert found(q="نهائي ٢٠٢٦") == [named]
    assert found(q="budget", with_files="on") == [named]
    assert found(with_files="on") == [named]
    page = amal.get("/en/rooms/search/", {"q": "budget"}).content.decode()
    assert "<bdi><mark>Budget</mark>-2026_نهائية.pdf</bdi>" in page
    everywhere = amal.get("/en/search/", {"q": "budget"}).content.decode()
    assert "<mark>Budget</mark>-2026_نهائية.pdf" in everywhere
    delete_message(room=room, seq=named.seq, reason="", actor=cast.bilal)
    assert found(with_files="on") == []
    assert found(q="budget") == [plain]


def test_the_filter_by_files_is_answered_from_its_index(cast: Cast, room: Room) -> None:
    found = Message.objects.found([room.pk], with_files=True)[:21]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "message_with_files" in found.explain()


# --- Transcribed --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_transcript_names_the_files_and_proves_them(
    cast: Cast, room: Room, language: str
) -> None:
    letter = attach(room, cast.amal, name=ARABIC)
    gone = attach(room, cast.amal, name="secret.pdf")
    send(room, cast.amal, cast.amal_mandate, letter, body="")
    deleted = send(room, cast.amal, cast.amal_mandate, gone)
    delete_message(room=room, seq=deleted.seq, reason="", actor=cast.amal)
    room.refresh_from_db()
    asked = actions.ask_for_transcript(
        room=room, actor=cast.amal, language=language, first=1, last=room.head_seq
    )
    actions.make_transcript(transcript_id=asked.pk)
    made = Transcript.objects.select_related("pdf", "html", "json").get(pk=asked.pk)
    contents = {kind: path_of(file.sha256).read_bytes() for kind, file in made.files}
    for content in contents.values():
        assert verify(content, known_keys()).outcome == "whole"
        assert b"secret.pdf" not in content
    page = contents["html"].decode()
    assert f"<bdi>{ARABIC}</bdi>" in page
    assert f"<code>SHA-256 {letter.file.sha256}</code>" in page
    document = json.loads(contents["json"])
    with_files = [record for record in document["records"] if "files" in record]
    assert [f["name"] for record in with_files for f in record["files"]] == [ARABIC]
    for name, value in (("name", "other.pdf"), ("sha256", "0" * 64)):
        altered = json.loads(contents["json"])
        at = next(r for r in altered["records"] if "files" in r)
        at["files"][0][name] = value
        verdict = verify(json.dumps(altered).encode(), known_keys())
        assert verdict.fault is not None
        assert (verdict.fault.what, verdict.fault.record) == ("files", at["content"]["seq"])
        assert str(at["content"]["seq"]) in fault_in_words(verdict.fault)
