"""Tables as files: what stands in a cell comes back as it was, and is never a formula."""

import csv
import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest

from records.sheets import Cell, csv_file, xlsx_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROWS: list[list[Cell]] = [
    ["قطر", date(2017, 10, 31), 7, "one\ntwo"],
    ["a < b & c", None, -3, ""],
]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for each in archive.namelist():
            ElementTree.fromstring(archive.read(each))  # noqa: S314  we wrote it
        return ElementTree.fromstring(archive.read(name))  # noqa: S314


def sheet_of(*rows: list[Cell], right_to_left: bool = False) -> ElementTree.Element:
    content = xlsx_file("List", ["A", "B", "C", "D"], rows, right_to_left=right_to_left)
    return part(content, "xl/worksheets/sheet1.xml")


def cells(sheet: ElementTree.Element) -> dict[str, tuple[str, str]]:
    """Place → how it is typed or styled, and its text."""
    return {
        cell.get("r", ""): (cell.get("t") or f"s{cell.get('s', '0')}", "".join(cell.itertext()))
        for cell in sheet.iter(f"{MAIN}c")
    }


def test_csv_holds_texts_numbers_and_days() -> None:
    assert read_csv(csv_file(["A", "B", "C", "D"], ROWS)) == [
        ["A", "B", "C", "D"],
        ["قطر", "2017-10-31", "7", "one\ntwo"],
        ["a < b & c", "", "-3", ""],
    ]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+974 4408 0000", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"],
)
def test_no_cell_of_csv_is_a_formula(cell: str) -> None:
    assert read_csv(csv_file([cell], [[cell]])) == [[f"'{cell}"], [f"'{cell}"]]


def test_xlsx_holds_texts_numbers_and_days() -> None:
    assert cells(sheet_of(*ROWS)) == {
        "A1": ("inlineStr", "A"),
        "B1": ("inlineStr", "B"),
        "C1": ("inlineStr", "C"),
        "D1": ("inlineStr", "D"),
        "A2": ("inlineStr", "قطر"),
        "B2": ("s2", "43039"),  # 31 October 2017, as spreadsheets count days
        "C2": ("s0", "7"),
        "D2": ("inlineStr", "one\ntwo"),
        "A3": ("inlineStr", "a < b & c"),
        "C3": ("s0", "-3"),
    }


def test_in_xlsx_a_text_is_a_text_whatever_it_begins_with() -> None:
    sheet = sheet_of(["=1+1", "+974", "\x01control", "_x0041_"])
    assert [value for place, value in cells(sheet).items() if place.endswith("2")] == [
        ("inlineStr", "=1+1"),
        ("inlineStr", "+974"),
        ("inlineStr", "control"),
        ("inlineStr", "_x005F_x0041_"),  # which is read as what was written
    ]
    assert list(sheet.iter(f"{MAIN}f")) == []


@pytest.mark.parametrize("right_to_left", [False, True])
def test_the_sheet_runs_as_its_language_does(right_to_left: bool) -> None:
    view = next(sheet_of(*ROWS, right_to_left=right_to_left).iter(f"{MAIN}sheetView"))
    assert view.get("rightToLeft") == ("1" if right_to_left else None)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Members", "Members"), ("a/b: [c]?", "a b c"), ("x" * 40, "x" * 31), ("''", "1")],
)
def test_the_sheet_is_called_what_a_sheet_may_be_called(title: str, name: str) -> None:
    content = xlsx_file(title, ["A"], [], right_to_left=False)
    [sheet] = part(content, "xl/workbook.xml").iter(f"{MAIN}sheet")
    assert sheet.get("name") == name


def test_the_same_table_is_the_same_file() -> None:
    one, two = (xlsx_file("L", ["A"], [["x"]], right_to_left=True) for _twice in range(2))
    assert one == two


def test_columns_past_z_have_two_letters() -> None:
    content = xlsx_file("L", ["x"] * 28, [], right_to_left=False)
    assert list(cells(part(content, "xl/worksheets/sheet1.xml")))[25:] == ["Z1", "AA1", "AB1"]
