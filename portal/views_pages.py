"""The pages of the public site, and the way to write to the secretariat."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from members.caching import public_page
from members.models import Presidency, User
from members.throttle import origin_of, within_limit
from portal.actions.contact import send_message
from portal.default_pages import shown_page
from portal.enums import PageKey
from portal.forms.contact import ContactForm
from portal.models import SitePage
from portal.permissions import can_publish

HOUR = 60 * 60
MESSAGES_AN_HOUR = 5


@require_GET
@public_page
def page(request: HttpRequest, key: PageKey) -> HttpResponse:
    return render(request, f"portal/pages/{key}.html", _context(request, key))


def _context(request: HttpRequest, key: PageKey) -> dict[str, Any]:
    context: dict[str, Any] = {
        "key": key,
        "edition": shown_page(SitePage.objects.of_key(key)),
        "office": can_publish(request.user),
    }
    if key == PageKey.ABOUT:
        context["presidencies"] = list(Presidency.objects.begun().for_timeline())
    return context


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The secretariat's address, and a form that writes to it. Nobody's own address is shown."""
    user = request.user
    initial = {"name": user.name, "email": user.email} if isinstance(user, User) else {}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_valid():
        return _contact_page(request, form, status=422 if form.is_bound else 200)
    if form.is_by_a_machine:
        return redirect("portal:contact_sent")
    if not within_limit("contact", origin_of(request), limit=MESSAGES_AN_HOUR, seconds=HOUR):
        return _contact_page(request, form, status=429, limited=True)
    send_message(**form.message(), language=get_language() or settings.LANGUAGE_CODE)
    return redirect("portal:contact_sent")


def _contact_page(
    request: HttpRequest, form: ContactForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        **_context(request, PageKey.CONTACT),
        "form": form,
        "address": settings.CONTACT_EMAIL,
        **more,
    }
    return render(request, "portal/pages/contact.html", context, status=status)


@require_GET
def contact_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/contact_sent.html")
