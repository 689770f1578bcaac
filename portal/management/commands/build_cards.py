"""Makes the picture that a link to the portal is shown with elsewhere, one for each language."""

import hashlib
import io
import re
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans as latin
import fontpkg_ibm_plex_sans_arabic as arabic
import typst
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from records.languages import in_language

MARK = Path(__file__).resolve().parents[2] / "static" / "portal" / "img" / "mark.svg"
# What the words are is passed beside the source, never inside it. 1200 × 630 points at 72 per inch.
SOURCE = """
#let words = sys.inputs
#let rtl = words.direction == "rtl"
#let ink = rgb("#f5f1e8")
#let quiet = rgb("#b9cfd1")
#let sand = rgb("#b39a5e")
#set page(width: 1200pt, height: 630pt, margin: 0pt, fill: rgb("#0b3b45"))
#set text(
  font: ("IBM Plex Sans Arabic", "IBM Plex Sans"), fill: ink, lang: words.language,
  dir: if rtl { direction.rtl } else { direction.ltr }, hyphenate: false,
)
#set par(leading: if rtl { 0.75em } else { 0.6em }, justify: false)
#let size = if words.name.clusters().len() > 44 { 62pt } else { 76pt }
#place(top, dy: 0pt, rect(width: 100%, height: 10pt, fill: sand))
#place(horizon, block(width: 100%, inset: (x: 96pt), {
  image("mark.svg", width: 96pt)
  v(34pt)
  block(width: 740pt, text(size: size, weight: 600, words.name))
  v(30pt)
  line(length: 100%, stroke: 1.5pt + sand)
  v(-8pt)
  line(length: 100%, stroke: 0.75pt + sand)
  v(6pt)
  text(size: 30pt, fill: quiet, words.motto)
}))
"""


class Command(BaseCommand):
    help = "Makes the pictures of links under VAR_DIR/build; does nothing where nothing changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="make them again")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.VAR_DIR / "build" / "portal" / "cards"
        directory.mkdir(parents=True, exist_ok=True)
        for language, _own_name in settings.LANGUAGES:
            words = words_of(language)
            target = directory / f"{language}.png"
            made_of = directory.parent / f".card-{language}"  # beside: it is not to be served
            digest = hashlib.sha256(f"{SOURCE}{words}{MARK.read_text()}".encode()).hexdigest()
            same = target.exists() and made_of.exists() and made_of.read_text() == digest
            if same and not options["force"]:
                continue
            part = target.with_suffix(".part")
            part.write_bytes(draw(words))
            part.replace(target)
            made_of.write_text(digest)
            self.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KiB")


def words_of(language: str) -> dict[str, str]:
    """What stands on the card of a language."""
    name = in_language(settings.NETWORK_NAME, language)
    with translation.override(language):
        return {
            "language": name.language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "name": name.text,
            "motto": _("A network of institutions of public diplomacy"),
        }


def draw(words: dict[str, str]) -> bytes:
    """The card as a PNG of few colours."""
    mark = re.sub(r"<rect[^>]*/>", "", MARK.read_text())  # the card is its ground
    drawn = typst.compile(  # type: ignore[call-overload]  # its types know one file only
        {"main": SOURCE.encode(), "mark.svg": mark.encode()},
        font_paths=[Path(latin.ROOT) / "files", Path(arabic.ROOT) / "files"],
        ignore_system_fonts=True,
        format="png",
        ppi=72.0,
        sys_inputs=words,
    )
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.convert("RGB").quantize(48, dither=Image.Dither.NONE).save(
            buffer, "PNG", optimize=True
        )
    return buffer.getvalue()
