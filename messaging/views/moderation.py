"""Mutes and reports: what a reader says, and what those who run a room do about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import person, secretariat_only
from members.models import User
from messaging import actions
from messaging.erasing import Waiting
from messaging.forms_moderation import MuteForm, ReportForm, SettleForm
from messaging.models import Erasure, Message, Mute, Report, Room
from messaging.permissions import RoomAccess, access_message
from messaging.permissions_moderation import (
    access_moderated,
    access_report,
    can_mute,
    can_report,
    moderating_mandate,
    office_mandate,
    reads,
)

SETTLED = 50  # of the last ones on a page


def offers(access: RoomAccess, user: User, message: Message) -> dict[str, Any]:
    """What the page of a message offers beside its text."""
    runs = moderating_mandate(access, user) is not None and message.author_id != user.pk
    found: dict[str, Any] = {
        "report": Report.objects.by(user, message),
        "may_report": can_report(user, message),
        "may_mute": runs and not access.room.is_archived and can_mute(access, user, message.author),
    }
    if office_mandate(access, user):
        found["is_office"] = True
        found["erasure"] = Erasure.objects.of(message).waiting().first()
    return found


@login_required
@require_GET
def mutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may not write in the room now."""
    user = person(request)
    access, _mandate = access_moderated(user, pk)
    listed = list(Mute.objects.for_list(access.room))
    context = {
        "room": access.room,
        "mutes": [(mute, can_mute(access, user, mute.user)) for mute in listed],
    }
    return render(request, "messaging/mutes.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mute(request: HttpRequest, pk: int, user: int) -> HttpResponse:
    actor = person(request)
    access, _mandate = access_moderated(actor, pk)
    target = _target(access, user)
    may = can_mute(access, actor, target) and not access.room.is_archived
    form = MuteForm(request.POST if request.method == "POST" else None)
    if may and form.is_bound and form.is_valid():
        actions.mute_person(room=access.room, user=target, actor=actor, **form.cleaned_data)
        messages.success(request, _("Done. It is felt at once in every open page of the room."))
        return redirect("messaging:mutes", pk)
    context = {
        "room": access.room,
        "target": target,
        "standing": Mute.objects.standing(access.room).find(access.room, target),
        "may": may,
        "form": form,
    }
    status = 403 if not may else 422 if form.is_bound else 200
    return render(request, "messaging/mute.html", context, status=status)


@login_required
@require_POST
def unmute(request: HttpRequest, pk: int, user: int) -> HttpResponse:
    access, _mandate = access_moderated(person(request), pk)
    target = _target(access, user)
    if access.room.is_archived:
        raise PermissionDenied
    actions.unmute_person(room=access.room, user=target, actor=person(request))
    messages.success(request, _("They may write again."))
    return redirect("messaging:mutes", pk)


def _target(access: RoomAccess, pk: int) -> User:
    """A person who reads the room, or who is muted in it. Raises Http404."""
    found = User.objects.numbered(pk)
    if found is None or not (reads(access.room, found) or Mute.objects.find(access.room, found)):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Report a message; later, what came of it."""
    user = person(request)
    access, message = access_message(user, pk, seq)
    made = Report.objects.by(user, message)
    if made is None and not can_report(user, message):
        raise PermissionDenied
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.report_message(room=access.room, seq=message.seq, actor=user, **form.cleaned_data)
        messages.success(request, _("Thank you. Those who run the room will look at it."))
        return redirect("messaging:report", pk, seq)
    context = {"room": access.room, "message": message, "report": made, "form": form}
    return render(request, "messaging/report.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported in one room, for who runs it."""
    access, _mandate = access_moderated(person(request), pk)
    is_office = office_mandate(access, person(request)) is not None
    return _queue(request, [access.room], room=access.room, is_office=is_office)


@require_GET
@secretariat_only
def all_reports(request: HttpRequest) -> HttpResponse:
    """What was reported in all rooms where the secretariat is, and what waits to be erased."""
    rooms = list(Room.objects.of_office())
    waiting = Erasure.objects.in_rooms(rooms).shown_to(person(request)).waiting().for_list()
    return _queue(request, rooms, is_office=True, erasures=[Waiting(each) for each in waiting])


@login_required
@require_POST
def settle_report(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    user = person(request)
    access, _mandate, found = access_report(user, pk, report)
    form = _settling(found, request.POST)
    if found.is_open and not form.is_valid():
        return _queue(request, [access.room], room=access.room, bound=form, of=found, status=422)
    if found.is_open:
        actions.settle_report(report=found, actor=user, **form.cleaned_data)
    messages.success(request, _("Settled. Who reported the message is told."))
    return redirect("messaging:reports", pk)


def _settling(report: Report, data: Any = None) -> SettleForm:
    return SettleForm(data, auto_id=f"report-{report.pk}-%s")


def _queue(
    request: HttpRequest,
    rooms: list[Room],
    *,
    bound: SettleForm | None = None,
    of: Report | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown = Report.objects.in_rooms(rooms).shown_to(person(request)).for_list()
    context = {
        "open": [
            (each, bound if bound and each == of else _settling(each)) for each in shown.open()
        ],
        "settled": shown.settled().order_by("-settled_at", "-pk")[:SETTLED],
        **more,
    }
    return render(request, "messaging/reports.html", context, status=status)
