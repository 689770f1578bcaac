"""What can be done with one message: a page that needs no script, and what scripts ask."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from members.http import person
from messaging import commands, message_commands
from messaging.mark_places import mark_context
from messaging.message_forms import DeletionForm, EditForm
from messaging.models import Message, Record, Room
from messaging.opinions import opinion_context
from messaging.permissions import RoomAccess, access_message, seat_to_delete, seat_to_edit
from messaging.permissions_statements import correcting_seats, replying_seats
from messaging.standing import WHY_NOT_EDITED, why_shut
from messaging.subject_commands import move_form
from messaging.views.moderation import offers


def wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


@login_required
@require_GET
def message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """One message and what one may do with it; as JSON, its text as it was written."""
    access, message = access_message(person(request), pk, seq)
    if wants_json(request):
        return JsonResponse({"message": seq, "version": message.version, "body": message.body})
    return render_message(request, access, message)


def render_message(
    request: HttpRequest,
    access: RoomAccess,
    message: Message,
    *,
    edit_form: EditForm | None = None,
    deletion_form: DeletionForm | None = None,
    mark_fault: str = "",
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    is_own = message_commands.is_own(user, message)
    stands = message.stands
    initial = {"body": message.body, "version": message.version, "client_id": uuid4()}
    context: dict[str, Any] = {"room": access.room, "message": message}
    if access.shut:
        context["shut"] = why_shut(access, user) if access.writing else ""
    else:
        context["may_reply"] = stands and bool(access.writing)
        context["may_correct"] = bool(correcting_seats(access, message))
        context["may_reply_by_right"] = bool(replying_seats(access, message))
    context["why_not_edited"] = WHY_NOT_EDITED
    context["refused"] = status == 403
    context["place"] = _place(access.room, message.seq)
    context["move_form"] = move_form(access, user, message)
    context |= opinion_context(access, user, message)
    context["moderation"] = offers(access, user, message)
    if stands and seat_to_edit(access, user, message):
        context["edit_form"] = edit_form or EditForm(initial=initial)
    if stands and seat_to_delete(access, user, message):
        context["deletion_form"] = deletion_form or DeletionForm(is_own=is_own)
    if stands:
        context |= mark_context(user, access, message) | {"mark_fault": mark_fault}
    return render(request, "messaging/message.html", context, status=status)


@login_required
@require_GET
def history(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Every version of a message, for whoever reads the room; none once it was deleted."""
    access, message = access_message(person(request), pk, seq)
    context = {
        "room": access.room,
        "message": message,
        "place": _place(access.room, seq),
        "versions": Record.objects.versions(message).reverse() if message.stands else [],
    }
    return render(request, "messaging/message_history.html", context)


def _payload(request: HttpRequest, pk: int, seq: int) -> dict[str, Any]:
    return {**request.POST.dict(), "room": pk, "message": seq}


def _place(room: Room, seq: int) -> str:
    return f"{reverse('messaging:place', args=[room.pk, seq])}#r{seq}"


def told(request: HttpRequest, room: Room, seq: int, reply: commands.Reply) -> HttpResponse | None:
    """The answer to a script, or to who is through with it; None where a form is to be mended."""
    status = reply.get("status", 200)
    if wants_json(request):
        return JsonResponse(reply, status=status)
    if status == 200:
        return redirect(_place(room, seq))
    return render(request, "403.html", status=403) if status == 403 else None


@login_required
@require_POST
def edit(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message = access_message(user, pk, seq)
    reply = message_commands.edit(user, _payload(request, pk, seq))
    if reply.get("code") == "issued" and not wants_json(request):
        return render_message(request, access, message, status=403)  # says what can be done instead
    if answer := told(request, access.room, seq, reply):
        return answer
    access, message = access_message(user, pk, seq)  # as it stands now
    form = EditForm({**request.POST.dict(), "version": message.version, "client_id": uuid4()})
    if form.is_valid():
        form.add_error(None, reply["reason"])
    return render_message(request, access, message, edit_form=form, status=reply["status"])


@login_required
@require_POST
def delete(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message = access_message(user, pk, seq)
    reply = message_commands.delete(user, _payload(request, pk, seq))
    if answer := told(request, access.room, seq, reply):
        return answer
    form = DeletionForm(request.POST, is_own=message_commands.is_own(user, message))
    return render_message(request, access, message, deletion_form=form, status=reply["status"])
