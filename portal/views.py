from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from assembly.models import Meeting
from members.actions.people import choose_language
from members.enums import QueueTab
from members.http import mandates_of, person, remember_language, safe_next, secretariat_only
from members.models import Application
from messaging.models import Room
from portal.mail import find_letter, read_letters
from portal.views_public import welcome

HOME_ROOMS = 6


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
    user = person(request)
    mandates = mandates_of(request)
    shown: dict[str, Any] = {
        # Whoever is a delegate already is no longer shown how the application went.
        "applications": [] if mandates else Application.objects.of_contact(user.pk)[:5],
    }
    if mandates:
        rooms = list(Room.objects.for_list(user))
        shown["rooms"] = [room for room in rooms if room.unread][:HOME_ROOMS]
        shown["quiet_rooms"] = [room for room in rooms if not room.unread][:HOME_ROOMS]
        shown["meetings"] = Meeting.objects.upcoming()[:3]
    if any(mandate.is_of_secretariat for mandate in mandates):
        queue = Application.objects.in_queue()
        counts = queue.counts_by_state()
        shown["queue"] = [
            (tab, sum(counts.get(state, 0) for state in tab.states))
            for tab in (QueueTab.TO_DO, QueueTab.APPLICANT, QueueTab.ASSEMBLY)
        ]
        shown["waiting"] = queue.in_tab(QueueTab.TO_DO)[:5]
    return render(request, "portal/home.html", shown)


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
