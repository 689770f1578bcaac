"""Saved filters: kept, opened from their list, renamed, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import saved_filters as actions
from members.enums_lists import Listing
from members.forms.saved_filters import FilterNameForm, SaveFilterForm
from members.http import acting, secretariat_only
from members.permissions.saved_filters import access_saved_filter

_PAGES = {
    Listing.PEOPLE: "members:people",
    Listing.APPLICATIONS: "members:application_list",
    Listing.AUDIT: "members:audit_log",
}


def address_of(listing: str, query: str) -> str:
    """Where the list stands, narrowed so."""
    page = reverse(_PAGES[Listing(listing)])
    return f"{page}?{query}" if query else page


@require_POST
@secretariat_only
def save_filter(request: HttpRequest) -> HttpResponse:
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        kept = form.cleaned_data
        try:
            saved = actions.save_filter(**kept, **acting(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The filter is saved."))
            return redirect(address_of(saved.listing, saved.query))
    context = {"form": form, "back": _back(form)}
    return render(request, "members/saved_filter_new.html", context, status=422)


def _back(form: SaveFilterForm) -> str:
    listing = form.cleaned_data.get("listing") or Listing.PEOPLE
    return address_of(listing, form.cleaned_data.get("query", ""))


@require_http_methods(["GET", "POST"])
@secretariat_only
def saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and whether colleagues have it too."""
    saved = access_saved_filter(request.user, pk)
    form = FilterNameForm(
        request.POST if request.method == "POST" else None,
        initial={"name": saved.name, "is_shared": saved.is_shared},
    )
    back = address_of(saved.listing, saved.query)
    if form.is_valid():
        try:
            actions.change_filter(saved=saved, **form.cleaned_data, **acting(request))
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("The filter is changed."))
            return redirect(back)
    context = {"saved": saved, "form": form, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "members/saved_filter.html", context, status=status)


@require_POST
@secretariat_only
def remove_filter(request: HttpRequest, pk: int) -> HttpResponse:
    saved = access_saved_filter(request.user, pk)
    actions.remove_filter(saved=saved, **acting(request))
    messages.success(request, _("The filter is removed."))
    return redirect(address_of(saved.listing, ""))
