"""One mandate: its letters of appointment, its suspension, its successor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import mandates, succession
from members.actions.invitations import invite_to_delegation
from members.actions.people import AccountClosedError, LastOfItsKindError
from members.enums import Capacity
from members.forms.mandate_acts import LettersForm, SuccessorForm, SuspendForm
from members.http import acting, acting_for, prove_again
from members.models import AppointmentLetter, Mandate
from members.network import offered_or_first
from members.permissions import (
    access_letter,
    access_managed_mandate,
    access_own_mandate,
    can_change_last_day,
    can_end_mandate,
    can_hand_over,
    can_lay_down,
    can_record_letters,
    can_suspend_mandate,
    possible_successors,
)
from records.http import file_response


@require_GET
@login_required
def mandate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever manages the delegation, and whoever holds the mandate."""
    return _page(request, access_managed_mandate(request.user, pk), LettersForm(), status=200)


def _page(request: HttpRequest, shown: Mandate, form: LettersForm, *, status: int) -> HttpResponse:
    open_still = not shown.is_ended
    context = {
        "shown": shown,
        "letters": AppointmentLetter.objects.of_mandate(shown),
        "form": form,
        "may_record": can_record_letters(request.user, shown),
        "may_suspend": open_still and can_suspend_mandate(request.user, shown),
        "may_end": open_still and can_end_mandate(request.user, shown),
        "may_change_last_day": can_change_last_day(request.user, shown),
        "may_lay_down": open_still and can_lay_down(request.user, shown),
        "may_hand_over": open_still and can_hand_over(request.user, shown),
    }
    return render(request, "members/mandate.html", context, status=status)


@require_POST
@login_required
def record_letters(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_managed_mandate(request.user, pk)
    if not can_record_letters(request.user, shown):
        raise PermissionDenied
    form = LettersForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            mandates.record_letters(
                of=shown,
                uploads=form.cleaned_data["letters"],
                **acting_for(request, shown.institution_id),
            )
        except ValidationError as error:
            form.add_error("letters", error)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    messages.success(request, _("The letter is on record with the mandate."))
    return redirect("members:mandate", pk)


@require_GET
@login_required
def appointment_letter(request: HttpRequest, pk: int, letter_id: int) -> StreamingHttpResponse:
    letter = access_letter(request.user, pk, letter_id)
    return file_response(letter.file, letter.name)


@require_http_methods(["GET", "POST"])
@login_required
def suspend_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what follows, ask once for the reason."""
    suspending = access_managed_mandate(request.user, pk)
    if not can_suspend_mandate(request.user, suspending):
        raise PermissionDenied
    prove_again(request)
    form = SuspendForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"shown": suspending, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/suspend_mandate.html", context, status=status)
    try:
        mandates.suspend_mandate(
            suspending=suspending,
            reason=form.cleaned_data["reason"],
            **acting_for(request, suspending.institution_id),
        )
    except LastOfItsKindError:
        context["is_last"] = True
        return render(request, "members/suspend_mandate.html", context, status=422)
    messages.success(request, _("The mandate is suspended, and its rights with it."))
    return redirect("members:mandate", pk)


@require_http_methods(["GET", "POST"])
@login_required
def lay_down_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own: say what follows, ask once."""
    laying = access_own_mandate(request.user, pk)
    if request.method == "GET" and laying.is_ended:
        return redirect("members:mandate", pk)
    prove_again(request)
    context: dict[str, Any] = {"laying": laying}
    if request.method == "GET":
        return render(request, "members/lay_down_mandate.html", context)
    try:
        mandates.lay_down_mandate(laying=laying, **acting(request))
    except LastOfItsKindError:
        context["is_last"] = True
        return render(request, "members/lay_down_mandate.html", context, status=422)
    messages.success(request, _("You have laid down the mandate. Its rights have ended."))
    return redirect("portal:home")  # the delegation may be closed to them now


@require_POST
@login_required
def reinstate_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    suspended = access_managed_mandate(request.user, pk)
    if not can_suspend_mandate(request.user, suspended):
        raise PermissionDenied
    prove_again(request)
    mandates.reinstate_mandate(suspended=suspended, **acting_for(request, suspended.institution_id))
    messages.success(request, _("The mandate carries its rights again."))
    return redirect("members:mandate", pk)


@require_http_methods(["GET", "POST"])
@login_required
def hand_over_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """To a person of the delegation at once, or to one who accepts an invitation."""
    handing = access_managed_mandate(request.user, pk)
    if handing.is_ended or not can_hand_over(request.user, handing):
        raise PermissionDenied
    prove_again(request)
    form = SuccessorForm(
        request.POST if request.method == "POST" else None,
        handing=handing,
        people=possible_successors(handing),
        initial={"language": offered_or_first(get_language())},
    )
    if not form.is_valid():
        context = {"shown": handing, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "members/hand_over_mandate.html", context, status=status)
    if form.successor:
        try:
            succession.hand_over_mandate(
                handing=handing, to=form.successor, **acting_for(request, handing.institution_id)
            )
        except AccountClosedError as error:
            form.add_error("to", error)
            context = {"shown": handing, "form": form}
            return render(request, "members/hand_over_mandate.html", context, status=422)
        messages.success(request, _("The mandate is handed over."))
    else:
        invite_to_delegation(
            institution=handing.institution,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            capacity=Capacity(handing.capacity),
            succeeds=handing,
            **acting_for(request, handing.institution_id),
        )
        messages.success(
            request,
            _("The invitation is on its way. The mandate passes at the moment it is accepted."),
        )
    if handing.user == request.user and form.successor:
        return redirect("portal:home")  # the delegation may be closed to them now
    return redirect("members:delegation", handing.institution_id)
