"""The public house: what the network shows to everyone, and what it tells other machines."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from assembly.models import Meeting
from assembly.permissions import access_public_meeting
from members.caching import public_page
from members.models import Institution, Presidency
from members.network import first_language, offered_languages
from members.world import members_on_map
from portal.calendars import calendar_of
from portal.models import NewsItem
from portal.sitemaps import entries

SECURITY_DAYS = 180  # how long /.well-known/security.txt holds; RFC 9116 advises less than a year
NEWS = 3  # items on the front page
# Nothing there for a search engine. What stands under an address here is not listed either.
CLOSED = (
    "accounts/",
    "applications/",
    "apply/sent/",
    "audit-log/",
    "invitations/",
    "mail/",
    "mandates/",
    "meetings/",
    "rooms/",
    "settings/",
)
OPEN = ("accounts/login/",)

View = Callable[..., HttpResponse]


@require_GET
@public_page
def welcome(request: HttpRequest) -> HttpResponse:
    """The network in one glance, for strangers: whoever is signed in has a home of their own."""
    members = Institution.objects.listed().no_observers()
    shares = members.shares()
    by_country = members.by_country(shares)
    assemblies = Meeting.objects.general_assemblies()
    return render(
        request,
        "portal/welcome.html",
        {
            "members": sum(share.number for share in shares),
            "countries": len(by_country),
            "assemblies": assemblies.past().count(),
            "map": members_on_map(by_country),
            "presidency": Presidency.objects.running().for_timeline().first(),
            "meeting": Meeting.objects.public().upcoming().first(),
            "news": list(NewsItem.objects.for_front()[:NEWS]),
        },
    )


@require_GET
@public_page
def calendar(request: HttpRequest) -> HttpResponse:
    past = groupby(Meeting.objects.public().past(), key=lambda meeting: meeting.starts_on.year)
    return render(
        request,
        "portal/calendar.html",
        {
            "upcoming": Meeting.objects.public().upcoming(),
            "years": [(year, list(meetings)) for year, meetings in past],
        },
    )


@require_GET
@public_page
def calendar_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "portal/calendar_meeting.html", {"meeting": access_public_meeting(pk)})


@require_GET
@public_page
def calendar_feed(request: HttpRequest) -> HttpResponse:
    meetings = Meeting.objects.public().with_revision().newest_first()
    return _calendar(calendar_of(meetings), f"calendar-{get_language()}.ics")


@require_GET
@public_page
def calendar_meeting_feed(request: HttpRequest, pk: int) -> HttpResponse:
    return _calendar(calendar_of([access_public_meeting(pk)]), f"meeting-{pk}.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    return response


def for_machines(view: View) -> View:
    """The same for everyone, kept for an hour."""

    @wraps(view)
    @cache_control(public=True, max_age=3600)
    def kept(request: HttpRequest) -> HttpResponse:
        return view(request)

    return kept


@require_GET
@for_machines
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/public/sitemap.xml",
        {"entries": entries(), "default": first_language()},
        content_type="application/xml",
    )


@require_GET
@for_machines
def robots(request: HttpRequest) -> HttpResponse:
    codes = [code for code, _name in settings.LANGUAGES]
    lines = [
        "User-agent: *",
        *(f"Disallow: /{code}/{path}" for code in codes for path in CLOSED),
        *(f"Allow: /{code}/{path}" for code in codes for path in OPEN),
        "",
        f"Sitemap: {settings.PUBLIC_ORIGIN}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_GET
@for_machines
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); 404 where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    expires = day + timedelta(days=SECURITY_DAYS)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in offered_languages())}",
        f"Canonical: {settings.PUBLIC_ORIGIN}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
