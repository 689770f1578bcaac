"""Texts made comparable for search: what writers spell in several ways is folded into one."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # Persian
        "ې": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ک": "ك",  # Persian
        "ـ": None,  # tatweel
    }
)
# Of the conjunction "and" alone three or more letters must remain: ورد is a rose.
_LEADING_WAW = re.compile(r"\bو+(?=[\u0621-\u064a]{3})")


def fold(text: str) -> str:
    """`text` without case, diacritics, hamza, tatweel and the conjunction و; digits European.

    Idempotent. For comparing only, never for showing: وزارة becomes زاره.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = "".join(_character(c) for c in decomposed).translate(_LETTERS)
    return " ".join(_LEADING_WAW.sub("", folded).split())


def _character(character: str) -> str:
    match unicodedata.category(character):
        case "Mn" | "Me" | "Cf":  # vowel signs, hamza above and below, accents, invisible marks
            return ""
        case "Nd":
            return str(unicodedata.decimal(character))
    return character
