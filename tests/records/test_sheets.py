"""Lists that people send: read as they were meant, or refused with a reason; never computed."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from records.sheets import MOST_BYTES, Line, as_text, csv_of, read_sheet
from records.workbooks import LARGEST_PART, workbook_of
from tests.files import image, open_document, upload
from tests.files import office as document

ROWS = [["الاسم", "البريد"], ["أمل, الأولى", "amal@example.org"]]
AS_READ = [Line(1, ROWS[0]), Line(2, ROWS[1])]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(content: bytes, name: str = "list.csv", most: int = 9) -> list[Line]:
    return read_sheet(upload(content, name, "text/csv"), most_rows=most)


def refused(content: bytes, most: int = 9) -> str:
    with pytest.raises(ValidationError) as refusal:
        read(content, most=most)
    return str(refusal.value.code)


def workbook(
    sheet: str,
    *,
    strings: str = "",
    sheets: str = '<sheet name="a" r:id="rId1"/>',
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook whose first sheet is `sheet`, as a spreadsheet would have saved it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f"<workbook><sheets>{sheets}</sheets></workbook>")
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr(
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>",
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", strings)
    return buffer.getvalue()


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
    content = workbook_of([*ROWS, ["=1+1", "<&>"]], right_to_left=True, choices={1: ["a", "b"]})
    assert read(content) == [*AS_READ, Line(3, ["=1+1", "<&>"])]


def test_workbook_as_spreadsheets_save_them() -> None:
    sheet = rows(
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3"/></row>'
        '<row r="7"><c r="B7" t="str"><f>A2&amp;"@x"</f><v>kept@x</v></c>'
        '<c r="C7"><v>12</v></c></row>'
    )
    strings = (
        f"<sst {MAIN}><si><t>أمل</t><rPh><t>spoken</t></rPh></si>"
        "<si><r><t>two </t></r><r><t>runs</t></r></si></sst>"
    )
    assert read(workbook(sheet, strings=strings)) == [
        Line(2, ["أمل", "", "two runs"]),
        Line(7, ["", "kept@x", "12"]),
    ]


def test_first_sheet_that_is_shown_is_read() -> None:
    sheets = '<sheet name="a" state="hidden" r:id="rId1"/><sheet name="b" r:id="rId2"/>'
    assert read(workbook(rows("<row><c><v>1</v></c></row>"), sheets=sheets)) == [Line(1, ["2"])]


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
        (workbook("<worksheet><row>"), "damaged"),
        (workbook(rows("<row><c/></row>"), sheets=""), "damaged"),
        (workbook(rows('<row r="x"><c/></row>')), "damaged"),
        (workbook(rows('<row><c r="7"><v>1</v></c></row>')), "damaged"),
        (workbook(rows('<row><c t="s"><v>5</v></c></row>')), "damaged"),
        (workbook(rows("<row/>"), method=zipfile.ZIP_LZMA), "damaged"),
        (b"a" * 200_000 + b"\n", ""),
        (b'"' + b"a,\n" * 60_000, "damaged"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content: bytes, why: str) -> None:
    if why:
        assert refused(content) == why


def test_document_type_and_its_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    for entity in ('"' + "x" * 999 + '"', f'SYSTEM "file://{secret}"'):
        sheet = (
            f"<!DOCTYPE x [<!ENTITY a {entity}>]>"
            "<worksheet><row><c t='inlineStr'><is><t>&a;&a;</t></is></c></row></worksheet>"
        )
        assert refused(workbook(sheet)) == "damaged"


def test_bomb_does_not_go_off() -> None:
    bomb = workbook(rows("<row/>" + " " * 100_000_000))
    assert len(bomb) < MOST_BYTES
    tracemalloc.start()
    assert refused(bomb) == "too_large"
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * LARGEST_PART


def test_sheet_of_very_many_columns_stays_small() -> None:
    (line,) = read(workbook(rows('<row><c r="XFD1"><v>1</v></c><c r="A1"><v>2</v></c></row>')))
    assert line.cells == ["2"]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    for each in (content, b"PK\x03\x04" + content, b"\xff\xfe" + content):
        try:
            read(each)
        except ValidationError:
            continue


def test_what_is_written_out_is_never_computed() -> None:
    for start in ("=", "+", "-", "@", " =", "\t="):
        assert as_text(f"{start}1") == f"'{start}1"
    assert as_text("a=1") == "a=1"
    assert csv_of([["=1", "أ;ب"]], separator=";").decode() == '\ufeff\'=1;"أ;ب"\r\n'
