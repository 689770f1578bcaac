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

# The same ranges stand in portal/static/portal/css/fonts.css.
LATIN = [
    *range(0x0020, 0x0180),
    *(0x02C6, 0x02DA, 0x02DC),
    *range(0x2000, 0x200E),
    *range(0x2010, 0x2028),
    *range(0x202F, 0x2060),
    *(0x20AC, 0x2116, 0x2122),
    *range(0x2190, 0x2194),
    *(0x2212, 0x2215),
]
ARABIC = [
    0x20,
    *range(0x0600, 0x0700),
    *range(0x0750, 0x0780),
    *(0x200C, 0x200D),
    *range(0xFB50, 0xFE00),
    *range(0xFE70, 0xFEFD),
]
ARABIC_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}


class Command(BaseCommand):
    help = "Makes the web fonts under VAR_DIR/build; does nothing where they exist."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--force", action="store_true", help="make them again")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.VAR_DIR / "build" / "portal" / "fonts"
        directory.mkdir(parents=True, exist_ok=True)
        wanted: dict[str, tuple[Path, list[int]]] = {
            "plex-sans": (Path(latin.ROOT) / "files" / "IBMPlexSans[wdth,wght].ttf", LATIN)
        }
        for weight, name in ARABIC_WEIGHTS.items():
            source = Path(arabic.ROOT) / "files" / f"IBMPlexSansArabic-{name}.ttf"
            wanted[f"plex-sans-arabic-{weight}"] = (source, ARABIC)
        for name, (source, characters) in wanted.items():
            target = directory / f"{name}.woff2"
            if target.exists() and not options["force"]:
                continue
            part = target.with_suffix(".part")  # a run that was cut short leaves no half font
            part.write_bytes(subset(source, characters))
            part.replace(target)
            self.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KiB")


def subset(source: Path, characters: list[int]) -> bytes:
    """A WOFF2 with these characters, all their shaping, and of the axes the weight 400–700 only."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells every glyph
    options = Options()
    options.layout_features = ["*"]
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
