"""The presidency's office page: terms, and the handover as a guided act."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import handovers as actions
from members.forms.handovers import CancelForm, HandoverForm, MomentForm, NextForm
from members.http import acting_as_office, prove_again, secretariat_only
from members.models import Handover, Institution, Presidency
from members.permissions.presidencies import (
    access_handover,
    can_enter_terms,
    can_hand_over,
    can_read_handovers,
    can_read_pack,
    handovers_of,
    may_preside,
    past_term,
)
from members.queues import counted


@require_GET
@login_required
def presidency(request: HttpRequest) -> HttpResponse:
    """Who presides, what is scheduled, what was handed over."""
    if not can_read_handovers(request.user):
        raise Http404
    handovers = handovers_of(request.user)
    return render(
        request,
        "members/presidency.html",
        {
            "term": Presidency.objects.running().for_timeline().first(),
            "pending": next((each for each in handovers if each.is_pending), None),
            "handovers": [each for each in handovers if not each.is_pending],
            "terms": Presidency.objects.begun().for_timeline(),
            "past_term": past_term(request.user),
            "may_hand_over": can_hand_over(request.user),
            "may_enter_terms": can_enter_terms(request.user),
        },
    )


@require_GET
@secretariat_only
def next_presidency(request: HttpRequest) -> HttpResponse:
    """The first step: who presides next."""
    if Handover.objects.pending().exists():
        return _stands(request)
    outgoing = _presiding()
    form = NextForm(request.GET if "institution" in request.GET else None, outgoing=outgoing)
    if form.is_valid():
        return redirect("members:schedule_handover", form.cleaned_data["institution"].pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "outgoing": outgoing}
    return render(request, "members/handover_next.html", context, status=status)


@require_http_methods(["GET", "POST"])
@secretariat_only
def schedule_handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The second: see what passes and what follows, say who and when, and settle it."""
    if Handover.objects.pending().exists():
        return _stands(request)
    outgoing = _presiding()
    institution = next((each for each in may_preside(outgoing) if each.pk == pk), None)
    if institution is None:
        raise Http404
    prove_again(request)
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        outgoing=outgoing,
        institution=institution,
    )
    if form.is_bound and form.is_valid():
        try:
            made = actions.schedule_handover(
                institution=institution, **form.chosen(), **acting_as_office(request)
            )
        except actions.HandoverStandsError:
            return _stands(request)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("The handover is scheduled. Both offices are told by e-mail.")
            )
            return redirect("members:handover", made.pk)
    context = {
        "form": form,
        "outgoing": outgoing,
        "institution": institution,
        "queues": counted(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/handover_schedule.html", context, status=status)


def _presiding() -> Institution:
    return Presidency.objects.running().select_related("institution").get().institution


@require_GET
@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_handover(request.user, pk))


@require_http_methods(["GET", "POST"])
@login_required
def move_handover(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _of_office(request, pk)
    if not shown.is_pending:
        return _changed(request, pk)
    prove_again(request)
    form = MomentForm(
        request.POST if request.method == "POST" else None,
        initial={"version": shown.version, "takes_effect_at": shown.takes_effect_at},
    )
    if form.is_bound and form.is_valid():
        try:
            actions.move_handover(handover=shown, **form.cleaned_data, **acting_as_office(request))
        except actions.HandoverChangedError:
            return _changed(request, pk)
        except ValidationError as error:
            form.add_error("takes_effect_at", error)
        else:
            messages.success(request, _("It takes effect at this moment now."))
            return redirect("members:handover", pk)
    context = {"handover": shown, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "members/handover_move.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def cancel_handover(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _of_office(request, pk)
    if not shown.is_pending:
        return _changed(request, pk)
    prove_again(request)
    form = CancelForm(
        request.POST if request.method == "POST" else None,
        help_text=_("Both offices read it, and get it by e-mail."),
    )
    if not form.is_valid():
        context = {"handover": shown, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "members/handover_cancel.html", context, status=status)
    try:
        actions.cancel_handover(
            handover=shown, reason=form.cleaned_data["reason"], **acting_as_office(request)
        )
    except actions.HandoverChangedError:
        return _changed(request, pk)
    messages.success(request, _("The handover is cancelled. All is as it was before."))
    return redirect("members:handover", pk)


def _of_office(request: HttpRequest, pk: int) -> Handover:
    """A handover that the reader may change. Raises Http404 and PermissionDenied."""
    shown = access_handover(request.user, pk)
    if not can_hand_over(request.user):
        raise PermissionDenied
    return shown


def _stands(request: HttpRequest) -> HttpResponse:
    """Another was scheduled first: told with what stands, and nothing of one's own done."""
    stands = Handover.objects.for_display().pending().first()
    if stands is None:  # it took effect, or was cancelled, between two looks
        return redirect("members:presidency")
    return _page(request, stands, conflict=str(actions.HandoverStandsError().messages[0]))


def _changed(request: HttpRequest, pk: int) -> HttpResponse:
    conflict = str(actions.HandoverChangedError().messages[0])
    return _page(request, access_handover(request.user, pk), conflict=conflict)


def _page(request: HttpRequest, shown: Handover, conflict: str = "") -> HttpResponse:
    may = can_hand_over(request.user) and shown.is_pending
    context: dict[str, Any] = {
        "handover": shown,
        "conflict": conflict,
        "may_change": may,
        "may_read_pack": can_read_pack(request.user, shown),
        "queues": counted() if may else [],
    }
    status = 409 if conflict else 200
    return render(request, "members/handover.html", context, status=status)
