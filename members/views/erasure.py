"""Leaving: to have one's account erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.actions.erasure import StillBoundError, erase_account
from members.forms.erasure import EraseForm
from members.http import person, prove_again
from members.permissions.erasure import bars_to_erasure


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, what bars it; the password once more, and it is done."""
    user = person(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if any(bars_to_erasure(user)):
        return _page(request, form, status=409 if form.is_bound else 200)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        erase_account(actor=user)
    except StillBoundError:  # appointed between two looks
        return _page(request, form, status=409)
    logout(request)
    messages.success(request, _("Your account is erased."))
    return redirect("account_login")


def _page(request: HttpRequest, form: EraseForm, *, status: int) -> HttpResponse:
    bars = bars_to_erasure(person(request))
    context = {"form": form, "bars": bars, "is_barred": any(bars)}
    return render(request, "members/erasure.html", context, status=status)
