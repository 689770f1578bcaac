"""The document as PDF, set by typst; the document itself is attached to it."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_sans as latin
import fontpkg_ibm_plex_sans_arabic as arabic
import typst

from majlis_verify.page import blocks

SOURCE = Path(__file__).with_name("transcript.typ")


@cache
def fonts() -> list[str | Path]:
    return [Path(latin.ROOT) / "files", Path(arabic.ROOT) / "files"]


def make_pdf(document: dict[str, Any]) -> bytes:
    """Words go beside the source, never into it."""
    pdf: bytes = typst.compile(  # type: ignore[misc]
        SOURCE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={
            "document": json.dumps(document, ensure_ascii=False, indent=1),
            "directions": json.dumps(directions(document)),
        },
    )
    return pdf


def directions(document: dict[str, Any]) -> list[list[list[str]]]:
    """The blocks of each record's text, each with its own direction."""
    frame = document["language"]["direction"]
    return [
        [[direction_of(block, frame), block] for block in blocks(record["text"] or "")]
        for record in document["records"]
    ]


def direction_of(text: str, otherwise: str) -> str:
    """That of the first letter that has one, as browsers do for dir="auto"."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return otherwise
