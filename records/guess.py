"""Which language a text is in that nobody said the language of: for `lang` and for a label."""

import re

_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d3]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_WORD = re.compile(r"[^\W\d_]+")
# Words that one language cannot do without and the others do not have.
_ENGLISH = """the and of to is are was were we you this that for with from will be have has not on
at by as our their it please thank thanks good morning"""
_FRENCH = """le la les des du de et est sont nous vous cette ce ces pour avec dans sur par qui que
une un au aux sera notre votre leur merci bonjour pas"""
_COMMON = {"en": frozenset(_ENGLISH.split()), "fr": frozenset(_FRENCH.split())}


def language_of(text: str, *, likely: str = "") -> str:
    """A language's code, "" where it cannot be told. `likely` decides between those of one script.

    Arabic by its letters; English and French by their commonest words.
    """
    arabic, latin = (sum(map(len, letters.findall(text))) for letters in (_ARABIC, _LATIN))
    if arabic > latin:
        return "ar"
    if not latin:
        return ""
    words = _WORD.findall(text.casefold())
    score = {code: sum(map(common.__contains__, words)) for code, common in _COMMON.items()}
    best = max(score, key=lambda code: (score[code], code == likely))
    return best if score[best] or best == likely else ""
