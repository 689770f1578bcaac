"""The first page of a PDF, drawn by the worker: shown; of a hostile one not, and nothing ends."""

import io
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from messaging import actions
from messaging.models import Attachment, Room
from messaging.tasks import draw_first_page
from messaging.verification import verify_rooms
from records.first_page import first_page
from records.models import StoredFile
from tests.factories import Cast
from tests.files import PDF, drawn_pdf, image
from tests.messaging.test_attachment_views import body
from tests.messaging.test_attachments import attach, send, unhurried

__all__ = ["unhurried"]  # a fixture
TASK = "messaging.draw_first_page"


def draw_all() -> None:
    for job in ProcrastinateJob.objects.filter(task_name=TASK).order_by("id"):
        draw_first_page(**job.args)


def test_a_pdf_gets_a_picture_of_its_first_page(cast: Cast, room: Room) -> None:
    letter = attach(room, cast.amal, drawn_pdf())
    assert letter.preview is None
    [job] = ProcrastinateJob.objects.filter(task_name=TASK)
    assert (job.args, job.priority) == ({"attachment_id": letter.pk}, -10)
    for _ in range(2):
        draw_all()
    letter.refresh_from_db()
    assert letter.preview is not None
    assert (letter.width, letter.height) == (254, 360)
    assert StoredFile.objects.count() == 2
    message = send(room, cast.amal, cast.amal_mandate, letter)
    client = Client()
    client.force_login(cast.bilal)
    preview = f"/en/rooms/{room.pk}/files/{letter.pk}/preview/"
    with Image.open(io.BytesIO(body(client.get(preview)))) as drawn:
        pixels = drawn.convert("RGB")
        assert drawn.format == "WEBP"
    red, green, blue = pixels.getpixel((80, 280))  # type: ignore[misc]
    assert blue > 200 > 60 > max(red, green)
    assert min(pixels.getpixel((240, 20))) > 240  # type: ignore[type-var,arg-type]
    page = client.get(f"/en/rooms/{room.pk}/").content.decode()
    assert 'alt="First page of letter.pdf (in a new tab)"' in page
    assert verify_rooms() is None
    actions.delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert client.get(preview).status_code == 404


def test_pictures_and_documents_are_not_drawn(cast: Cast, room: Room) -> None:
    picture = attach(room, cast.amal, image(), "view.png")
    assert ProcrastinateJob.objects.filter(task_name=TASK).count() == 0
    draw_first_page(attachment_id=picture.pk)
    assert StoredFile.objects.count() == 2


def test_what_was_removed_meanwhile_leaves_nothing(
    cast: Cast, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = attach(room, cast.amal, drawn_pdf())

    def slowly(path: Path) -> bytes | None:
        drawn = first_page(path)
        actions.remove_attachment(room=room, pk=letter.pk, actor=cast.amal)
        return drawn

    monkeypatch.setattr("messaging.actions.attachments.first_page", slowly)
    draw_all()
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
    draw_all()


HOSTILE = {
    "no page": PDF,
    "noise": b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF",
    "for ever": drawn_pdf(b"0 0 m 500 800 l 100 20 300 40 500 60 c S " * 2_000_000),
    "itself": drawn_pdf(b"/F Do", form=b"/F Do /F Do"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one_has_no_picture_and_ends_nothing(
    cast: Cast, room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "messaging.actions.attachments.first_page", lambda path: first_page(path, seconds=2)
    )
    letter = attach(room, cast.amal, HOSTILE[name])
    began = time.monotonic()
    draw_all()
    assert time.monotonic() - began < 8
    letter.refresh_from_db()
    assert letter.preview is None
    assert send(room, cast.amal, cast.amal_mandate, letter).file_count == 1


@pytest.mark.parametrize("box", ["0 0 14400 1", "0 0 1 99999999"])
def test_a_page_of_any_size_is_drawn_small(tmp_path: Path, box: str) -> None:
    (tmp_path / "odd.pdf").write_bytes(drawn_pdf(box=box))
    drawn = first_page(tmp_path / "odd.pdf")
    if drawn is not None:
        with Image.open(SimpleUploadedFile("page.png", drawn)) as picture:
            assert max(picture.size) <= 640


def test_one_that_wants_much_memory_does_not_get_it(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(drawn_pdf(b"\0" * 700 * 1024**2))
    assert first_page(tmp_path / "bomb.pdf", seconds=3) is None
