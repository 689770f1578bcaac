"""Workbooks (.xlsx): the texts of the first sheet read within limits, and a sheet written.

Office Open XML (ECMA-376, part 1): an archive of XML. No part is unpacked past LARGEST_PART, no
entity is expanded, no formula computed: of one the value is taken that its program kept.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers.expat import ParserCreate

from django.utils.html import escape

LARGEST_PART = 4 * 1024 * 1024
MOST_COLUMNS = 50
LONGEST_TEXT = 2000
LONGEST_CHOICES = 255  # of a list in a cell, as Excel has it

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Unreadable(ValueError):
    """No workbook, or one that is damaged or locked."""


class TooLarge(Unreadable):
    """A part would unpack to more than LARGEST_PART."""


def read_rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Number and cells of each row of the first sheet that is shown. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            strings = _Texts()
            if "xl/sharedStrings.xml" in archive.namelist():
                strings.read(_part(archive, "xl/sharedStrings.xml"))
            sheet = _Rows(strings.found)
            sheet.read(_part(archive, _first_sheet(archive)))
    except Unreadable:
        raise
    except Exception as error:  # a broken archive makes its reader raise whatever comes
        raise Unreadable from error
    return sheet.rows


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(name)  # the others unpack a block at a time, however large
    with archive.open(info) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise TooLarge(name)
    return content


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the first sheet that is not hidden."""
    sheets, targets = _Attributes("sheet"), _Attributes("Relationship")
    sheets.read(_part(archive, "xl/workbook.xml"))
    targets.read(_part(archive, "xl/_rels/workbook.xml.rels"))
    where = {each["Id"]: each["Target"] for each in targets.found}
    for each in sheets.found:
        if each.get("state", "visible") == "visible":
            key = next(value for name, value in each.items() if name.endswith(":id"))
            return posixpath.normpath(posixpath.join("/xl", where[key])).lstrip("/")
    raise Unreadable("no sheet")


class _Reader:
    """Reads a part; what it finds is the business of `begin` and `end`."""

    def __init__(self) -> None:
        self.text: list[str] = []

    def read(self, content: bytes) -> None:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse  # with it go entities, the bombs of XML
        parser.StartElementHandler = lambda name, given: self.begin(name.rpartition(":")[2], given)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text.append
        parser.Parse(content, True)

    def _refuse(self, *_: Any) -> None:
        raise Unreadable("a document type")

    def begin(self, name: str, given: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Nothing, unless a reader says otherwise."""

    def taken(self) -> str:
        """What was read since the last time."""
        text = "".join(self.text)[:LONGEST_TEXT]
        self.text.clear()
        return text


class _Attributes(_Reader):
    """The attributes of every element of a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.found = name, list[dict[str, str]]()

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == self.name:
            self.found.append(given)


class _Written(_Reader):
    """Gathers what people read of a text: its runs, and not how they are pronounced."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.spoken = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        self.spoken += name == "rPh"
        self.text.clear()

    def end(self, name: str) -> None:
        self.spoken -= name == "rPh"
        if name in ("t", "v") and not self.spoken:
            self.runs.append(self.taken())

    def whole(self) -> str:
        text = "".join(self.runs)[:LONGEST_TEXT]
        self.runs.clear()
        return text


class _Texts(_Written):
    """The texts that cells name by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.found.append(self.whole())


class _Rows(_Written):
    def __init__(self, strings: Sequence[str]) -> None:
        super().__init__()
        self.strings = strings
        self.rows: list[tuple[int, list[str]]] = []
        self.number = 0
        self.cells: list[str] = []
        self.column, self.kind = 0, ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        super().begin(name, given)
        if name == "row":
            self.number = int(given.get("r", self.number + 1))
            self.cells = []
        elif name == "c":
            self.column = _column(given["r"]) if "r" in given else len(self.cells)
            self.kind = given.get("t", "n")
            self.runs.clear()

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c" and self.column < MOST_COLUMNS:
            text = self.whole()
            if self.kind == "s" and text:
                text = self.strings[int(text)]
            missing = self.column + 1 - len(self.cells)
            self.cells += [""] * missing
            self.cells[self.column] = text
        elif name == "row" and any(self.cells):
            self.rows.append((self.number, self.cells))


def _column(place: str) -> int:
    """0 of "A1", 27 of "AB7"."""
    number = 0
    for letter in place[:4]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    if not number:
        raise Unreadable(place)
    return number - 1


def workbook_of(
    rows: Sequence[Sequence[str]],
    *,
    right_to_left: bool = False,
    choices: Mapping[int, Sequence[str]] | None = None,
) -> bytes:
    """A workbook of one sheet in which every cell is a text, never a formula.

    `choices`: what the cells of a column offer below the first row, by the column's place.
    """
    sheet = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{_letter(place)}{n}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for place, cell in enumerate(row)
        )
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    lists = [
        f'<dataValidation type="list" allowBlank="1" sqref="{_letter(place)}2:{_letter(place)}500">'
        f"<formula1>{escape(_quoted(offered))}</formula1></dataValidation>"
        for place, offered in (choices or {}).items()
        if len(",".join(offered)) <= LONGEST_CHOICES and not any("," in each for each in offered)
    ]
    columns = max(map(len, rows), default=1)
    offers = f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetViews>'
        f'<sheetView rightToLeft="{int(right_to_left)}" workbookViewId="0"/></sheetViews>'
        f'<cols><col min="1" max="{columns}" width="32" customWidth="1"/></cols>'
        f"<sheetData>{sheet}</sheetData>{offers if lists else ''}</worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>\n' + content)
    return buffer.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _quoted(offered: Sequence[str]) -> str:
    return '"' + ",".join(offered) + '"'
