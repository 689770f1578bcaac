"""Makes the fonts that the pages use, from the packages `fontpkg-ibm-plex-sans(-arabic)`."""

import io
import logging
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans as latin
import fontpkg_ibm_plex_sans_arabic as arabic
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# The same ranges stand in portal/static/portal/css/fonts.css. A page loads a file when it shows one
# of its characters: what our three languages are written with is one file, the rest another.
LATIN = [
    *range(0x0020, 0x007F),
    *(0x00A0, 0x00A9, 0x00AB, 0x00B7, 0x00BA, 0x00BB),
    *(0x00C0, 0x00C7, 0x00C8, 0x00C9, 0x00CA),
    *range(0x00DF, 0x0100),
    *(0x0152, 0x0153),
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *(0x2022, 0x2026, 0x202F, 0x2039, 0x203A),
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2212),
]
LATIN_MORE = sorted(
    {
        *range(0x00A0, 0x0180),
        *(0x02C6, 0x02DA, 0x02DC),
        *range(0x2000, 0x200C),
        *range(0x2010, 0x2028),
        *range(0x202F, 0x2060),
        *(0x20AC, 0x2116, 0x2122),
        *range(0x2190, 0x2194),
        *(0x2212, 0x2215),
    }
    - {*LATIN}
)
ARABIC = [
    *(0x060C, 0x061B, 0x061F),
    *range(0x0621, 0x063B),
    *range(0x0640, 0x0653),
    *range(0x0660, 0x066D),
    *(0x0670, 0x0671, 0x200C, 0x200D),
]
ARABIC_MORE = sorted(
    {
        *range(0x0600, 0x0700),
        *range(0x0750, 0x0780),
        *range(0xFB50, 0xFE00),
        *range(0xFE70, 0xFEFD),
    }
    - {*ARABIC}
)
ARABIC_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
# What shaping needs, and the figures that the sheets ask for. The family's alternates are not used.
FEATURES = [
    *("ccmp", "locl", "rlig", "liga", "calt", "kern", "mark", "mkmk"),
    *("init", "medi", "fina", "isol", "curs"),
    *("lnum", "tnum"),
]


class Command(BaseCommand):
    help = "Makes the web fonts under VAR_DIR/build; does nothing where they exist."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--force", action="store_true", help="make them again")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.VAR_DIR / "build" / "portal" / "fonts"
        directory.mkdir(parents=True, exist_ok=True)
        source = Path(latin.ROOT) / "files" / "IBMPlexSans[wdth,wght].ttf"
        wanted: dict[str, tuple[Path, list[int]]] = {
            "plex-sans-core": (source, LATIN),
            "plex-sans-more": (source, LATIN_MORE),
        }
        for weight, name in ARABIC_WEIGHTS.items():
            source = Path(arabic.ROOT) / "files" / f"IBMPlexSansArabic-{name}.ttf"
            wanted[f"plex-sans-arabic-core-{weight}"] = (source, ARABIC)
            wanted[f"plex-sans-arabic-more-{weight}"] = (source, ARABIC_MORE)
        for name, (source, characters) in wanted.items():
            target = directory / f"{name}.woff2"
            if target.exists() and not options["force"]:
                continue
            part = target.with_suffix(".part")  # a run that was cut short leaves no half font
            part.write_bytes(subset(source, characters))
            part.replace(target)
            self.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KiB")


def subset(source: Path, characters: list[int]) -> bytes:
    """A WOFF2 with these characters and their shaping, and of the axes the weight 400–700 only.

    Without the hints for screens of few points, which are a third of the file and which nothing but
    old Windows reads.
    """
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells every glyph
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    if "fvar" in font:
        axes = {"wdth": 100, "wght": (400, 400, 700)}
        font = instantiateVariableFont(
            font, {a.axisTag: axes[a.axisTag] for a in font["fvar"].axes if a.axisTag in axes}
        )
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
