"""Tables as files: what stands in a cell comes back as it was, and is never a formula."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from records.sheets import Cell, csv_file, xlsx_file

ROWS: list[list[Cell]] = [
    ["قطر", date(2017, 10, 31), 7, "one\ntwo"],
    ["a < b & c", None, -3, ""],
]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_of(*rows: list[Cell], **options: Any) -> Any:
    made = {"title": "List", "head": ["A", "B", "C", "D"], "right_to_left": False, **options}
    return load_workbook(io.BytesIO(xlsx_file(rows=rows, **made))).active


def test_csv_holds_texts_numbers_and_days() -> None:
    assert read_csv(csv_file(["A", "B", "C", "D"], ROWS)) == [
        ["A", "B", "C", "D"],
        ["قطر", "2017-10-31", "7", "one\ntwo"],
        ["a < b & c", "", "-3", ""],
    ]
    assert csv_file(["a"], [["أ;ب"]], separator=";").decode() == '\ufeffa\r\n"أ;ب"\r\n'


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+974 4408 0000", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"],
)
def test_no_cell_of_csv_is_a_formula(cell: str) -> None:
    assert read_csv(csv_file([cell], [[cell]])) == [[f"'{cell}"], [f"'{cell}"]]


def test_xlsx_holds_texts_numbers_and_days() -> None:
    sheet = sheet_of(*ROWS)
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["A", "B", "C", "D"],
        ["قطر", datetime(2017, 10, 31), 7, "one\ntwo"],  # noqa: DTZ001  as openpyxl has days
        ["a < b & c", None, -3, None],
    ]
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "A2"


def test_in_xlsx_a_text_is_a_text_whatever_it_begins_with() -> None:
    sheet = sheet_of(["=1+1", "+974", "\x01control", "_x0041_"])
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [
        ("=1+1", "s"),
        ("+974", "s"),
        ("control", "s"),
        ("_x0041_", "s"),
    ]


@pytest.mark.parametrize("right_to_left", [False, True])
def test_the_sheet_runs_as_its_language_does(right_to_left: bool) -> None:
    sheet = sheet_of(*ROWS, right_to_left=right_to_left)
    assert bool(sheet.sheet_view.rightToLeft) == right_to_left


@pytest.mark.parametrize(
    ("title", "name"),
    [("Members", "Members"), ("a/b: [c]?", "a b c"), ("x" * 40, "x" * 31), ("''", "1")],
)
def test_the_sheet_is_called_what_a_sheet_may_be_called(title: str, name: str) -> None:
    assert sheet_of(title=title).title == name


def test_the_same_table_is_the_same_file() -> None:
    made = []
    for year in (2026, 2027):
        with time_machine.travel(datetime(year, 3, 1, tzinfo=UTC)):
            made.append(xlsx_file("L", ["A"], [["x"]], right_to_left=True))
    assert made[0] == made[1]


def test_a_column_offers_what_may_stand_in_it() -> None:
    sheet = sheet_of(choices={1: ["delegate", "adviser"], 2: ["x" * 300], 3: ["a,b"]})
    assert [(str(each.sqref), each.formula1) for each in sheet.data_validations.dataValidation] == [
        ("B2:B500", '"delegate,adviser"')
    ]
