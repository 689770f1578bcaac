"""The pages of the public site, as the secretariat writes them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.http import acting, secretariat_only
from portal.actions import pages
from portal.actions.texts import StaleError
from portal.changes import state_changes, text_changes
from portal.default_pages import default_page, overview
from portal.enums import PageKey
from portal.forms.news import PageForm
from portal.models import SitePage
from portal.permissions import access_page


@require_GET
@secretariat_only
def page_list(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/pages/list.html", {"rows": overview()})


@require_http_methods(["GET", "POST"])
@secretariat_only
def edit_page(request: HttpRequest, key: str) -> HttpResponse:
    """Begins with the product's own text where nobody has written another."""
    page = access_page(request.user, key)
    if request.method == "GET":
        shown = page if page.is_written else default_page(key)
        initial = {**PageForm.initial_of(shown), "version": page.version}
        return _edit_page(request, page, PageForm(initial=initial))
    form = PageForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, page, form, status=422)
    try:
        pages.save_page(
            key=PageKey(key),
            texts=form.to_save(),
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except StaleError as error:
        form.take_version(error.version)
        page = access_page(request.user, key)
        newer = page.versions.in_order().find(error.version)
        return _edit_page(request, page, form, status=409, newer=newer)
    messages.success(request, _("Saved."))
    return redirect("portal:page_edit", key)


def _edit_page(
    request: HttpRequest, page: SitePage, form: PageForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"page": page, "key": PageKey(page.key), "form": form, **more}
    return render(request, "portal/pages/edit.html", context, status=status)


@require_GET
@secretariat_only
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """As the public will read it in the language of the address, drafts included."""
    page = access_page(request.user, key)
    shown = page if page.is_written else default_page(key)
    context = {"page": shown, "key": PageKey(key), "edition": shown.edition(drafts=True)}
    return render(request, "portal/pages/preview.html", context)


@require_http_methods(["GET", "POST"])
@secretariat_only
def reset_page(request: HttpRequest, key: str) -> HttpResponse:
    """Asked once more before it is done, though the text stays among the versions."""
    page = access_page(request.user, key)
    if request.method == "GET":
        if not page.is_written:
            return redirect("portal:page_edit", key)
        return render(request, "portal/pages/reset.html", {"page": page, "key": PageKey(key)})
    pages.reset_page(key=PageKey(key), version=None, **acting(request))
    messages.success(request, _("The page shows its default text again."))
    return redirect("portal:page_list")


@require_GET
@secretariat_only
def versions(request: HttpRequest, key: str) -> HttpResponse:
    page = access_page(request.user, key)
    found = page.versions.in_order() if page.pk else []
    return render(
        request,
        "portal/pages/versions.html",
        {"page": page, "key": PageKey(key), "versions": found},
    )


@require_GET
@secretariat_only
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version, against the one before it."""
    page = access_page(request.user, key)
    new = page.versions.in_order().find(number) if page.pk else None
    if new is None:
        raise Http404
    old = page.versions.in_order().find(number - 1)
    context = {
        "page": page,
        "key": PageKey(key),
        "version": new,
        "before": old,
        "changes": text_changes(old, new),
        "states": state_changes(old, new),
    }
    return render(request, "portal/pages/version.html", context)
