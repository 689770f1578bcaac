"""Opening a room: what it is, who will be in it, a look at who will read it, and then the act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.http import mandates_of, person
from messaging.actions import start_room
from messaging.forms_opening import NewRoomForm
from messaging.permissions_opening import groups_to_open, opening_mandate
from messaging.standing import readers_to_be


@login_required
@require_http_methods(["GET", "POST"])
def new_room(request: HttpRequest) -> HttpResponse:
    """Sent once, the form is answered by who would read the room; sent with `open`, it opens."""
    user = person(request)
    is_office = opening_mandate(user, None) is not None
    groups = groups_to_open(user)
    if not is_office and not groups:
        raise PermissionDenied
    form = NewRoomForm(
        request.POST if request.method == "POST" else None, groups=groups, is_office=is_office
    )
    preview = None
    if form.is_bound and form.is_valid():
        roles = form.roles()
        if "open" in request.POST:
            group = form.cleaned_data["group"]
            mandate = opening_mandate(user, group) or mandates_of(request)[0]
            room = start_room(
                kind=form.cleaned_data["kind"],
                titles=form.texts("title"),
                purposes=form.texts("purpose"),
                group=group,
                delegations=roles,
                actor=user,
                mandate=mandate,
            )
            messages.success(request, _("The room is open."))
            return redirect("messaging:room", room.pk)
        preview = readers_to_be(roles)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(
        request, "messaging/new_room.html", {"form": form, "preview": preview}, status=status
    )
