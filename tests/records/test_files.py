import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from records.actions import store_file
from records.forms import StoredFileField
from records.http import file_response
from records.inspection import clean_file_name
from records.models import StoredFile
from records.storage import path_of
from tests.files import PDF, huge_png, image, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ZIP = b"PK\x03\x04" + b"\0" * 200
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PDF, "letter.pdf", "application/pdf"),
        (image("PNG"), "scan.png", "image/png"),
        (image("JPEG"), "scan.jpeg", "image/jpeg"),
        (image("WEBP"), "scan.webp", "image/webp"),
        (image("PNG"), "called.pdf", "image/png"),
    ],
)
def test_type_is_found_by_content(content: bytes, name: str, content_type: str) -> None:
    cleaned: Any = StoredFileField().clean(upload(content, name, "text/html"))
    assert cleaned.checked_type == content_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024), "a.pdf", "too_large"),
        (b"<html><script>alert(1)</script>", "a.pdf", "pretender"),
        (b"<html>%PDF-1.7\n%%EOF", "a.pdf", "pretender"),
        (SVG, "a.svg", "unknown_type"),
        (SVG, "a.png", "pretender"),
        (ZIP, "a.zip", "unknown_type"),
        (ZIP, "a.docx", "unknown_type"),
        (EICAR, "a.com", "unknown_type"),
        (b"MZ" + b"\0" * 300, "a.exe", "unknown_type"),
        (b"GIF89a" + b"\0" * 300, "a.gif", "unknown_type"),
        (PDF.replace(b"%%EOF", b""), "a.pdf", "damaged"),
        (image("PNG")[:60], "a.png", "damaged"),
        (image("JPEG", (400, 400))[:-300], "a.jpg", "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp", "damaged"),
        (huge_png(6400), "a.png", "too_many_pixels"),
        (huge_png(9700), "a.png", "too_many_pixels"),
        (huge_png(30000), "a.png", "too_many_pixels"),
    ],
)
def test_hostile_files_are_refused_with_their_reason(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        StoredFileField().clean(upload(content, name))
    assert refusal.value.code == code
    assert refusal.value.messages[0]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\رسالة النوايا.pdf", "رسالة النوايا.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("gpj.\u202eexe.pdf", "gpj.exe.pdf"),
        ("evil.html", "evil.html.pdf"),
        ("nul\0.pdf", "nul.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("SCAN.PDF", "SCAN.PDF"),
        ("می‌خواهم.pdf", "می‌خواهم.pdf"),
    ],
)
def test_names_are_made_safe_and_keep_their_script(name: str, clean: str) -> None:
    assert clean_file_name(name, "application/pdf") == clean


def test_long_names_are_cut_before_their_ending() -> None:
    name = clean_file_name("ر" * 500 + ".pdf", "application/pdf")
    assert len(name) == 150
    assert name.endswith(".pdf")


def test_content_is_stored_once(db: None) -> None:
    first = store_file(upload=upload(name="a.pdf"), content_type="application/pdf")
    second = store_file(upload=upload(name="b.pdf"), content_type="application/pdf")
    assert first == second
    path = path_of(first.sha256)
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p for p in path.parent.iterdir() if p.name.startswith(".new-")] == []


def test_half_written_content_is_written_again(db: None) -> None:
    stored = store_file(upload=upload(), content_type="application/pdf")
    path_of(stored.sha256).write_bytes(b"half")
    store_file(upload=upload(), content_type="application/pdf")
    assert path_of(stored.sha256).read_bytes() == PDF


def test_failed_writing_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.actions.os.fsync", fail)
    content = PDF + b"unique"
    with pytest.raises(OSError, match="No space"):
        store_file(upload=upload(content), content_type="application/pdf")
    assert not StoredFile.objects.exists()
    root = Path(path_of("0" * 64)).parents[2]
    assert list(root.rglob(".new-*")) == []


@pytest.mark.django_db(transaction=True)
def test_same_content_in_parallel_becomes_one_row() -> None:
    kept, errors = [], []
    content = PDF + b"\n% parallel"

    def work() -> None:
        try:
            with transaction.atomic():
                kept.append(store_file(upload=upload(content), content_type="application/pdf").pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(kept)) == 1
    assert StoredFile.objects.count() == 1


def test_download_is_streamed_and_cannot_run(db: None) -> None:
    content = PDF + b"x" * 600_000 + b"%%EOF"
    stored = store_file(upload=upload(content), content_type="application/pdf")
    response = file_response(stored, "رسالة.pdf")

    async def read() -> list[bytes]:
        return [chunk async for chunk in response]

    chunks = asyncio.run(read())
    assert b"".join(chunks) == content
    assert len(chunks) == 3
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D8")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_lost_bytes_are_an_error_not_an_empty_file(db: None) -> None:
    with pytest.raises(FileNotFoundError):
        file_response(StoredFile(sha256="0" * 64, size=1, content_type="image/png"), "a.png")
