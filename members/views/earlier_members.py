"""Members from before the portal: entered by the secretariat, and their first days."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.actions import earlier_members as actions
from members.forms.earlier_members import MemberForm, SinceForm
from members.http import acting, prove_again, secretariat_only
from members.models import Institution, Membership
from members.permissions.memberships import access_first_day


@require_http_methods(["GET", "POST"])
@secretariat_only
def enter_member(request: HttpRequest) -> HttpResponse:
    """What may be the same is shown first; whoever has seen it enters the institution all the
    same.
    """
    form = MemberForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    prove_again(request)
    try:
        made = actions.enter_member(
            **form.institution(),
            joining=actions.Joining(**form.joining()),
            seen=form.marks(),
            **acting(request),
        )
    except actions.PerhapsKnownError as error:
        typed: Any = form.data
        form.data = typed.copy()
        form.data["seen"] = " ".join(each.mark for each in error.found)  # type: ignore[index]
        return _page(request, form, status=409, found=error.found)
    messages.success(request, _("It is a member on record. Invite its focal point here."))
    return redirect("members:invite", made.pk)


def _page(request: HttpRequest, form: MemberForm, *, status: int, **more: Any) -> HttpResponse:
    return render(request, "members/enter_member.html", {"form": form, **more}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def record_first_day(request: HttpRequest, pk: int) -> HttpResponse:
    institution, first = access_first_day(request.user, pk)
    form = SinceForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _first_day(request, institution, first, form)
    prove_again(request)
    try:
        actions.record_first_day(institution=institution, **form.cleaned_data, **acting(request))
    except actions.FirstDayRecordedError as error:
        messages.error(request, error.messages[0])
        return redirect("members:institution", pk)
    except ValidationError as error:
        form.add_error("since", error)
        return _first_day(request, institution, first, form)
    messages.success(request, _("The day is recorded."))
    return redirect("members:institution", pk)


def _first_day(
    request: HttpRequest, institution: Institution, first: Membership, form: SinceForm
) -> HttpResponse:
    context = {"institution": institution, "first": first, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "members/first_day.html", context, status=status)
