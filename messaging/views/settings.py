"""What those who run a room do about it: its state, its texts, who is in it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import mandate_of, person
from members.models import Institution
from messaging import actions
from messaging.forms_rooms import (
    AddParticipantForm,
    RemovalForm,
    RoleForm,
    RoomTextsForm,
    StateAct,
    StateForm,
)
from messaging.models import Participant, Report
from messaging.permissions import (
    RoomAccess,
    access_participant,
    access_room,
    access_running,
    can_run,
    people_by_institution,
)
from messaging.standing import readers, standing

_DONE = {
    StateAct.LOCK: actions.lock_to_chairs,
    StateAct.UNLOCK: actions.unlock,
    StateAct.ARCHIVE: actions.archive_room,
    StateAct.REOPEN: actions.reopen_room,
}


@require_GET
def room_standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the person may write in the room now, why not, and who can read it."""
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    user = person(request)
    access = access_room(user, pk)
    panel = render_to_string("messaging/_readers.html", readers(access.room), request)
    told = {"type": "room.standing", "room": pk, **standing(access, user), "people": panel}
    return JsonResponse(told)


@login_required
@require_http_methods(["GET", "POST"])
def room_settings(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_running(person(request), pk)
    if request.method == "GET":
        return _page(request, access)
    form = RoomTextsForm(request.POST, room=access.room)
    if not form.is_valid():
        return _page(request, access, texts=form, status=422)
    try:
        actions.change_texts(
            room=access.room,
            titles=form.texts("title"),
            purposes=form.texts("purpose"),
            **_by(request, access),
        )
    except actions.RoomArchived:
        return _archived(request, pk)
    messages.success(request, _("Saved."))
    return redirect("messaging:room_settings", pk)


@login_required
@require_POST
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_running(person(request), pk)
    form = StateForm(request.POST)
    if not form.is_valid():
        return _page(request, access, status=422)
    act = StateAct(form.cleaned_data["act"])
    try:
        if act == StateAct.SLOW:
            actions.slow_down(
                room=access.room, seconds=form.cleaned_data["seconds"] or 0, **_by(request, access)
            )
        else:
            _DONE[act](room=access.room, **_by(request, access))
    except actions.RoomArchived:
        return _archived(request, pk)
    except actions.PairHasRoom:
        messages.error(request, _("The two delegations have opened another room since."))
        return redirect("messaging:room_settings", pk)
    except actions.GroupClosed:
        messages.error(request, _("The group is closed: its rooms are reopened with it."))
        return redirect("messaging:room_settings", pk)
    messages.success(request, _("Done. It is felt at once in every open page of the room."))
    return redirect("messaging:room_settings", pk)


@login_required
@require_POST
def add_participant(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_running(person(request), pk)
    form = AddParticipantForm(request.POST, present=Participant.objects.for_panel(access.room))
    if not form.is_valid():
        return _page(request, access, adding=form, status=422)
    who = form.cleaned_data["who"]
    is_delegation = isinstance(who, Institution)
    actions.add_participant(
        room=access.room,
        institution=who if is_delegation else None,
        user=None if is_delegation else who,
        role=form.cleaned_data["role"],
        **_by(request, access),
    )
    messages.success(request, _("The room is open to them now."))
    return redirect("messaging:room_settings", pk)


@login_required
@require_http_methods(["GET", "POST"])
def participant(request: HttpRequest, pk: int, participant: int) -> HttpResponse:
    """One participant: another role, or out with a reason."""
    access = access_running(person(request), pk)
    found = access_participant(access, participant)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "GET" or not form.is_valid():
        return _participant_page(request, access, found, role=form)
    actions.change_role(participant=found, role=form.cleaned_data["role"], **_by(request, access))
    messages.success(request, _("The role is changed."))
    return redirect("messaging:room_settings", pk)


@login_required
@require_POST
def remove_participant(request: HttpRequest, pk: int, participant: int) -> HttpResponse:
    access = access_running(person(request), pk)
    found = access_participant(access, participant)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _participant_page(request, access, found, removal=form)
    actions.remove_participant(
        participant=found, reason=form.cleaned_data["reason"], **_by(request, access)
    )
    messages.success(request, _("They are out of the room; on open pages too."))
    if can_run(person(request), pk):
        return redirect("messaging:room_settings", pk)
    return redirect("messaging:room_list")  # they took out their own delegation


def _by(request: HttpRequest, access: RoomAccess) -> dict[str, Any]:
    return {"actor": person(request), "mandate": access.chair_of(mandate_of(request))}


def _archived(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The room is archived. Reopen it first."))
    return redirect("messaging:room_settings", pk)


def _page(
    request: HttpRequest,
    access: RoomAccess,
    *,
    texts: RoomTextsForm | None = None,
    adding: AddParticipantForm | None = None,
    status: int = 200,
) -> HttpResponse:
    room = access.room
    present = list(Participant.objects.for_panel(room))
    fixed = room.has_fixed_participants
    context = {
        "room": room,
        "texts": texts or RoomTextsForm(room=room),
        "state": StateForm(initial={"seconds": room.slow_seconds}),
        "participants": people_by_institution(present),
        "fixed": fixed,
        "open_reports": Report.objects.in_rooms([room]).open().shown_to(person(request)).count(),
        "adding": None if fixed else adding or AddParticipantForm(present=present),
    }
    return render(request, "messaging/settings.html", context, status=status)


def _participant_page(
    request: HttpRequest,
    access: RoomAccess,
    found: Participant,
    *,
    role: RoleForm | None = None,
    removal: RemovalForm | None = None,
) -> HttpResponse:
    bound = (role and role.is_bound) or removal
    context = {
        "room": access.room,
        "participant": found,
        "role": role or RoleForm(initial={"role": found.role}),
        "removal": removal or RemovalForm(),
    }
    return render(request, "messaging/participant.html", context, status=422 if bound else 200)
