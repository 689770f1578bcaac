"""Marks on a message, from a page without a script and from scripts without a socket."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from members.http import person
from members.models import User
from messaging import mark_commands
from messaging.commands import Payload, Reply
from messaging.models import MessageMarks
from messaging.permissions import access_message, access_room
from messaging.views.acts import render_message, told


@login_required
@require_POST
def react(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    return _mark(request, pk, seq, mark_commands.react_to)


@login_required
@require_POST
def pin(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    return _mark(request, pk, seq, mark_commands.pin)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    return _mark(request, pk, seq, mark_commands.ask)


@login_required
@require_POST
def acknowledge(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    return _mark(request, pk, seq, mark_commands.acknowledge_for)


def _mark(
    request: HttpRequest, pk: int, seq: int, command: Callable[[User, Payload], Reply]
) -> HttpResponse:
    user = person(request)
    access, _message = access_message(user, pk, seq)
    reply = command(user, {**request.POST.dict(), "room": pk, "message": seq})
    if answer := told(request, access.room, seq, reply):
        return answer
    access, message = access_message(user, pk, seq)  # as it stands now
    return render_message(
        request, access, message, mark_fault=reply["reason"], status=reply["status"]
    )


@login_required
@require_GET
def pins(request: HttpRequest, pk: int) -> HttpResponse:
    """What is pinned in the room now: for a script that heard of a change."""
    room = access_room(person(request), pk).room
    context = {"room": room, "pins": MessageMarks.objects.pinned_in(room)}
    html = render_to_string("messaging/_pins.html", context, request)
    return JsonResponse({"type": "room.pins", "room": pk, "html": html})
