"""Tags of the public house: one page in several languages, and what it says of itself."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from babel.core import get_global
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import is_valid_path, reverse, translate_url
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language, override

from members.network import first_language, languages_for, offered_languages

register = template.Library()

# Facebook's locales of the Open Graph protocol; others by the language's likeliest territory.
_LOCALES = {"ar": "ar_AR"}


class Version(NamedTuple):
    """A page in one language."""

    code: str
    name: str
    url: str


def in_other_language(path: str, language: str) -> str:
    """The same page in `language`; the home page where `path` is no page of ours."""
    if is_valid_path(urlsplit(path).path):
        return translate_url(path, language)
    with override(language):
        return reverse("portal:home")


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[Version]:
    """The page one is on, in each language, with the query that it was asked with."""
    request = context.get("request")
    path = request.get_full_path() if request is not None else ""
    offered = languages_for(getattr(context.get("user"), "language", ""))
    return [Version(code, name, in_other_language(path, code)) for code, name in offered]


@register.simple_tag(takes_context=True)
def alternates(context: dict[str, Any]) -> list[Version]:
    """The full address of the page in each language, for search engines: without the query."""
    path = context["request"].path
    return [
        Version(code, name, settings.PUBLIC_ORIGIN + in_other_language(path, code))
        for code, name in offered_languages()
    ]


@register.simple_tag
def language_otherwise() -> str:
    """For whoever reads none of those that are offered: `x-default` of search engines."""
    return first_language()


@register.simple_tag
def card_url() -> str:
    """The picture of the network for links, in the reader's language (`manage.py build_cards`)."""
    try:
        picture = static(f"portal/cards/{get_language()}.png")
    except ValueError:  # a language added without `prepare`: no picture is worth a page
        picture = static(f"portal/cards/{settings.LANGUAGE_CODE}.png")
    return absolute(picture)


@register.filter
def absolute(path: str) -> str:
    """The full address of a path of ours."""
    return str(settings.PUBLIC_ORIGIN) + path


@register.simple_tag
def webcal(path: str) -> str:
    """The address by which calendar programs subscribe: no http, whatever it is fetched by."""
    return "webcal:" + absolute(path).partition(":")[2]


@register.filter
def og_locale(code: str) -> str:
    """A language as the Open Graph protocol names it: ar_AR, fr_FR."""
    if code in _LOCALES:
        return _LOCALES[code]
    likely = get_global("likely_subtags").get(code.replace("-", "_"), code)
    parts = str(likely).split("_")
    return f"{parts[0]}_{parts[-1]}" if len(parts) > 1 else code


@register.filter
def in_brief(text: object) -> str:
    """A text for the line under a search engine's title: no markup, one line, at most 160."""
    return Truncator(" ".join(strip_tags(str(text)).split())).chars(160)
