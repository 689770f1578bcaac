"""The languages of this deployment, by their codes: what they are called and how they run.

Read by the settings: nothing here may need them.
"""

from babel import Locale, UnknownLocaleError
from django.conf.locale import LANG_INFO

# As the languages of the first network write themselves; Babel knows the others.
_OWN_NAMES = {"ar": "العربية", "en": "English", "fr": "Français"}


def locale_of(code: str) -> Locale | None:
    """Babel's idea of a language code as Django writes it ("pt-br", "zh-hans")."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def own_name(code: str) -> str:
    """What its speakers call it; a language that nobody knows is called by its code."""
    locale = locale_of(code)
    name = _OWN_NAMES.get(code) or (locale and locale.get_display_name(locale)) or code
    return name[:1].upper() + name[1:]


def is_right_to_left(code: str) -> bool:
    locale = locale_of(code)
    return locale is not None and locale.text_direction == "rtl"


def spoken(codes: list[str]) -> list[tuple[str, str]]:
    """`settings.LANGUAGES`. Django is told of those that it does not know."""
    for code in codes:
        locale = locale_of(code)
        LANG_INFO.setdefault(
            code,
            {
                "bidi": is_right_to_left(code),
                "code": code,
                "name": (locale and locale.get_display_name("en")) or code,
                "name_local": own_name(code),
            },
        )
    return [(code, own_name(code)) for code in codes]
