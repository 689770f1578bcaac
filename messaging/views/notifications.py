"""What a person is told of the rooms, and how."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members.http import mandate_of, person
from members.models import User
from messaging import actions, push
from messaging.forms_notifications import (
    DeviceForm,
    LevelForm,
    LevelsForm,
    NotificationForm,
    RemovedDeviceForm,
    RestrictionForm,
)
from messaging.models import NotificationLevel, NotificationSettings, PushDevice, Room
from messaging.models.notifications import default_level
from messaging.news_letters import who_stops
from messaging.permissions import access_room, access_running


@login_required
@require_http_methods(["GET", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """When the person is told; beside it, on which devices, and about what in each room."""
    user = person(request)
    if request.method == "GET":
        return _page(request)
    form = NotificationForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    actions.change_notifications(user=user, **form.values())
    messages.success(request, _("Your settings are saved."))
    return redirect("messaging:notifications")


@login_required
@require_POST
def room_levels(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = LevelsForm(request.POST, rooms=Room.objects.readable_by(user))
    if not form.is_valid():
        return _page(request, levels=form)
    actions.set_levels(user=user, levels=form.levels())
    messages.success(request, _("Your settings are saved."))
    return redirect("messaging:notifications")


@login_required
@require_POST
def room_level(request: HttpRequest, pk: int) -> HttpResponse:
    room = access_room(person(request), pk).room
    form = LevelForm(request.POST)
    if form.is_valid():
        actions.set_level(room=room, user=person(request), level=form.cleaned_data["level"])
        messages.success(request, _("What you are told about this room is changed."))
    else:
        messages.error(request, str(form.errors["level"][0]))
    return redirect("messaging:room", pk)


@login_required
@require_POST
def restrict_room(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_running(person(request), pk)
    form = RestrictionForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["is_restricted"][0]))
        return redirect("messaging:room_settings", pk)
    try:
        actions.restrict_room(
            room=access.room,
            is_restricted=form.cleaned_data["is_restricted"],
            actor=person(request),
            mandate=access.chair_of(mandate_of(request)),
        )
    except actions.RoomArchived:
        messages.error(request, _("The room is archived. Reopen it first."))
    else:
        messages.success(request, _("Saved."))
    return redirect("messaging:room_settings", pk)


@login_required
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """Asked by the page's script alone, when the browser has agreed."""
    form = DeviceForm(request.POST)
    if not push.has_key():
        raise Http404
    if not form.is_valid():
        reasons = [str(reason) for found in form.errors.values() for reason in found]
        return JsonResponse({"status": 422, "reason": reasons[0]}, status=422)
    actions.add_device(
        user=person(request),
        session_key=request.session.session_key or "",
        user_agent=request.headers.get("User-Agent", ""),
        **form.cleaned_data,
    )
    return JsonResponse({"status": 200})


@login_required
@require_POST
def remove_device(request: HttpRequest) -> HttpResponse:
    form = RemovedDeviceForm(request.POST)
    if form.is_valid():
        actions.remove_device(
            user=person(request),
            endpoint=form.cleaned_data["endpoint"],
            pk=form.cleaned_data["device"],
        )
    if not request.accepts("text/html"):
        return JsonResponse({"status": 200})
    messages.success(request, _("That device is told no more."))
    return redirect("messaging:notifications")


@csrf_exempt  # a mail program posts here (RFC 8058); the address itself is the right
@require_http_methods(["GET", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Stops e-mails, without signing in. GET asks first: whatever looks at links stops nothing."""
    user = User.objects.numbered(who_stops(token) or 0)
    if user is None:
        raise Http404
    if request.method == "POST":
        if "again" in request.POST:
            actions.resume_letters(user=user)
        else:
            actions.stop_letters(user=user)
    context = {"chosen": NotificationSettings.objects.of(user), "asked": request.method == "GET"}
    return render(request, "messaging/stop_letters.html", context)


def _page(
    request: HttpRequest,
    *,
    form: NotificationForm | None = None,
    levels: LevelsForm | None = None,
) -> HttpResponse:
    user = person(request)
    rooms = list(Room.objects.readable_by(user).order_by("pk"))
    chosen = NotificationLevel.objects.of_many([user.pk], rooms)
    now: dict[str, Any] = {
        f"room_{room.pk}": chosen.get((user.pk, room.pk)) or default_level(room) for room in rooms
    }
    devices = list(PushDevice.objects.of(user))
    context = {
        "form": form
        or NotificationForm(
            initial=NotificationForm.initial_of(NotificationSettings.objects.of(user))
        ),
        "levels": levels or LevelsForm(rooms=rooms, initial=now),
        "devices": devices,
        "session_key": request.session.session_key,
        "is_told": any(each.session_key == request.session.session_key for each in devices),
        "push_key": push.public_key() if push.has_key() else "",
    }
    status = 422 if form or levels else 200
    return render(request, "messaging/notifications.html", context, status=status)
