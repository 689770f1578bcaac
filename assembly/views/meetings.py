from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assembly import actions
from assembly.forms import AgendaItemForm, MeetingForm, PlacementForm
from assembly.models import Meeting
from assembly.permissions import (
    access_agenda_item,
    access_meeting,
    can_run_meetings,
    can_see_meetings,
    room_of_meeting,
)
from assembly.releasing import release_of
from members.http import person, secretariat_only
from members.models import User
from members.permissions import secretariat_mandate
from members.permissions.applications import access_dossier, can_release


@require_GET
@login_required
def meeting_list(request: HttpRequest) -> HttpResponse:
    if not can_see_meetings(request.user):
        raise Http404
    return render(
        request,
        "assembly/meeting_list.html",
        {
            "upcoming": Meeting.objects.upcoming().for_list(),
            "past": Meeting.objects.past().for_list(),
            "may_run": can_run_meetings(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
@secretariat_only
def new_meeting(request: HttpRequest) -> HttpResponse:
    form = MeetingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = person(request)
        try:
            meeting = actions.create_meeting(
                **form.values(), actor=user, mandate=secretariat_mandate(user)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The meeting is convened."))
            return redirect("assembly:meeting", meeting.pk)
    status = 422 if form.is_bound else 200
    return render(request, "assembly/new_meeting.html", {"form": form}, status=status)


def _meeting_page(
    request: HttpRequest, meeting: Meeting, form: AgendaItemForm | None, status: int = 200
) -> HttpResponse:
    may_run = can_run_meetings(request.user)
    context = {
        "meeting": meeting,
        "may_run": may_run,
        "may_release": can_release(request.user),
        **_release(person(request), meeting, may_run=may_run),
        "room": room_of_meeting(person(request), meeting),
        "form": (form or AgendaItemForm()) if may_run and not meeting.is_over else None,
    }
    return render(request, "assembly/meeting.html", context, status=status)


def _release(user: User, meeting: Meeting, *, may_run: bool) -> dict[str, Any]:
    """Who can release what is held, for the president and the secretariat."""
    held = meeting.holds_results and any(i.is_held for i in meeting.agenda_items.all())
    if not held or not (may_run or can_release(user)):
        return {}
    release = release_of(meeting)
    return {
        "release": release,
        "releases": release.is_for(user),
        "hindering": release.hinders(user),
    }


@require_GET
@login_required
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return _meeting_page(request, access_meeting(request.user, pk), None)


@require_POST
@login_required
def add_item(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = access_meeting(request.user, pk)
    user = person(request)
    if not can_run_meetings(user):
        raise PermissionDenied
    form = AgendaItemForm(request.POST)
    if form.is_valid():
        try:
            actions.add_agenda_item(
                meeting=meeting,
                titles=form.texts("title"),
                title_states=form.states("title"),
                actor=user,
                mandate=secretariat_mandate(user),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The item stands on the agenda."))
            return redirect("assembly:meeting", meeting.pk)
    return _meeting_page(request, meeting, form, status=422)


@require_http_methods(["GET", "POST"])
@login_required
def agenda_titles(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """The titles of an item, one language after another, for the secretariat."""
    item = access_agenda_item(request.user, pk, position)
    user = person(request)
    if not can_run_meetings(user):
        raise PermissionDenied
    form = AgendaItemForm(
        request.POST if request.method == "POST" else None, initial=AgendaItemForm.initial_of(item)
    )
    if form.is_valid():
        try:
            actions.change_agenda_titles(
                item=item,
                titles=form.texts("title"),
                title_states=form.states("title"),
                actor=user,
                mandate=secretariat_mandate(user),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The title is saved."))
            return redirect("assembly:meeting", pk)
    context = {"item": item, "meeting": item.meeting, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "assembly/agenda_titles.html", context, status=status)


@require_POST
@secretariat_only
def place_application(request: HttpRequest, application_id: int) -> HttpResponse:
    """From the dossier: put the application on a general assembly's agenda."""
    user = person(request)
    application = access_dossier(user, application_id)
    form = PlacementForm(request.POST)
    if not form.is_valid():
        for refusals in form.errors.values():
            for message in refusals:
                messages.error(request, str(message))
        return redirect("members:application", application.pk)
    try:
        item = actions.place_on_agenda(
            meeting=form.cleaned_data["meeting"],
            application=application,
            actor=user,
            mandate=secretariat_mandate(user),
        )
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return redirect("members:application", application.pk)
    messages.success(request, _("The application stands on the agenda."))
    return redirect("assembly:agenda_item", item.meeting_id, item.position)
