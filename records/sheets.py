"""Tables as files: CSV and XLSX, small and plain. The caller has decided who may read what.

The XLSX is written here: one sheet of texts, numbers and days needs no library
(ECMA-376, parts 1 and 2).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | date | None

# A cell that begins so is a formula to some program, and could send what stands beside it away.
_FORMULA = re.compile("^[=+\\-@\t\r\n＝＋－＠]")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # would be read as a character of that number
_TITLE_NO = re.compile(r"[\[\]:*?/\\]")
_EPOCH = date(1899, 12, 30)  # what the days of a sheet are counted from, from March 1900 on
_WIDEST = 60
_MADE = (1980, 1, 1, 0, 0, 0)  # the same table, the same bytes

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (  # cell formats: 0 plain, 1 the head, 2 a day
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        'applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """In UTF-8 with a mark of it, for spreadsheets; days as 2026-11-28; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
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
    title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, right_to_left: bool
) -> bytes:
    """One sheet called `title`, its head frozen. Texts are texts, whatever they begin with."""
    table = [list(row) for row in rows]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in {
            **_PARTS,
            "xl/workbook.xml": _workbook(title),
            "xl/worksheets/sheet1.xml": _sheet(head, table, right_to_left),
        }.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), _HEAD + xml, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _workbook(title: str) -> str:
    name = " ".join(_TITLE_NO.sub(" ", _NO_XML.sub("", title)).split()).strip("'")[:31] or "1"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(head: Sequence[str], table: list[list[Cell]], right_to_left: bool) -> str:
    direction = ' rightToLeft="1"' if right_to_left else ""
    widths = (
        min(_WIDEST, 2 + max(len(_longest_line(row[place])) for row in (head, *table)))
        for place in range(len(head))
    )
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            _cell(f"{_letters(place)}{number}", value, is_head=number == 1)
            for place, value in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate((head, *table), 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{direction} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{rows}</sheetData>"
        "</worksheet>"
    )


def _longest_line(cell: Cell) -> str:
    return max(_plain(cell).splitlines(), key=len, default="")


def _cell(place: str, value: Cell, *, is_head: bool) -> str:
    match value:
        case None | "":
            return ""
        case str():
            style = ' s="1"' if is_head else ""
            text = escape(_ESCAPE.sub("_x005F_", _NO_XML.sub("", value)))
            return (
                f'<c r="{place}"{style} t="inlineStr"><is>'
                f'<t xml:space="preserve">{text}</t></is></c>'
            )
        case int():
            return f'<c r="{place}"><v>{value}</v></c>'
        case date():
            return f'<c r="{place}" s="2"><v>{(value - _EPOCH).days}</v></c>'


def _letters(place: int) -> str:
    """A, B … Z, AA …: what the column at `place` (from 0) is called."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
