"""Terms of the presidency from before the portal: entered, corrected, taken out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import presidencies as actions
from members.forms.presidencies import SeenForm, TermForm
from members.http import acting, prove_again, secretariat_only
from members.models import Presidency
from members.permissions.presidencies import access_term


@require_http_methods(["GET", "POST"])
@secretariat_only
def earlier_terms(request: HttpRequest) -> HttpResponse:
    form = TermForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _list(request, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        actions.enter_term(**form.term(), **acting(request))
    except ValidationError as error:
        form.add_error(None, error)
        return _list(request, form, status=422)
    messages.success(request, _("The term stands in the history of the presidency."))
    return redirect("members:earlier_terms")


def _list(request: HttpRequest, form: TermForm, *, status: int) -> HttpResponse:
    context = {"form": form, "terms": list(Presidency.objects.by_hand().for_timeline())}
    return render(request, "members/earlier_terms.html", context, status=status)


@require_http_methods(["GET", "POST"])
@secretariat_only
def earlier_term(request: HttpRequest, pk: int) -> HttpResponse:
    term = access_term(request.user, pk)
    form = TermForm(request.POST if request.method == "POST" else None, term=term)
    if not form.is_valid():
        return _page(request, term, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        actions.correct_term(
            term=term, seen=form.cleaned_data["seen"], **form.term(), **acting(request)
        )
    except actions.TermChangedError as error:
        return _changed(request, pk, form, error)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, term, form, status=422)
    messages.success(request, _("The term is corrected."))
    return redirect("members:earlier_terms")


def _changed(request: HttpRequest, pk: int, form: TermForm, error: ValidationError) -> HttpResponse:
    """What stands now, beside what was typed: whoever sends it again has seen it."""
    term = Presidency.objects.by_hand().find(pk)
    if term is None:
        messages.error(request, error.messages[0])
        return redirect("members:earlier_terms")
    typed: Any = form.data
    form.data = typed.copy()
    form.data["seen"] = term.mark  # type: ignore[index]
    return _page(request, term, form, status=409, conflict=error.messages[0])


def _page(
    request: HttpRequest, term: Presidency, form: TermForm, *, status: int, conflict: str = ""
) -> HttpResponse:
    context = {"term": term, "form": form, "conflict": conflict}
    return render(request, "members/earlier_term.html", context, status=status)


@require_POST
@secretariat_only
def remove_term(request: HttpRequest, pk: int) -> HttpResponse:
    term = access_term(request.user, pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return redirect("members:earlier_term", pk)
    prove_again(request)
    try:
        actions.remove_term(term=term, **form.cleaned_data, **acting(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("members:earlier_terms")
    messages.success(request, _("The term is taken out. The audit log keeps what it said."))
    return redirect("members:earlier_terms")
