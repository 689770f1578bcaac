"""What members owe by year, as the secretariat enters and corrects it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from members.actions.dues import StaleDuesError, open_dues_of_year, settle_dues
from members.forms.standing import DuesForm, YearForm
from members.http import acting, secretariat_only
from members.models import Dues, Institution
from members.permissions.standing import access_to_watch
from records.reading import number


@require_http_methods(["GET", "POST"])
@secretariat_only
def dues_of_year(request: HttpRequest) -> HttpResponse:
    """The same for all members of some classes; who has a row already keeps it."""
    form = YearForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "assembly/dues_of_year.html", {"form": form}, status=status)
    new = open_dues_of_year(**form.cleaned_data, **acting(request))
    if new:
        messages.success(
            request,
            ngettext(
                "Dues were entered for %(number)s institution.",
                "Dues were entered for %(number)s institutions.",
                len(new),
            )
            % {"number": number(len(new))},
        )
    else:
        messages.info(request, _("Nothing was entered: each of them has dues for this year."))
    return redirect("assembly:standing_monitor")


@require_http_methods(["GET", "POST"])
@secretariat_only
def new_dues(request: HttpRequest, pk: int) -> HttpResponse:
    return _settle(request, access_to_watch(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@secretariat_only
def dues(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    institution = access_to_watch(request.user, pk)
    found = institution.dues.find(year) if year < 10_000 else None
    if found is None:
        raise Http404
    return _settle(request, institution, found)


def _settle(request: HttpRequest, institution: Institution, found: Dues | None) -> HttpResponse:
    form = DuesForm(request.POST if request.method == "POST" else None, dues=found)
    context = {"institution": institution, "dues": found, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "assembly/dues.html", context, status=status)
    try:
        settle_dues(
            institution=institution,
            year=found.year if found else form.cleaned_data["year"],
            said=form.said(),
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except StaleDuesError as error:
        form.take_version(error.dues.version)
        return render(request, "assembly/dues.html", {**context, "stands": error.dues}, status=409)
    messages.success(request, _("The dues are on record."))
    return redirect("assembly:standing", institution.pk)
