"""Colours of the style sheet that are needed outside of it: `tokens.css` alone has their values."""

import re
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parent / "static" / "portal" / "css" / "tokens.css"


@cache
def paper() -> tuple[str, str]:
    """The ground of a page, light and dark."""
    found = list(dict.fromkeys(re.findall(r"--paper:\s*(#[0-9a-f]{6})", TOKENS.read_text())))
    return found[0], found[1]
