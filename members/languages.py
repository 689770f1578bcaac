"""The languages in which institutions work, in the words of the reader's (Unicode's CLDR)."""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, pgettext

from members.countries import alphabetical

# fmt: off
OFFERED = (
    "ar", "az", "bg", "bn", "bs", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr",
    "ha", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv",
    "mk", "mn", "ms", "nl", "no", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so", "sq",
    "sr", "sv", "sw", "ta", "tg", "th", "tk", "tr", "uk", "ur", "uz", "vi", "zh",
)
# fmt: on


def language_word(code: str) -> str:
    """What the language `code` is called in the reader's; the code where nobody knows it."""
    return str(_reader().languages.get(code, code))


def language_choices() -> list[tuple[str, str]]:
    """All that are offered, in the alphabet of the reader."""
    words = [(code, language_word(code)) for code in OFFERED]
    return sorted(words, key=lambda pair: alphabetical(pair[1]))


def language_words(codes: Iterable[str]) -> str:
    """ "Arabic, English": in the alphabet of the reader."""
    words = sorted(map(language_word, codes), key=alphabetical)
    return pgettext("between things", ", ").join(words)


def _reader() -> Locale:
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
