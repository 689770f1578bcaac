"""The web fonts: named alike by the command and the style sheet, Arabic shaping kept."""

import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans_arabic as arabic
from babel.messages.pofile import read_po
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


def ranges(sheet: str) -> dict[str, set[int]]:
    """The characters that the sheet gives each file for."""
    found = {}
    for name, text in re.findall(
        r"fonts/([\w.-]+)\.woff2.*?unicode-range: ([^;]+);", sheet, re.DOTALL
    ):
        ends = [part.strip()[2:].split("-") for part in text.split(",")]
        found[name] = {c for e in ends for c in range(int(e[0], 16), int(e[-1], 16) + 1)}
    return found


def test_the_sheet_gives_each_file_what_the_command_put_in_it() -> None:
    given = ranges((ROOT / "portal/static/portal/css/fonts.css").read_text())
    made = {
        "plex-sans-core": build_fonts.LATIN,
        "plex-sans-more": build_fonts.LATIN_MORE,
        **{f"plex-sans-arabic-core-{weight}": build_fonts.ARABIC for weight in (400, 500, 600)},
        **{
            f"plex-sans-arabic-more-{weight}": build_fonts.ARABIC_MORE for weight in (400, 500, 600)
        },
    }
    assert given == {name: {*characters} for name, characters in made.items()}


def test_our_languages_need_the_first_files_alone(settings: Any) -> None:
    """Everything that is translated, and the names of countries, is written with them."""
    core = {*build_fonts.LATIN, *build_fonts.ARABIC, 0x0A}
    beyond: dict[str, list[str]] = {}
    for path in ROOT.glob("*/locale/*/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for entry in read_po(file, path.parent.parent.name):
                texts = [entry.string] if isinstance(entry.string, str) else entry.string
                if strange := {
                    c
                    for text in texts
                    for c in text
                    if ord(c) not in core and unicodedata.category(c) != "Cf"
                }:
                    beyond.setdefault(str(path), []).extend(strange)
    assert beyond == {}


def test_a_font_that_exists_is_left_alone(tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    settings.VAR_DIR = tmp_path
    for made in (b"first", b"second"):
        monkeypatch.setattr(build_fonts, "subset", lambda source, characters, made=made: made)
        call_command("build_fonts", stdout=io.StringIO())
    font = tmp_path / "build/portal/fonts/plex-sans-core.woff2"
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
