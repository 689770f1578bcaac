"""What may not stand in a text that people read: code points that cheat."""

import re
import unicodedata

# Embeddings, overrides and isolates (UAX #9) reach past their own block; marks (LRM, RLM) do not.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# What runs from left to right in every text, and would be torn apart in an Arabic one: addresses
# of pages and people, telephone numbers, dates as 2026-11-25. An address is looked for at the
# beginning of a word alone: at each of its letters, a word of 10 000 would take 0.2 s.
ONE_WAY = re.compile(
    r"https?://[^\s<>\"«»،؛]*[^\s<>\"«»،؛.,;:!?)\]]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w+])(?:\+|00)\d[\d ().-]{5,}\d"
    r"|(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
MAX_MARKS = 6  # combining marks on one base; fully vowelled Arabic needs three


def has_surrogates(text: str) -> bool:
    """Whether `text` holds a lone surrogate, which is no character and cannot be stored."""
    return _SURROGATES.search(text) is not None


def neutral(text: str) -> str:
    """`text` in NFC without bidirectional controls, control characters or piles of marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", _BIDI_CONTROLS.sub("", text))
    # NFC sorts the marks of a base in the square of their number: a pile of 200 000 takes a minute.
    return _thinned(unicodedata.normalize("NFC", _thinned(text, 4 * MAX_MARKS)), MAX_MARKS)


def _thinned(text: str, most: int) -> str:
    """`text` with at most `most` combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= most:
            kept.append(character)
    return "".join(kept)
