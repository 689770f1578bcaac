"""What countries are called, for who looks for one."""

from django.conf import settings
from django.utils import translation
from django_countries import countries


def all_names(code: str) -> list[str]:
    """A country's names in the languages of the portal."""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.append(str(countries.name(code)))
    return names
