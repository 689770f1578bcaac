"""Texts made comparable for search: what writers spell in several ways is folded into one."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

_LETTERS = {
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
    "ـ": "",  # tatweel
    "œ": "oe",
    "æ": "ae",
}
# Of the conjunction "and" alone three or more letters must remain: ورد is a rose.
_LEADING_WAW = re.compile(r"\bو+(?=[\u0621-\u064a]{3})")
_ARTICLE = re.compile(r"^ال(?=[\u0621-\u064a]{3})")
# Of مؤسسة what مؤسسات and مؤسستنا have too.
_TA_MARBUTA = re.compile(r"(?<=[\u0621-\u064a]{3})ه$")
_WORD = re.compile(r"[^\W_]+")


class _Table(dict[int, str]):
    """For `str.translate`: what becomes of a character, reckoned when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _character(chr(code))
        return folded


def _character(character: str) -> str:
    match unicodedata.category(character):
        case "Mn" | "Me" | "Cf":  # vowel signs, hamza above and below, accents, invisible marks
            return ""
        case "Nd":
            return str(unicodedata.decimal(character))
    return _LETTERS.get(character, character)


_TABLE = _Table()


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def fold(text: str) -> str:
    """`text` without case, diacritics, hamza, tatweel and the conjunction و; digits European.

    Idempotent. For comparing only, never for showing: وزارة becomes زاره.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = _decomposed(text).translate(_TABLE)
    return " ".join(_LEADING_WAW.sub("", folded).split())


def folded_in(*texts: dict[str, str]) -> str:
    """All that `texts` say in any language, folded."""
    return fold(" ".join(value for each in texts for value in each.values()))


def sought(text: str) -> str:
    """What somebody who types `text` looks for: its words, folded, without signs, in Arabic without
    the article and the ة. Each is to be found anywhere in a folded text, inside a word too.
    """
    words = (
        _TA_MARBUTA.sub("", fold(_ARTICLE.sub("", word))) for word in _WORD.findall(fold(text))
    )
    return " ".join(dict.fromkeys(word for word in words if word))


def holds(folded: str, words: str) -> bool:
    """Whether the folded text has every one of `words` (see `sought`)."""
    return all(word in folded for word in words.split())


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """`fold(text)`, and of each of its characters the place in `text` that it came from."""
    characters = [
        (folded, place)
        for place, character in enumerate(text)
        for folded in _folded_character(character)
    ]
    whole = "".join(folded for folded, _ in characters)
    dropped = {n for waw in _LEADING_WAW.finditer(whole) for n in range(*waw.span())}
    kept = list(_collapsed(c for n, c in enumerate(characters) if n not in dropped))
    return "".join(folded for folded, _ in kept), [place for _, place in kept]


@cache
def _folded_character(character: str) -> str:
    return _decomposed(character).translate(_TABLE)


def _collapsed(characters: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """One space between words, none at the ends."""
    space: int | None = None
    begun = False
    for character, place in characters:
        if character.isspace():
            space = place if space is None else space
            continue
        if begun and space is not None:
            yield " ", space
        space, begun = None, True
        yield character, place
