"""Rooms of persons: whom one writes to, and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.http import mandate_of, person
from messaging import actions
from messaging.forms_direct import DirectForm
from messaging.permissions import access_room
from messaging.permissions_direct import people_to_write_to, speaking_mandates


@login_required
@require_http_methods(["GET", "POST"])
def new_direct(request: HttpRequest) -> HttpResponse:
    """`?to=`: somebody who is chosen already."""
    user = person(request)
    speaking = speaking_mandates(user)
    if not speaking:
        raise PermissionDenied
    chosen = mandate_of(request)
    form = DirectForm(
        request.POST if request.method == "POST" else None,
        mandates=people_to_write_to(user),
        initial={"people": [request.GET.get("to", "")]},
    )
    if form.is_bound and form.is_valid():
        room = actions.open_direct(
            people=form.chosen(),
            actor=user,
            mandate=chosen if chosen and chosen in speaking else speaking[0],
        )
        return redirect("messaging:room", room.pk)
    status = 422 if form.is_bound else 200
    return render(request, "messaging/new_direct.html", {"form": form}, status=status)


@login_required
@require_POST
def leave_room(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    actions.leave_room(room=access_room(user, pk).room, actor=user)
    messages.success(request, _("You have left the room."))
    return redirect("messaging:room_list")
