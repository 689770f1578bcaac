"""What views of every app ask about the person behind a request."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import Mandate, User
from members.permissions import is_secretariat, running_mandates

MANDATE_KEY = "mandate"  # in the web session: the id of the mandate that speaks


def person(request: HttpRequest) -> User:
    """The signed-in person. For use behind `@login_required`."""
    if not isinstance(request.user, User):
        raise TypeError("person() was asked of a request without a signed-in person")
    return request.user


def mandates_of(request: HttpRequest) -> list[Mandate]:
    """The running mandates of the person, read once per request; none for strangers."""
    if not hasattr(request, "_mandates"):
        request._mandates = running_mandates(request.user)  # type: ignore[attr-defined]
    mandates: list[Mandate] = request._mandates  # type: ignore[attr-defined]
    return mandates


def mandate_of(request: HttpRequest) -> Mandate | None:
    """The mandate that speaks: the chosen one while it runs, else the first that runs."""
    mandates = mandates_of(request)
    chosen = request.session.get(MANDATE_KEY) if mandates else None
    return next((m for m in mandates if m.pk == chosen), mandates[0] if mandates else None)


def acting(request: HttpRequest) -> dict[str, Any]:
    """Who does it, as actions ask."""
    return {"actor": person(request), "mandate": mandate_of(request)}


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Let the browser come back in this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )


def safe_next(request: HttpRequest) -> str:
    """The page of our own that the form asks to go back to; the root if it names another's."""
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return "/"


def secretariat_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Strangers are sent to sign in; whoever is not of the secretariat gets 404."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_secretariat(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
