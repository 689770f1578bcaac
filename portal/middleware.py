"""What every request goes through: refused where it cannot be meant well, and what a signed-in
person's needs.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import translate_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_path

from members.network import first_language, offered_or_first
from members.permissions import owes_second_factor
from messaging import last_seen
from records.reading import as_read_by

METHODS = ("GET", "HEAD", "POST")
ENCODINGS = ("utf-8", "utf8")


class RequestMiddleware:
    """Lets in what our views are written for: three methods, UTF-8, cookies of plain text.

    Django decodes by whatever codec a request names: some fail, some make lone surrogates, which
    no database takes. A NUL in a cookie reaches PostgreSQL as a session key, which refuses it.

    To a view, HEAD is GET (RFC 9110, 9.3.2): it must never be taken for the POST that it is not.
    The server sends no body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ENCODINGS:
            raise BadRequest("The request is not in UTF-8")
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


class PersonMiddleware:
    """Times in the person's zone, numbers and dates as they read them; nothing that a signed-in
    person saw is kept by a cache. That they were here is noted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        last_seen.note(request.user.pk)
        with timezone.override(ZoneInfo(request.user.time_zone)), as_read_by(request.user):
            response = self.get_response(request)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        return response


class LanguageMiddleware:
    """Leads a stranger from a language in which the network does not work to the same page in its
    first. Whoever is signed in may have chosen it before, and reads on.

    A letter links to pages in the language of its reader, who may be one of these and not be signed
    in: a page that asks to sign in is left to ask, and what is led to the first is the way in, with
    the page as it was asked for behind it.
    """

    OPEN = frozenset(
        {
            "members:calendar_feed_file",  # looks whose it is
            # What only a letter leads to, whose reader has an account, and keeps its language.
            "account_confirm_email",
            "account_reset_password_from_key",
            "messaging:stop_letters",
            # Kept by browsers for everybody alike, in each language that somebody may read.
            "portal:manifest",
            "portal:offline",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        language = get_language_from_path(request.path_info)
        if request.method != "GET" or not language or language == offered_or_first(language):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.OPEN or request.user.is_authenticated:
            return None
        if hasattr(view, "redirect_field_name"):  # as `login_required` leaves it
            return None
        return redirect(translate_url(request.get_full_path(), first_language()))


class SecondFactorMiddleware:
    """To whom owes a second factor (see `members.permissions`) what leads to one is open, and
    nothing else. The socket asks the same (`messaging.permissions.live_sessions`).
    """

    OPEN = frozenset(
        {
            "account_confirm_email",
            "account_logout",
            "account_reauthenticate",
            "favicon",
            "health",
            "picture",
            "portal:manifest",
            "portal:offline",
            "service_worker",
            "set_language",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.OPEN or name.startswith("mfa_") or not owes_second_factor(request.user):
            return None
        return redirect("mfa_index")
