"""Opening a meeting's room: a look at who will read it, and then the act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly import actions
from assembly.actions.rooms import roles_of_all
from assembly.forms_rooms import MeetingRoomForm
from assembly.permissions import access_meeting, can_run_meetings
from members.http import person
from members.permissions import secretariat_mandate
from messaging.permissions_opening import groups_to_open
from messaging.standing import readers_to_be


@login_required
@require_http_methods(["GET", "POST"])
def open_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would read the room of a meeting of all is shown at once, of another when its form was
    sent; sent with `open`, it opens.
    """
    user = person(request)
    meeting = access_meeting(user, pk)
    mandate = secretariat_mandate(user)
    if mandate is None or not can_run_meetings(user):
        raise PermissionDenied
    if meeting.room_id:
        return _led_there(request, meeting.room_id)
    if meeting.is_over:
        messages.error(request, _("The meeting is over: no room is opened for it."))
        return redirect("assembly:meeting", pk)
    data = request.POST if request.method == "POST" else None
    form = None if meeting.is_of_all else MeetingRoomForm(data, groups=groups_to_open(user))
    roles = None
    if form is None:
        roles = roles_of_all()
    elif form.is_bound and form.is_valid():
        roles = form.roles()
    if roles is not None and "open" in request.POST:
        try:
            room = actions.open_meeting_room(
                meeting=meeting,
                group=form.cleaned_data["group"] if form else None,
                delegations=roles,
                actor=user,
                mandate=mandate,
            )
        except actions.RoomThere as there:  # opened meanwhile by another of the office
            return _led_there(request, there.room.pk)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("assembly:meeting", pk)
        messages.success(request, _("The room of the meeting is open."))
        return redirect("messaging:room", room.pk)
    context = {
        "meeting": meeting,
        "form": form,
        "preview": readers_to_be(roles) if roles is not None else None,
    }
    status = 422 if form is not None and form.is_bound and roles is None else 200
    return render(request, "assembly/new_room.html", context, status=status)


def _led_there(request: HttpRequest, room: int) -> HttpResponse:
    messages.info(request, _("This meeting has its room already: here it is."))
    return redirect("messaging:room", room)
