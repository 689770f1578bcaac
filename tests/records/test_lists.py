"""Lists that people send: read as they were meant, or refused with a reason; never computed."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from records.lists import LAST_ROW, MOST_BYTES, UNPACKED, Line, read_list
from records.sheets import xlsx_file
from tests.files import image, open_document, upload
from tests.files import office as document

ROWS = [["الاسم", "البريد"], ["أمل, الأولى", "amal@example.org"]]
AS_READ = [Line(1, ROWS[0]), Line(2, ROWS[1])]
SHEET = "xl/worksheets/sheet1.xml"
SHARES = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(content: bytes, name: str = "list.csv", most: int = 9) -> list[Line]:
    return read_list(upload(content, name, "text/csv"), most_rows=most)


def refused(content: bytes, most: int = 9) -> str:
    with pytest.raises(ValidationError) as refusal:
        read(content, most=most)
    return str(refusal.value.code)


def saved(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(sheet: str, *, strings: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook whose only sheet is the XML `sheet`, and whose cells share `strings`."""
    whole, made = io.BytesIO(saved(lambda book: None)), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w", method) as new:
        for name in old.namelist():
            content = old.read(name).decode() if name != SHEET else sheet
            new.writestr(name, content.replace("</Types>", SHARES + "</Types>"))
        new.writestr("xl/sharedStrings.xml", strings or f"<sst {MAIN}/>")
    return made.getvalue()


def rows(content: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{content}</sheetData></worksheet>"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_every_usual_csv_is_read(separator: str, encoding: str) -> None:
    text = separator.join(ROWS[0]) + "\r\n" + separator.join(f'"{cell}"' for cell in ROWS[1])
    if encoding == "utf-16-le-bom":
        content = b"\xff\xfe" + text.encode("utf-16-le")
    else:
        content = text.encode(encoding)
    assert read(content) == AS_READ


def test_what_excel_says_of_the_separator_is_heard() -> None:
    assert read(b"sep=;\r\na,b;c\r\n") == [Line(2, ["a,b", "c"])]


@pytest.mark.parametrize("encoding", ["windows-1256", "windows-1252", "utf-16-le"])
def test_letters_that_would_have_to_be_guessed_are_refused(encoding: str) -> None:
    name = "الاسم" if encoding != "windows-1252" else "Président"
    assert refused(f"{name},e-mail\r\n".encode(encoding)) == "encoding"


def test_own_workbook_is_read_as_written() -> None:
    content = xlsx_file(
        "List", ROWS[0], [ROWS[1], ["=1+1", "<&>"]], right_to_left=True, choices={1: ["a", "b"]}
    )
    assert read(content) == [*AS_READ, Line(3, ["=1+1", "<&>"])]


def test_workbook_as_spreadsheets_save_them() -> None:
    sheet = rows(
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3"/></row>'
        '<row r="7"><c r="B7" t="str"><f>A2&amp;"@x"</f><v>kept@x</v></c>'
        '<c r="C7"><v>12</v></c><c r="D7"><v>1.5</v></c></row>'
    )
    strings = (
        f"<sst {MAIN}><si><t>أمل</t><rPh sb='0' eb='1'><t>spoken</t></rPh></si>"
        "<si><r><t>two </t></r><r><t>runs</t></r></si></sst>"
    )
    assert read(workbook(sheet, strings=strings)) == [
        Line(2, ["أمل", "", "two runs"]),
        Line(7, ["", "kept@x", "12", "1.5"]),
    ]


def test_first_sheet_that_is_shown_is_read() -> None:
    def fill(book: Workbook) -> None:
        book.active.append(["hidden"])
        book.active.sheet_state = "hidden"
        book.create_sheet("b").append(["shown"])
        book.create_sheet("c").append(["third"])

    assert read(saved(fill)) == [Line(1, ["shown"])]


def test_cells_lose_what_cheats_the_eye() -> None:
    content = "a\u202eb , c\x07d,  e \n".encode()
    assert read(content) == [Line(1, ["ab", "cd", "e"])]
    assert len(read(b"x" * 100_000)[0].cells[0]) == 300


def test_too_many_rows_and_bytes_are_refused() -> None:
    assert len(read(b"a\n\n" * 9)) == 9  # empty rows are none
    assert len(read(b"a\n" * 10)) == 10  # the first names the columns
    assert refused(b"a\n" * 11) == "too_many_rows"
    assert refused(b"a" * (MOST_BYTES + 1)) == "too_large"
    assert refused(b"") == "empty"
    assert refused(b"\n , \n") == "empty"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (image(), "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
        (document(), "unknown_type"),
        (open_document("spreadsheet"), "unknown_type"),
        (document("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (document("xl/workbook.xml"), "damaged"),
        (workbook("<worksheet>")[:-40], "unknown_type"),
        (workbook(f"<worksheet {MAIN}><sheetData><row>"), "damaged"),
        (workbook(rows('<row r="x"><c/></row>')), "damaged"),
        (workbook(rows('<row><c r="7"><v>1</v></c></row>')), "damaged"),
        (workbook(rows('<row><c t="s"><v>5</v></c></row>')), "damaged"),
        (workbook(rows("<row/>"), method=zipfile.ZIP_LZMA), "damaged"),
        (b'"' + b"a,\n" * 60_000, "damaged"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content: bytes, why: str) -> None:
    assert refused(content) == why


def test_document_type_and_its_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    for entity in ('"' + "x" * 999 + '"', f'SYSTEM "file://{secret}"'):
        sheet = f"<!DOCTYPE x [<!ENTITY a {entity}>]>" + rows(
            "<row><c t='inlineStr'><is><t>&a;&a;</t></is></c></row>"
        )
        assert refused(workbook(sheet)) == "damaged"


def cost_of(content: bytes) -> tuple[str, int]:
    """Why it is refused, and how many bytes that took at the most."""
    assert len(content) < MOST_BYTES
    tracemalloc.start()
    why = refused(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return why, most


def test_bombs_do_not_go_off() -> None:
    why, most = cost_of(workbook(rows("<row/>" + " " * 100_000_000)))
    assert why == "too_large"
    assert most < 4 * UNPACKED


def test_an_archive_that_lies_about_a_part_unpacks_no_more_than_it_said() -> None:
    part = f"<sst {MAIN}>".encode() + b" " * 300_000_000
    honest = workbook(rows("<row/>"), strings=part.decode())
    said, lie = struct.pack("<L", len(part)), struct.pack("<L", 20)
    content = honest.replace(said, lie)
    content = content.replace(
        struct.pack("<L", zlib.crc32(part)), struct.pack("<L", zlib.crc32(part[:20]))
    )
    assert content != honest
    why, most = cost_of(content)
    assert why == "damaged"
    assert most < 4 * UNPACKED


def test_a_row_far_below_and_a_column_far_away_cost_nothing() -> None:
    far = f'<row r="{LAST_ROW + 1}"><c><v>1</v></c></row>'
    why, most = cost_of(workbook(rows('<row r="1"><c><v>1</v></c></row>' + far)))
    assert why == "too_large"
    assert most < 2 * UNPACKED
    [line] = read(workbook(rows('<row><c r="A1"><v>2</v></c><c r="XFD1"><v>1</v></c></row>')))
    assert line.cells == ["2"]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    for each in (content, b"PK\x03\x04" + content, b"\xff\xfe" + content):
        try:
            read(each)
        except ValidationError:
            continue
