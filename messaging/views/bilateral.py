"""Bilateral rooms: inviting a delegation, and answering."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import mandate_of, person
from members.models import Mandate
from messaging import actions
from messaging.forms_bilateral import DeclineForm, InviteDelegationForm
from messaging.models import BilateralInvitation
from messaging.permissions_opening import access_bilateral, leading_mandates


@login_required
@require_http_methods(["GET", "POST"])
def invite_delegation(request: HttpRequest) -> HttpResponse:
    leading = leading_mandates(person(request))
    if not leading:
        raise PermissionDenied
    mandate = _preferred(request, leading)
    form = InviteDelegationForm(
        request.POST if request.method == "POST" else None,
        own=mandate.institution,
        initial={"to": request.GET.get("to", "")},
    )
    if form.is_bound and form.is_valid():
        try:
            invitation = actions.invite_delegation(
                to=form.cleaned_data["to"],
                note=form.cleaned_data["note"],
                language=get_language(),
                with_office=form.cleaned_data["with_office"],
                actor=person(request),
                mandate=mandate,
            )
        except actions.PairTaken:
            form.add_error("to", _taken())
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("messaging:bilateral", invitation.pk)
    context = {"form": form, "own": mandate.institution}
    status = 422 if form.is_bound else 200
    return render(request, "messaging/invite_delegation.html", context, status=status)


@login_required
@require_GET
def bilateral(request: HttpRequest, pk: int) -> HttpResponse:
    invitation, mandate = access_bilateral(person(request), pk)
    return _page(request, invitation, mandate, DeclineForm())


@login_required
@require_POST
def accept_bilateral(request: HttpRequest, pk: int) -> HttpResponse:
    invitation, mandate = access_bilateral(person(request), pk)
    try:
        done = actions.accept_invitation(
            invitation=invitation, actor=person(request), mandate=mandate
        )
    except (actions.AlreadyAnswered, actions.PairTaken):
        return _too_late(request, pk)
    messages.success(request, _("The room is open."))
    return redirect("messaging:room", done.room_id)


@login_required
@require_POST
def decline_bilateral(request: HttpRequest, pk: int) -> HttpResponse:
    invitation, mandate = access_bilateral(person(request), pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, mandate, form, status=422)
    try:
        actions.decline_invitation(
            invitation=invitation,
            reason=form.cleaned_data["reason"],
            actor=person(request),
            mandate=mandate,
        )
    except actions.AlreadyAnswered:
        return _too_late(request, pk)
    messages.success(request, _("The invitation is declined."))
    return redirect("messaging:bilateral", pk)


@login_required
@require_POST
def withdraw_bilateral(request: HttpRequest, pk: int) -> HttpResponse:
    invitation, mandate = access_bilateral(person(request), pk)
    try:
        actions.withdraw_invitation(invitation=invitation, actor=person(request), mandate=mandate)
    except actions.AlreadyAnswered:
        return _too_late(request, pk)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("messaging:bilateral", pk)


def _taken() -> str:
    return _("The two delegations have an open room, or an invitation that waits for an answer.")


def _preferred(request: HttpRequest, leading: list[Mandate]) -> Mandate:
    chosen = mandate_of(request)
    return chosen if chosen in leading and chosen else leading[0]


def _too_late(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The invitation was answered or withdrawn in the meantime."))
    return redirect("messaging:bilateral", pk)


def _page(
    request: HttpRequest,
    invitation: BilateralInvitation,
    mandate: Mandate,
    form: DeclineForm,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "invitation": invitation,
        "is_theirs": mandate.institution_id == invitation.to_id,
        "form": form,
    }
    return render(request, "messaging/bilateral.html", context, status=status)
