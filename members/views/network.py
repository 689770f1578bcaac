"""The settings of the network: where they are, what it is called, and its languages."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import network as actions
from members.forms.network import NetworkForm, ReturnForm
from members.http import acting, prove_again, secretariat_only
from members.models import NetworkVersion

CONFLICT = 409


@require_GET
@secretariat_only
def network_settings(request: HttpRequest) -> HttpResponse:
    return render(request, "members/network_settings.html")


@require_http_methods(["GET", "POST"])
@secretariat_only
def network_names(request: HttpRequest) -> HttpResponse:
    form = NetworkForm(
        request.POST if request.method == "POST" else None,
        initial=NetworkForm.initial_of(NetworkVersion.objects.current()),
    )
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        actions.settle_network(
            **form.facts(), version=form.cleaned_data["version"], **acting(request)
        )
    except actions.StaleTextError as error:
        form.take_version(error.version)
        return _page(request, form, status=CONFLICT, newer=NetworkVersion.objects.current())
    messages.success(request, _("This holds from now on, on every page."))
    return redirect("members:network_names")


def _page(
    request: HttpRequest, form: NetworkForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    versions = list(NetworkVersion.objects.in_order())
    context = {"form": form, "versions": versions, **more}
    return render(request, "members/network_names.html", context, status=status)


@require_GET
@secretariat_only
def network_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version; 0 is what the portal was deployed with."""
    shown = NetworkVersion.objects.in_order().find(number) if number else NetworkVersion(number=0)
    if shown is None:
        raise Http404
    current = NetworkVersion.objects.current()
    context = {"version": shown, "current": current}
    return render(request, "members/network_version.html", context)


@require_POST
@secretariat_only
def return_network(request: HttpRequest, number: int) -> HttpResponse:
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return redirect("members:network_version", number)
    prove_again(request)
    try:
        made = actions.return_network(
            number=number, version=form.cleaned_data["version"], **acting(request)
        )
    except actions.StaleTextError as error:
        messages.error(request, error.messages[0])
        return redirect("members:network_version", number)
    if made is None:
        raise Http404
    messages.success(request, _("It stands again, as a new version."))
    return redirect("members:network_names")
