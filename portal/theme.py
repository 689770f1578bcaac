"""Colours of the style sheet that are needed outside of it: `tokens.css` alone has their values."""

import re
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parent / "static" / "portal" / "css" / "tokens.css"


@cache
def colour(name: str) -> str:
    """The value of a token, in the light theme. Raises LookupError."""
    found = re.search(rf"--{name}:\s*(?:light-dark\()?(#[0-9a-f]{{6}})", TOKENS.read_text())
    if found is None:
        raise LookupError(name)
    return found[1]
