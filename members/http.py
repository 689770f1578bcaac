"""What views of every app ask about the person behind a request."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from members.actions.sign_ins import note_sign_in
from members.models import Mandate, User
from members.permissions import is_secretariat, running_mandates
from members.permissions.people import MANAGING
from members.permissions.staff import is_technical_staff

BROWSER_COOKIE = "known_browser"
MANDATE_KEY = "mandate"  # in the web session: the id of the mandate that speaks
SHOWN_KEY = "form_shown"  # in it too: the form before which the password was asked for, and when
STOPPED_KEY = "stopped_act"  # at which address something was posted before the proof, and when
POSTED_KEY = "account_reauthentication_state"  # what was posted there: allauth's own
PROVED_KEY = "proved_at"  # when the institution's provider last proved who is there
FORM_SECONDS = 30 * 60


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
    """Who does it, as actions ask: by the mandate that speaks; on pages of the secretariat, by the
    one that opens them, for the log names the mandate that carried the right.
    """
    if getattr(request, "_is_of_office", False):
        return acting_as_office(request)
    return {"actor": person(request), "mandate": mandate_of(request)}


def acting_by(request: HttpRequest, carries: Callable[[Mandate], bool]) -> dict[str, Any]:
    """As `acting`, by a mandate that `carries` the right: the one that speaks where it does."""
    spoken = mandate_of(request)
    able = (m for m in (spoken, *mandates_of(request)) if m and carries(m))
    return {"actor": person(request), "mandate": next(able, spoken)}


def acting_as_office(request: HttpRequest) -> dict[str, Any]:
    """Where the secretariat alone may do it, though others read the page."""
    return acting_by(request, lambda m: m.is_of_secretariat)


def acting_for(request: HttpRequest, institution: int) -> dict[str, Any]:
    """Where the secretariat may do it, and who manages the institution (its id)."""
    return acting_by(
        request,
        lambda m: (
            m.is_of_secretariat or (m.institution_id == institution and m.capacity in MANAGING)
        ),
    )


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


def remember_browser(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Let this browser be known as one of the person's; they are told of a new one."""
    said = request.COOKIES.get(BROWSER_COOKIE, "")
    agent = request.headers.get("User-Agent", "")
    ways = [
        str(record.get("type", record["method"]))
        for record in get_authentication_records(request, user)
        if not record.get("reauthenticated")
    ]
    response.set_cookie(
        BROWSER_COOKIE,
        note_sign_in(user=user, token=said, user_agent=agent, ways=ways or ["invitation"]),
        max_age=60 * 60 * 24 * 400,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )


def prove_again(request: HttpRequest, *, keeps: bool = True) -> None:
    """Before a grave act: password, passkey or code once more, unless given within minutes.

    Raises ReauthenticationRequired, which allauth answers by asking; what was posted is done after
    that. A form with files is opened again instead, for they would be missing: its words come back
    from the draft that the device keeps. `keeps`: not where a password is posted, for what waits
    lies open in the web session.
    """
    try:
        _asked(request)
        _check_newly_signed_in(request)
    except ReauthenticationRequired:
        if request.FILES or not keeps:
            request.method = "GET"
        _note_stopped(request)
        raise


def prove_before_form(request: HttpRequest) -> None:
    """`prove_again` for a page with files to choose or a secret to enter: asked before its form is
    shown. What is sent from it within FORM_SECONDS is taken without asking again, for files would
    be lost, and a secret must not wait in the web session.

    Raises ReauthenticationRequired.
    """
    shown = request.session.get(SHOWN_KEY, {})
    is_of_it = shown.get("path") == request.path and time.time() - shown["at"] < FORM_SECONDS
    if request.method == "POST" and is_of_it:
        return
    prove_again(request, keeps=False)
    request.session[SHOWN_KEY] = {"path": request.path, "at": time.time()}


def prove_before_file(request: HttpRequest, page: str) -> None:
    """`prove_again` for a file that is the answer to what was posted. `page`: from which it was
    asked for. It opens after the proof, and the file is one more press away: as the answer to the
    proof it would come and leave the question standing there.

    Raises ReauthenticationRequired.
    """
    try:
        _asked(request)
        _check_newly_signed_in(request)
    except ReauthenticationRequired:
        # Of these allauth makes the address to go on to, and with GET keeps nothing.
        to = urlsplit(page)
        request.method, request.path, request.META["QUERY_STRING"] = "GET", to.path, to.query
        messages.info(request, _("Prove who you are; then press once more for the file."))
        raise


def _note_stopped(request: HttpRequest) -> None:
    """What was posted waits in the web session for the next proof (see `members.views.proofs`).
    Whoever opens the page anew has given it up: it must not be done when they prove themselves for
    that.
    """
    if request.method == "POST":
        request.session[STOPPED_KEY] = {"path": request.path, "at": time.time()}
    elif stopped_at(request) == request.path:
        forget_stopped(request)


def stopped_at(request: HttpRequest) -> str:
    """The address at which something was posted that waits for a proof, else nothing."""
    path: str = request.session.get(STOPPED_KEY, {}).get("path", "")
    return path if POSTED_KEY in request.session else ""


def waits_too_long(request: HttpRequest) -> bool:
    return time.time() - float(request.session[STOPPED_KEY]["at"]) > FORM_SECONDS


def forget_stopped(request: HttpRequest) -> None:
    request.session.pop(STOPPED_KEY, None)
    request.session.pop(POSTED_KEY, None)


def note_proof(request: HttpRequest) -> None:
    """The institution's provider has just proved that it is the signed-in person who is there."""
    request.session[PROVED_KEY] = time.time()


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _asked(request: HttpRequest) -> None:
    pass


def _check_newly_signed_in(request: HttpRequest) -> None:
    """allauth lets pass who has neither password nor second factor: they have signed in through
    their institution, and do so once more.
    """
    user = person(request)
    if user.has_usable_password() or is_mfa_enabled(user):
        return
    signed_in = [record["at"] for record in get_authentication_records(request, user)]
    proved = max([*signed_in[-1:], request.session.get(PROVED_KEY, 0)])
    if time.time() - proved > app_settings.REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired


def reads_tables(request: HttpRequest) -> bool:
    """Technical staff whose web session was opened with a second factor."""
    proofs = get_authentication_records(request, request.user)
    return is_technical_staff(request.user) and any(p["method"] == "mfa" for p in proofs)


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
        request._is_of_office = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded
