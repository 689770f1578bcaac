"""Documents of Office and OpenDocument are told by their parts; nothing of them is unpacked."""

import contextlib
import io
import struct
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from records import office
from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS
from tests.files import PDF, image, open_document, upload
from tests.files import office as document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600  # of Word 97, and of encrypted documents
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def clean(content: bytes, name: str) -> Any:
    return StoredFileField(kinds=ALL_EXTENSIONS).clean(upload(content, name, "text/html"))


def bomb() -> bytes:
    """A document of 100 KB that would unpack to 100 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * 100_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "kept"),
    [
        (document(), "a.docx", "wordprocessingml.document", "a.docx"),
        (document("xl/workbook.xml"), "ميزانية.xlsx", "spreadsheetml.sheet", "ميزانية.xlsx"),
        (document("ppt/presentation.xml"), "a.pptx", "presentationml.presentation", "a.pptx"),
        (document(), "invoice.exe", "wordprocessingml.document", "invoice.exe.docx"),
        (document(), "evil.html", "wordprocessingml.document", "evil.html.docx"),
        (document(), "gpj.\u202excod", "wordprocessingml.document", "gpj.xcod.docx"),
        (open_document(), "a.odt", "opendocument.text", "a.odt"),
        (open_document("spreadsheet"), "a.ods", "opendocument.spreadsheet", "a.ods"),
        (open_document("presentation"), "../a.odp", "opendocument.presentation", "a.odp"),
        (PDF + document(), "a.docx", "application/pdf", "a.docx.pdf"),
        (image() + document(), "a.docx", "image/png", "a.docx.png"),
    ],
)
def test_a_document_is_told_by_its_parts(content: bytes, name: str, kind: str, kept: str) -> None:
    cleaned = clean(content + (PDF if content.startswith(b"%PDF") else b""), name)
    assert cleaned.checked_type.endswith(kind)
    assert cleaned.name == kept


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (document("word/document.xml", "word/vbaProject.bin"), "a.docm", "macros"),
        (document("xl/workbook.xml", "xl/VBAPROJECT.BIN"), "a.xlsx", "macros"),
        (open_document("text", "Basic/script-lc.xml"), "a.odt", "macros"),
        (open_document("text", "Scripts/python/a.py"), "a.odt", "macros"),
        (document("a.txt"), "a.zip", "unknown_type"),
        (document("a.txt"), "a.docx", "pretender"),
        (document("word/document.xml", "xl/workbook.xml"), "a.docx", "pretender"),
        (document(first="META-INF/MANIFEST.MF"), "a.docx", "pretender"),
        (open_document("text-master"), "a.odt", "pretender"),
        (document()[:-10], "a.docx", "pretender"),
        (document()[40:], "a.docx", "pretender"),
        (document("word/document.xml", *map(str, range(5001))), "a.docx", "pretender"),
        (OLE, "a.doc", "unknown_type"),
        (OLE, "a.docx", "pretender"),
        (SVG, "a.svg", "unknown_type"),
        (SVG, "a.docx", "pretender"),
        (b"<!doctype html><script>alert(1)</script>", "a.html", "unknown_type"),
        (b"", "a.docx", "empty"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean(content, name)
    assert refusal.value.code == code
    assert refusal.value.messages[0]


def test_documents_are_taken_where_they_are_asked_for_alone() -> None:
    with pytest.raises(ValidationError) as refusal:
        StoredFileField().clean(upload(document(), "a.docx"))
    assert refusal.value.code == "unknown_type"


def test_a_bomb_is_not_unpacked() -> None:
    content = bomb()
    assert len(content) < 200_000
    tracemalloc.start()
    assert clean(content, "a.docx").checked_type.endswith("document")
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 2**32 - 1))
def test_nonsense_is_refused_and_nothing_else_happens(
    noise: bytes, place: int, number: int
) -> None:
    content = bytearray(document())
    place = min(place, len(content) - 4)
    content[-22 + place % 18 : -22 + place % 18 + 4] = struct.pack("<L", number)
    for each in (bytes(content), b"PK\x03\x04" + noise, b"PK\x03\x04" + noise + document()):
        with contextlib.suppress(ValueError):
            assert office.type_of(upload(each)) in office.EXTENSIONS
