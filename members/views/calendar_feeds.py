"""The private calendar address of a person: its page, and what calendar programs read at it."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import calendar_feeds as actions
from members.group_calendar import own_calendar_of
from members.http import person, prove_again
from members.models import CalendarFeed
from members.network import read_in
from members.permissions.calendar_feeds import access_feed, can_have_feed, dates_for
from members.throttle import origin_of, within_limit

MINUTE = 60


@require_http_methods(["GET", "POST"])
@login_required
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The address, to read; POST makes it, or another in its place."""
    user = person(request)
    if not can_have_feed(user):
        raise Http404
    prove_again(request)  # whoever has the address needs no sign-in any more
    feed = CalendarFeed.objects.of_person(user).first()
    if request.method == "POST":
        if "renew" in request.POST:
            actions.renew_calendar_feed(actor=user)
            messages.success(request, _("The address is another one. The old one is dead."))
        else:
            actions.open_calendar_feed(actor=user)
            messages.success(request, _("Your calendar has an address."))
        return redirect("members:calendar_feed")
    context = {"feed": feed}
    if feed:
        path = reverse("members:calendar_feed_file", args=[feed.token])
        context["address"] = settings.PUBLIC_ORIGIN + path
    return render(request, "members/calendar_feed.html", context)


@require_POST
@login_required
def close_calendar_feed(request: HttpRequest) -> HttpResponse:
    actions.close_calendar_feed(actor=person(request))
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("members:settings")


@require_GET
def calendar_feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which do not sign in: the address is the right.

    Programs keep an address for years: in a language that the network has left since, it answers in
    the one of its person.
    """
    if not within_limit("calendar-feed", origin_of(request), limit=60, seconds=MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": str(MINUTE)})
    feed = access_feed(token)
    with override(read_in(get_language() or "", feed.user.language)):
        content = own_calendar_of(dates_for(feed.user))
    etag = quote_etag(sha256(content).hexdigest())
    answer = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="my-groups.ics"',
            "Cache-Control": "private, no-cache",
            "ETag": etag,
            "X-Robots-Tag": "noindex",
        },
    )
    return get_conditional_response(request, etag=etag, response=answer) or answer
