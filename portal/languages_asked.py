"""The language that a request asks for, of those in which the network works."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import (
    get_supported_language_variant,
    parse_accept_lang_header,
)

from members.network import first_language, offered_languages


def language_asked_for(request: HttpRequest) -> str:
    """The browser's cookie, else the first that the browser names and the network offers, else the
    network's first.
    """
    offered = dict(offered_languages())
    return next((code for code in _asked(request) if code in offered), first_language())


def _asked(request: HttpRequest) -> Iterator[str]:
    """As Django reads them (`get_language_from_request`), all instead of the first."""
    said = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    for code in [*said, *(code for code, _weight in accepted)]:
        if code == "*":
            return
        try:
            yield get_supported_language_variant(code)
        except LookupError:
            continue
