"""What an institution is, corrected by the secretariat."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.actions.facts import StaleFactsError, correct_facts
from members.forms.facts import FactsForm
from members.http import acting, prove_again
from members.models import Institution
from members.permissions.profiles import access_facts
from records.forms import take_version


@require_http_methods(["GET", "POST"])
@login_required
def institution_facts(request: HttpRequest, pk: int) -> HttpResponse:
    institution = access_facts(request.user, pk)
    form = FactsForm(
        request.POST if request.method == "POST" else None,
        initial=FactsForm.initial_of(institution),
    )
    if not form.is_valid():
        return _page(request, institution, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        correct_facts(institution=institution, **form.cleaned_data, **acting(request))
    except StaleFactsError as error:
        take_version(form, error.institution.facts_version)
        return _page(request, error.institution, form, status=409, stale=True)
    messages.success(request, _("This is what everyone reads of the institution from now on."))
    return redirect("members:institution", pk)


def _page(
    request: HttpRequest, institution: Institution, form: FactsForm, *, status: int, **more: Any
) -> HttpResponse:
    context = {"institution": institution, "form": form, **more}
    return render(request, "members/facts.html", context, status=status)
