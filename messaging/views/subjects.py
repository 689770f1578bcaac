"""The subjects of a room: their list, one of them read by itself, opened, renamed, closed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import mandate_of, person
from messaging import actions, subject_commands
from messaging.forms_subjects import SubjectAct, SubjectActForm, SubjectForm, ViewForm
from messaging.models import General, Subject
from messaging.permissions import RoomAccess, access_message, access_room
from messaging.permissions_subjects import access_subject, seat_to_rename, seat_to_speak
from messaging.views.acts import wants_json
from messaging.views.rooms import empty_form, general_among, render_room


@login_required
@require_http_methods(["GET", "POST"])
def subjects(request: HttpRequest, pk: int) -> HttpResponse:
    """The room's subjects; as JSON, what its page shows of them. Sent, the form opens one."""
    user = person(request)
    access = access_room(user, pk)
    if request.method == "GET":
        return _panel(request, access) if wants_json(request) else _page(request, access)
    if seat_to_speak(access) is None:
        raise PermissionDenied
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return _page(request, access, form, status=422)
    try:
        opened = actions.open_subject(
            room=access.room, titles=form.texts("title"), actor=user, mandate=mandate_of(request)
        )
    except actions.TooManySubjects:
        form.add_error(None, _too_many())
        return _page(request, access, form, status=422)
    return redirect("messaging:subject", pk, opened.pk)


@login_required
@require_GET
def subject(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    """The room, with the messages of one subject alone; `?at=` around one of them."""
    access, found = access_subject(person(request), pk, subject)
    asked = ViewForm(request.GET)
    at = asked.cleaned_data["at"] if asked.is_valid() else None
    return render_room(request, access, empty_form(request, access), at=at, subject=found)


@login_required
@require_GET
def general(request: HttpRequest, pk: int) -> HttpResponse:
    """The room, with the messages alone that stand under no subject; `?at=` around one of them."""
    access = access_room(person(request), pk)
    asked = ViewForm(request.GET)
    at = asked.cleaned_data["at"] if asked.is_valid() else None
    return render_room(request, access, empty_form(request, access), at=at, subject=General())


@login_required
@require_http_methods(["GET", "POST"])
def rename_subject(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    user = person(request)
    access, found = access_subject(user, pk, subject)
    if seat_to_rename(access, user, found) is None:
        raise PermissionDenied
    form = SubjectForm(request.POST if request.method == "POST" else None, subject=found)
    if form.is_bound and form.is_valid():
        actions.rename_subject(subject=found, titles=form.texts("title"), actor=user)
        messages.success(request, _("Saved."))
        return redirect("messaging:subject", pk, found.pk)
    context = {"room": access.room, "subject": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "messaging/subject_settings.html", context, status=status)


@login_required
@require_POST
def close_subject(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    """`act`: close, or open again."""
    user = person(request)
    access, found = access_subject(user, pk, subject)
    if seat_to_rename(access, user, found) is None:
        raise PermissionDenied
    form = SubjectActForm(request.POST)
    if not form.is_valid():
        return redirect("messaging:rename_subject", pk, found.pk)
    try:
        if form.cleaned_data["act"] == SubjectAct.CLOSE:
            actions.close_subject(subject=found, actor=user)
            messages.success(request, _("The subject is closed. It can still be read."))
        else:
            actions.reopen_subject(subject=found, actor=user)
            messages.success(request, _("The subject is open."))
    except actions.TooManySubjects:
        messages.error(request, _too_many())
    return redirect("messaging:subjects", pk)


@login_required
@require_POST
def move_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message = access_message(user, pk, seq)
    reply = subject_commands.move(user, access, message, request.POST.dict())
    status = reply.get("status", 200)
    if wants_json(request):
        return JsonResponse(reply, status=status)
    if status == 403:
        return render(request, "403.html", status=403)
    if status == 200:
        messages.success(request, _moved(reply["moved"]))
    else:
        messages.error(request, reply["reason"])
    return redirect("messaging:message", pk, seq)


def _moved(number: int) -> str:
    if not number:
        return _("Nothing was moved: the message stands there already.")
    return ngettext("%(number)s message was moved.", "%(number)s messages were moved.", number) % {
        "number": number
    }


def _too_many() -> str:
    return _("The room has as many open subjects as it may have. Close one first.")


def _panel(request: HttpRequest, access: RoomAccess) -> HttpResponse:
    subjects = list(Subject.objects.for_list(access.room, person(request)).open())
    context = {
        "room": access.room,
        "access": access,
        "subjects": subjects,
        "general": general_among(subjects, access.room, person(request)),
    }
    html = render_to_string("messaging/_subjects_inside.html", context, request)
    return JsonResponse({"type": "room.subjects", "room": access.room.pk, "html": html})


def _page(
    request: HttpRequest, access: RoomAccess, form: SubjectForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    found = list(Subject.objects.for_list(access.room, user))
    changeable = {each.pk for each in found if seat_to_rename(access, user, each)}
    context: dict[str, Any] = {
        "room": access.room,
        "open": [each for each in found if not each.is_closed],
        "closed": [each for each in found if each.is_closed],
        "general": general_among(found, access.room, user),
        "changeable": changeable,
        "form": (form or SubjectForm()) if seat_to_speak(access) else None,
    }
    return render(request, "messaging/subjects.html", context, status=status)
