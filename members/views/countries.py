"""Countries: what they are called here, and which of them stand on the map."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import countries as actions
from members.countries import all_names, country_choices, country_name, is_country, library_name
from members.forms.countries import CountryFilterForm, CountryForm
from members.http import acting, secretariat_only
from members.models import CountryName, Institution
from records.folding import fold


class Line(NamedTuple):
    code: str
    settled: CountryName | None


@require_GET
@secretariat_only
def country_list(request: HttpRequest) -> HttpResponse:
    """Those of the network and those that were settled; all others by the filter."""
    form = CountryFilterForm(request.GET or {"q": ""})
    sought = form.folded()
    settled = CountryName.objects.by_code()
    present = Institution.objects.country_codes()
    lines = [Line(code, settled.get(code)) for code, _name in country_choices()]
    if sought:
        shown = [line for line in lines if _fits(line.code, sought)]
    else:
        shown = [line for line in lines if line.settled or line.code in present]
    return render(
        request,
        "members/country_list.html",
        {"form": form, "lines": shown, "sought": form["q"].value()},
    )


def _fits(code: str, sought: str) -> bool:
    names = fold(" ".join([code, *all_names(code)]))
    return all(word in names for word in sought.split())


def _known(code: str) -> str:
    if not is_country(code):
        raise Http404
    return code


@require_http_methods(["GET", "POST"])
@secretariat_only
def country(request: HttpRequest, code: str) -> HttpResponse:
    settled = CountryName.objects.find(_known(code))
    form = CountryForm(
        request.POST if request.method == "POST" else None,
        code=code,
        initial=CountryForm.initial_of(settled),
    )
    if not form.is_valid():
        context: dict[str, Any] = {
            "code": code,
            "name": country_name(code),
            "usual": library_name(code),
            "settled": settled,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "members/country.html", context, status=status)
    actions.settle_country(
        code=code,
        names=form.texts("name"),
        is_on_map=form.cleaned_data["is_on_map"],
        note=form.cleaned_data["note"],
        **acting(request),
    )
    messages.success(request, _("The country is settled."))
    return redirect("members:countries")


@require_POST
@secretariat_only
def reset_country(request: HttpRequest, code: str) -> HttpResponse:
    actions.reset_country(code=_known(code), **acting(request))
    messages.success(request, _("The country has the name of the list again."))
    return redirect("members:countries")
