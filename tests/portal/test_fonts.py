"""The web fonts: named alike by the command and the style sheet, Arabic shaping kept."""

import io
import re
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans_arabic as arabic
from django.core.management import call_command
from fontTools.ttLib import TTFont

from portal.embedded import ROOT
from portal.management.commands import build_fonts


def test_the_sheet_asks_for_what_the_command_makes(
    tmp_path: Path, settings: Any, monkeypatch: Any
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(build_fonts, "subset", lambda source, characters: source.name.encode())
    call_command("build_fonts", stdout=io.StringIO())
    made = {path.name: path for path in (tmp_path / "build/portal/fonts").iterdir()}
    sheet = (ROOT / "portal/static/portal/css/fonts.css").read_text()
    assert set(made) == set(re.findall(r"fonts/([\w.-]+)\"", sheet))


def test_a_font_that_exists_is_left_alone(tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    settings.VAR_DIR = tmp_path
    for made in (b"first", b"second"):
        monkeypatch.setattr(build_fonts, "subset", lambda source, characters, made=made: made)
        call_command("build_fonts", stdout=io.StringIO())
    font = tmp_path / "build/portal/fonts/plex-sans.woff2"
    assert font.read_bytes() == b"first"
    call_command("build_fonts", force=True, stdout=io.StringIO())
    assert font.read_bytes() == b"second"


def test_arabic_keeps_its_shaping() -> None:
    source = Path(arabic.ROOT) / "files" / "IBMPlexSansArabic-Regular.ttf"
    font = TTFont(io.BytesIO(build_fonts.subset(source, build_fonts.ARABIC)))
    assert font.flavor == "woff2"
    assert ord("مجلس"[0]) in font.getBestCmap()
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert features >= {"init", "medi", "fina"}
