"""How long a room keeps its texts, and the legal hold on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.http import person
from messaging import actions
from messaging.forms_moderation import HoldForm, MonthsForm, RetentionForm
from messaging.models import Hold, Room
from messaging.permissions_moderation import access_moderated, access_office, office_mandate


@login_required
@require_GET
def keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """For who runs the room; the secretariat changes it. `?months=` asks what it would touch."""
    access, _mandate = access_moderated(person(request), pk)
    is_office = office_mandate(access, person(request)) is not None
    if not is_office or "months" not in request.GET:
        return _page(request, access.room, is_office)
    form = MonthsForm(request.GET)
    if not form.is_valid():
        return _page(request, access.room, is_office, months=form, status=422)
    months = form.cleaned_data["months"]
    touched = actions.count_touched(access.room, months)
    confirmation = RetentionForm(initial={"months": months}, touched=touched)
    return _page(request, access.room, is_office, months=form, confirmation=confirmation)


@login_required
@require_POST
def change_retention(request: HttpRequest, pk: int) -> HttpResponse:
    access, _mandate = access_office(person(request), pk)
    asked = MonthsForm(request.POST)
    if not asked.is_valid():
        return _page(request, access.room, True, months=asked, status=422)
    months = asked.cleaned_data["months"]
    touched = actions.count_touched(access.room, months)
    form = RetentionForm(request.POST, touched=touched)
    if form.is_valid():
        try:
            actions.change_retention(
                room=access.room, months=months, expected=touched, actor=person(request)
            )
        except actions.CountChanged:
            form.add_error("confirmed", _("The number has changed meanwhile. Look at it again."))
        else:
            messages.success(request, _("Saved."))
            return redirect("messaging:keeping", pk)
    return _page(request, access.room, True, months=asked, confirmation=form, status=422)


@login_required
@require_POST
def change_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Place a hold (`do=place`), or lift it."""
    user = person(request)
    access, _mandate = access_office(user, pk)
    hold = Hold.objects.standing(access.room)
    lifts = request.POST.get("do") == "lift"
    form = HoldForm(request.POST, hold=hold)
    if not form.is_valid():
        return _page(request, access.room, True, holding=form, status=422)
    act = actions.lift_hold if lifts else actions.place_hold
    act(room=access.room, reason=form.cleaned_data["reason"], actor=user)
    messages.success(
        request, _("The legal hold is lifted.") if lifts else _("The legal hold is placed.")
    )
    return redirect("messaging:keeping", pk)


def _page(
    request: HttpRequest,
    room: Room,
    is_office: bool,
    *,
    months: MonthsForm | None = None,
    confirmation: RetentionForm | None = None,
    holding: HoldForm | None = None,
    status: int = 200,
) -> HttpResponse:
    hold = Hold.objects.standing(room)
    context: dict[str, Any] = {
        "room": room,
        "is_office": is_office,
        "hold": hold,
        "past_holds": [each for each in Hold.objects.of_room(room) if each.lifted_at],
        "months": months or MonthsForm(initial={"months": room.retention_months}),
        "confirmation": confirmation,
        "holding": holding or HoldForm(hold=hold),
    }
    return render(request, "messaging/keeping.html", context, status=status)
