"""Tables as files: CSV and workbooks (XLSX). The caller has decided who may read what."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | date | None

# A cell that begins so is a formula to some program, and could send what stands beside it away
# (OWASP, CSV injection).
_FORMULA = re.compile("^\\s*[=+\\-@\t\r\n＝＋－＠]")
_MADE = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # openpyxl takes none with a zone
_WIDEST = 60  # of a column, in letters
_OFFERED = 255  # letters of all choices of a cell, which is what Excel takes
_ROWS_OFFERED = 500


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, separator: str = ",") -> bytes:
    """In UTF-8 with a mark of it, for spreadsheets; days as 2026-11-28; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    for row in (head, *rows):
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if _FORMULA.match(cell) else cell
        case int():
            return str(cell)
        case date():
            return cell.isoformat()


def xlsx_file(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    right_to_left: bool,
    choices: Mapping[int, Sequence[str]] | None = None,
) -> bytes:
    """One sheet called `title`, its head frozen. Texts are texts, whatever they begin with.

    `choices`: what the cells of a column offer below the head, by the column's place (from 0).
    """
    book = Workbook()
    sheet = book.active
    sheet.title = _title(title)
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    widths = [0] * len(head)
    for number, row in enumerate((head, *rows), 1):
        for place, value in enumerate(row):
            cell = sheet.cell(number, place + 1)
            _write(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
            if number == 1:
                cell.font = Font(bold=True)
            longest = max(map(len, _plain(value).splitlines()), default=0)
            widths[place] = max(widths[place], min(_WIDEST, longest + 2))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for place, offered in (choices or {}).items():
        said = ",".join(offered)
        if len(said) <= _OFFERED and not any("," in each for each in offered):
            letter = get_column_letter(place + 1)
            offers = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True)
            offers.add(f"{letter}2:{letter}{_ROWS_OFFERED}")
            sheet.add_data_validation(offers)
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """The same table is the same file, by whose digest browsers ask whether it is another."""
    book.properties.created = book.properties.modified = _MADE
    saved, file = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(saved, "w")).save()  # `book.save` writes the hour into it
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(file, "w") as fixed:
        for name in archive.namelist():
            part = zipfile.ZipInfo(name, _MADE.timetuple()[:6])
            fixed.writestr(part, archive.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _write(cell: Any, value: Cell) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # openpyxl takes "=…" for a formula
    elif value is not None:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _title(title: str) -> str:
    """`title` as the name of a sheet may be."""
    bare = INVALID_TITLE_REGEX.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", title))
    return " ".join(bare.split()).strip("'")[:31] or "1"
