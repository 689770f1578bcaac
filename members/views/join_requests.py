"""An institution asks to join a group, and is answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import join_requests as actions
from members.actions.groups import GroupClosedError
from members.enums import GroupRole
from members.forms.groups import JoinForm, ReasonForm
from members.http import acting_by, mandate_of, person
from members.models import JoinRequest, Mandate
from members.permissions import running_mandates
from members.permissions.groups import (
    access_group,
    access_request,
    asking_mandates,
    can_answer,
    can_speak_for,
    runs_group,
)


@require_http_methods(["GET", "POST"])
@login_required
def ask_to_join(request: HttpRequest, pk: int) -> HttpResponse:
    group = access_group(request.user, pk)
    mandates = asking_mandates(request.user, group)
    if not mandates:
        raise PermissionDenied
    form = JoinForm(request.POST if request.method == "POST" else None, mandates=mandates)
    if not form.is_valid():
        context = {"group": group, "form": form, "own": mandates[0].institution}
        status = 422 if form.is_bound else 200
        return render(request, "members/group_ask.html", context, status=status)
    try:
        asked = actions.ask_to_join(
            group=group,
            role=GroupRole(form.cleaned_data["role"]),
            words=form.cleaned_data["words"],
            actor=person(request),
            mandate=form.asking(),
        )
    except (actions.AlreadyAskedError, GroupClosedError):
        messages.error(
            request, _("The group was closed, or your institution has asked or entered already.")
        )
        return redirect("members:group", pk)
    messages.success(request, _("Your request is on its way. You are told of the answer."))
    return redirect("members:join_request", asked.pk)


@require_GET
@login_required
def join_request(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_request(request.user, pk), _reason_form())


@require_POST
@login_required
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _to_answer(request, pk)
    try:
        actions.accept_request(request=asked, **_answering(request, asked))
    except actions.AlreadyAnsweredError:
        return _too_late(request, pk)
    except GroupClosedError:
        messages.error(request, _("The group is closed. Reopen it first."))
        return redirect("members:join_request", pk)
    messages.success(request, _("They are in the group, and its room is open to them."))
    return redirect("members:group", asked.group_id)


@require_POST
@login_required
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _to_answer(request, pk)
    form = _reason_form(request)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    try:
        actions.decline_request(
            request=asked,
            reason=form.cleaned_data["reason"],
            **_answering(request, asked),
        )
    except actions.AlreadyAnsweredError:
        return _too_late(request, pk)
    messages.success(request, _("The request is declined."))
    return redirect("members:join_request", pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    asked = access_request(request.user, pk)
    if not can_speak_for(request.user, asked.institution_id):
        raise PermissionDenied
    try:
        actions.withdraw_request(request=asked, actor=person(request), mandate=_speaking(request))
    except actions.AlreadyAnsweredError:
        return _too_late(request, pk)
    messages.success(request, _("The request is withdrawn."))
    return redirect("members:join_request", pk)


def _to_answer(request: HttpRequest, pk: int) -> JoinRequest:
    asked = access_request(request.user, pk)
    if not can_answer(request.user, asked):
        raise PermissionDenied
    return asked


def _answering(request: HttpRequest, asked: JoinRequest) -> dict[str, Any]:
    return acting_by(request, lambda m: runs_group(m, asked.group))


def _speaking(request: HttpRequest) -> Mandate:
    """There is one: without a running mandate nobody comes so far."""
    return mandate_of(request) or running_mandates(request.user)[0]


def _reason_form(request: HttpRequest | None = None) -> ReasonForm:
    return ReasonForm(
        request.POST if request else None, help_text=_("The institution that asks reads it.")
    )


def _too_late(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The request was answered or withdrawn in the meantime."))
    return redirect("members:join_request", pk)


def _page(
    request: HttpRequest, asked: JoinRequest, form: ReasonForm, status: int = 200
) -> HttpResponse:
    context = {
        "asked": asked,
        "form": form,
        "may_answer": asked.is_pending and can_answer(request.user, asked),
        "may_withdraw": asked.is_pending and can_speak_for(request.user, asked.institution_id),
    }
    return render(request, "members/join_request.html", context, status=status)
