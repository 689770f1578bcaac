from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.views.decorators.http import require_GET, require_POST

from members.actions.people import choose_language
from members.http import mandate_of, person, remember_language, safe_next, secretariat_only
from members.network import languages_for
from portal.desk import desk_of
from portal.languages_asked import language_asked_for
from portal.mail import find_letter, read_letters
from portal.views_public import welcome


@require_GET
def to_language(request: HttpRequest) -> HttpResponse:
    """From the bare address to the reader's language: their choice, else the browser's where the
    network works in it, else the network's first.
    """
    if request.user.is_authenticated and request.user.language:
        language = request.user.language
    else:
        language = language_asked_for(request)
    return HttpResponseRedirect(f"/{language}/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the choice (account and cookie) and show the same page in it."""
    language = request.POST.get("language", "")
    own = request.user.language if request.user.is_authenticated else ""
    if language not in dict(languages_for(own)):
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        choose_language(user=request.user, language=language)
    response = redirect(translate_url(safe_next(request), language))
    remember_language(response, language)
    return response


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers: for load balancers, no secret in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person; for strangers, what this is."""
    if not request.user.is_authenticated:
        return welcome(request)
    return render(request, "portal/home.html", desk_of(person(request), mandate_of(request)))


@require_GET
@secretariat_only
def mail(request: HttpRequest) -> HttpResponse:
    """In demo mode: the letters that were written instead of sent."""
    page = Paginator(read_letters(_mail_directory()), 25).get_page(request.GET.get("page"))
    return render(request, "portal/mail.html", {"page": page})


@require_GET
@secretariat_only
def letter(request: HttpRequest, key: str) -> HttpResponse:
    found = find_letter(_mail_directory(), key)
    if found is None:
        raise Http404
    return render(request, "portal/letter.html", {"letter": found})


def _mail_directory() -> Path:
    """Raises Http404 where letters are really sent: nobody reads them here."""
    if not settings.DEMO or not getattr(settings, "EMAIL_FILE_PATH", None):
        raise Http404
    return Path(settings.EMAIL_FILE_PATH)
