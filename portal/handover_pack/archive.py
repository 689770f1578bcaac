"""The archive: a PDF to read, a workbook for each table, one JSON for programs."""

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, Any

import typst
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members.letters import tongue
from members.models import Handover
from members.network import name_of_network
from messaging.transcripts.pdf import direction_of, fonts
from portal.handover_pack.contents import PARTS, Part
from records.reading import number, written_date
from records.sheets import Cell, xlsx_file

FORMAT = "majlis-handover/1"
SOURCE = Path(__file__).with_name("pack.typ")


def write_pack(
    target: IO[bytes],
    handover: Handover,
    language: str,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Write the ZIP of `handover`, read with `for_display()`, in a language; `report` is told how
    many of a hundred parts are done.
    """
    with translation.override(language), timezone.override(settings.NETWORK_TIME_ZONE):
        tables = []
        for count, part in enumerate(PARTS, start=1):
            tables.append((part, list(part.rows())))
            report(70 * count // len(PARTS))
        data = _data(handover, tables)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(data, ensure_ascii=False, indent=1, default=date.isoformat)
            archive.writestr("data.json", text)
            for part, rows in tables:
                sheet = xlsx_file(
                    str(part.title),
                    [str(column) for column in part.columns],
                    rows,
                    right_to_left=translation.get_language_bidi(),
                )
                archive.writestr(f"{part.key}.xlsx", sheet)
            report(85)
            archive.writestr("handover.pdf", _pdf(handover, tables))


def _data(handover: Handover, tables: list[tuple[Part, list[list[Cell]]]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "origin": settings.PUBLIC_ORIGIN,
        "made_at": timezone.now().isoformat(),
        "outgoing": handover.outgoing.institution.names,
        "incoming": handover.institution.names,
        "takes_effect_at": handover.takes_effect_at.isoformat(),
        "parts": {
            part.key: {"columns": [str(column) for column in part.columns], "rows": rows}
            for part, rows in tables
        },
    }


def _pdf(handover: Handover, tables: list[tuple[Part, list[list[Cell]]]]) -> bytes:
    spoken = tongue()
    frame = spoken["direction"]
    moment = timezone.localtime(handover.takes_effect_at)
    names = {
        "outgoing": f"\u2068{handover.outgoing.institution.name.text}\u2069",
        "incoming": f"\u2068{handover.institution.name.text}\u2069",
    }
    document = {
        **spoken,
        "title": _("Handover of the presidency"),
        "network": name_of_network().text,
        "summary": [
            _("From %(outgoing)s to %(incoming)s") % names,
            f"{written_date(moment, 'DATETIME_FORMAT')} (\u2068{settings.NETWORK_TIME_ZONE}\u2069)",
        ],
        "none": _("None."),
        "page": _("Page"),
        "parts": [
            {
                "title": str(part.title),
                "columns": [str(column) for column in part.columns],
                "rows": [[_cell(value, frame) for value in row] for row in rows],
            }
            for part, rows in tables
        ],
    }
    pdf: bytes = typst.compile(  # type: ignore[misc]
        SOURCE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
    )
    return pdf


def _cell(value: Cell, frame: str) -> list[str]:
    """Its direction and its text."""
    match value:
        case None:
            text = ""
        case int():
            text = number(value)
        case date():
            text = written_date(value)
        case _:
            text = value
    return [direction_of(text, frame), text]
