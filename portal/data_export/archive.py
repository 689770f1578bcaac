"""The archive: one JSON, one page to read, the person's files."""

import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from members.letters import tongue
from members.models import User
from members.network import name_of_network
from portal.data_export.contents import PARTS
from portal.data_export.files import files_of
from portal.data_export.parts import Part, Row
from records.reading import as_read_by, number, written_date
from records.storage import path_of

FORMAT = "majlis-export/1"
STYLE = Path(__file__).with_name("page.css")


def write_archive(
    target: IO[bytes],
    user: User,
    language: str,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Write the ZIP of `user`; `report` is told how many of a hundred parts are done."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "made_at": timezone.now(),
        "origin": settings.PUBLIC_ORIGIN,
    }
    shown = []
    with translation.override(language), timezone.override(user.time_zone), as_read_by(user):
        for count, part in enumerate(PARTS, start=1):
            rows = data[part.key] = list(part.rows(user))
            shown.append(_shown(part, rows))
            report(90 * count // len(PARTS))
        page = render_to_string(
            "portal/data_export/page.html",
            {
                **tongue(),
                "person": user,
                "parts": shown,
                "made_at": data["made_at"],
                "network": name_of_network().text,
            },
        )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=_iso))
        archive.writestr("index.html", page)
        archive.write(STYLE, "page.css")
        for name, stored in files_of(user):
            archive.write(path_of(stored.sha256), name)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain JSON")


def _shown(part: Part, rows: list[Row]) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "columns": part.columns.values(),
        "rows": [[(_written(row[key]), key in part.texts) for key in part.columns] for row in rows],
    }


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            return written_date(timezone.localtime(value), "DATETIME_FORMAT")
        case int():
            return number(value)
    return str(value)
