"""Tables that people fill in and send: CSV, or the first sheet of a workbook (.xlsx).

What comes out is plain text, cell by cell: nothing is computed, so that `=1+1` is three signs.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from records import office, workbooks
from records.text import neutral

MOST_BYTES = 1024 * 1024
MOST_COLUMNS = 40
LONGEST_CELL = 300
EXTENSIONS = ".csv,.tsv,.txt,.xlsx"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_SEPARATORS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute


class Line(NamedTuple):
    """A row that holds something, with the number that the spreadsheet shows beside it."""

    number: int
    cells: list[str]


def read_sheet(upload: UploadedFile, *, most_rows: int) -> list[Line]:
    """The rows of `upload` that hold something, cells trimmed, without what cheats the eye.

    Raises ValidationError with the reason when it is no such table, or has more than `most_rows`
    below its first.
    """
    size = upload.size or 0
    if size == 0:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > MOST_BYTES:
        raise ValidationError(
            _("This file has %(size)s; a list may have at most %(limit)s."),
            code="too_large",
            params={"size": filesizeformat(size), "limit": filesizeformat(MOST_BYTES)},
        )
    upload.seek(0)
    head = upload.read(len(office.START))
    if head.startswith(_OLD_WORKBOOK):
        raise ValidationError(
            _("This is a workbook of the old kind (XLS). Save it as XLSX and send it again."),
            code="old_workbook",
        )
    is_workbook = head == office.START
    rows: Iterable[tuple[int, list[str]]] = (_of_workbook if is_workbook else _of_csv)(upload)
    lines = []
    for number, row in rows:
        cells = [_clean(cell) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            lines.append(Line(number, cells))
        if len(lines) > most_rows + 1:
            raise ValidationError(
                _("This list has too many rows: at most %(limit)s at a time."),
                code="too_many_rows",
                params={"limit": most_rows},
            )
    if not lines:
        raise ValidationError(_("This file is empty."), code="empty")
    return lines


def _clean(cell: str) -> str:
    shortened = cell[: 4 * LONGEST_CELL].replace("\0", "")
    return " ".join(neutral(shortened).split())[:LONGEST_CELL]


def _of_workbook(upload: UploadedFile) -> list[tuple[int, list[str]]]:
    try:
        kind = office.type_of(upload)
    except office.HasMacros as error:
        raise ValidationError(
            _("This document holds macros. Save it without them and send it again."),
            code="macros",
        ) from error
    except office.NoDocument:
        kind = ""
    if office.EXTENSIONS.get(kind) != ("xlsx",):
        raise ValidationError(
            _("This file cannot be read: send a table as CSV or as a workbook (XLSX)."),
            code="unknown_type",
        )
    upload.seek(0)
    try:
        return workbooks.read_rows(upload.read())
    except workbooks.TooLarge as error:
        raise ValidationError(
            _("This workbook holds too much. Copy the list into a new one and send that."),
            code="too_large",
        ) from error
    except workbooks.Unreadable as error:
        raise ValidationError(
            _("This workbook is damaged or protected, and cannot be read."), code="damaged"
        ) from error


def _of_csv(upload: UploadedFile) -> Iterator[tuple[int, list[str]]]:
    upload.seek(0)
    text = _decoded(upload.read())
    first, _end, rest = text.partition("\n")
    separator, skipped = "", 0
    if first.lower().startswith("sep=") and first.rstrip("\r")[4:] in _SEPARATORS:
        separator, skipped = first[4], 1  # Excel's own word for it; it keeps the line's number
        text = rest
    if not separator:
        beginning = text.lstrip().partition("\n")[0]
        separator = max(_SEPARATORS, key=beginning.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        yield from enumerate(rows, 1 + skipped)
    except csv.Error as error:
        raise ValidationError(
            _("This file cannot be read: send a table as CSV or as a workbook (XLSX)."),
            code="damaged",
        ) from error


def _decoded(content: bytes) -> str:
    """UTF-8 or, where its mark says so, UTF-16. Windows-1252 and -1256 are not told apart by what
    they hold, and a guess would turn names into other names: they are refused.
    """
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValidationError(
            _(
                "The letters of this file cannot be read with certainty. In your spreadsheet, save "
                "it as “CSV UTF-8” or as a workbook (XLSX), and send that."
            ),
            code="encoding",
        )
    return text


def csv_of(rows: Sequence[Sequence[str]], *, separator: str = ",") -> bytes:
    """A CSV file that spreadsheets open as it is meant, formulas as text."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")  # without which Excel takes UTF-8 for something else
    table = csv.writer(buffer, delimiter=separator)
    for row in rows:
        table.writerow([as_text(cell) for cell in row])
    return buffer.getvalue().encode()


def as_text(cell: str) -> str:
    """`cell` such that no spreadsheet computes it."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
