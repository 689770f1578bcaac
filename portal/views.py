from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from members.actions.people import choose_language


@require_GET
def to_language(request: HttpRequest) -> HttpResponse:
    """From the bare address to the reader's language: their choice, else the browser's."""
    language = translation.get_language_from_request(request)
    if request.user.is_authenticated and request.user.language:
        language = request.user.language
    return HttpResponseRedirect(f"/{language}/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the choice (account and cookie) and show the same page in it."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponse(status=400)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    if request.user.is_authenticated:
        choose_language(user=request.user, language=language)
    response = redirect(translate_url(target, language))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.HTTPS,
        httponly=True,
    )
    return response


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers: for load balancers, no secret in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")
