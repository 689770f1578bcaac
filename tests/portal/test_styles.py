"""The sheets that every page needs, as one file."""

import io
from pathlib import Path
from typing import Any

from django.core.management import call_command

from portal.management.commands.build_styles import SHEETS, SOURCES, bare


def test_all_sheets_stand_in_one_in_the_order_of_the_layers(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path
    call_command("build_styles", stdout=io.StringIO())
    made = tmp_path / "build/portal/css/portal.css"
    css = made.read_text()
    assert css.startswith("@layer reset, tokens, base, components, utilities;\n@layer tokens {")
    assert [bare((SOURCES / f"{name}.css").read_text()) in css for name in SHEETS] == [True] * len(
        SHEETS
    )
    assert css.count("{") == css.count("}")

    before = made.stat().st_mtime_ns
    call_command("build_styles", stdout=io.StringIO())
    assert made.stat().st_mtime_ns == before  # nothing changed: nothing is collected again


def test_comments_stay_behind() -> None:
    assert bare("/* why */\na {\n  color: red; /* here */\n}\n") == "a {\ncolor: red;\n}\n"
