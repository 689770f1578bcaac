"""Polls of opinion: asking on a page, answering and closing from the room or the message's page."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.http import person
from messaging import actions
from messaging.forms_opinions import AnswerForm, OpinionForm
from messaging.opinions import asking, opinion_context, tally
from messaging.permissions import access_message, access_room
from messaging.standing import WHY_SHUT, slow_mode_explained
from messaging.throttle import seconds_to_wait


@login_required
@require_http_methods(["GET", "POST"])
def new_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    access = access_room(user, pk)
    seats = asking(access)
    if not seats or access.shut:
        raise PermissionDenied
    form = OpinionForm(request.POST or None, seats=seats, initial={"client_id": uuid4()})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        [wait] = seconds_to_wait(pk, [user.pk])
        try:
            if wait:
                raise actions.TooSoon(wait, 0)
            asked = actions.ask_opinion(room=access.room, author=user, **form.cleaned_data)
            return redirect(f"{reverse('messaging:place', args=[pk, asked.seq])}#r{asked.seq}")
        except actions.TooSoon as soon:
            fast = _("You write very fast. Wait a moment.")
            form.add_error(None, slow_mode_explained(soon.every) if soon.every else fast)
            status = 429
        except actions.RoomShut as shut:
            form.add_error(None, str(WHY_SHUT[shut.code]))
            status = 403
        except actions.ClientIdReused:
            form.add_error(None, _("This was already sent with another text. Begin it anew."))
            status = 409
    context = {"room": access.room, "form": form}
    return render(request, "messaging/new_opinion.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """GET: what the script draws the answer with. POST: the answer, or another one."""
    user = person(request)
    access, message = access_message(user, pk, seq)
    found = None if not message.stands else tally(message)
    if found is None:
        raise Http404
    context = opinion_context(access, user, message)
    if request.method == "GET":
        return _given(request, context) if _by_script(request) else _back(pk, seq)
    form = AnswerForm(request.POST, tally=found, seats=access.writing)
    status, reason = 200, ""
    if not access.writing:
        raise PermissionDenied
    if not form.is_valid():
        status, reason = 422, " ".join(str(e) for errors in form.errors.values() for e in errors)
    else:
        try:
            actions.give_opinion(room=access.room, seq=seq, actor=user, **form.cleaned_data)
        except actions.OpinionOver:
            status, reason = 409, _("The poll is closed.")
        except actions.MessageGone:
            status, reason = 409, _("This message was deleted.")
        except actions.RoomShut as shut:
            status, reason = 403, str(WHY_SHUT[shut.code])
    if _by_script(request):
        return JsonResponse({"reason": reason}, status=status)
    if reason:
        messages.error(request, reason)
    else:
        messages.success(request, _("Your answer is in the record."))
    return _back(pk, seq)


@login_required
@require_POST
def close(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    access, _message = access_message(person(request), pk, seq)
    try:
        actions.close_opinion(room=access.room, seq=seq, actor=person(request))
    except actions.MessageGone:
        messages.error(request, _("This message was deleted."))
    return _back(pk, seq)


def _by_script(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def _back(pk: int, seq: int) -> HttpResponse:
    return redirect(f"{reverse('messaging:message', args=[pk, seq])}#opinion")


def _given(request: HttpRequest, context: dict[str, Any]) -> JsonResponse:
    found = context["tally"]
    return JsonResponse(
        {
            "multiple": found.poll.is_multiple,
            "options": [{"number": o.number, "text": o.text} for o in found.options],
            "chosen": context["chosen"],
            "seats": [
                {"mandate": seat.mandate.pk, "name": str(seat.mandate.institution.name.text)}
                for seat in context["answering"]
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
