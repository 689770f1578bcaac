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
from messaging.message_forms import DeletionForm, EditForm
from messaging.models import Message, Record, Room
from messaging.permissions import RoomAccess, access_message, seat_to_delete, seat_to_edit
from messaging.permissions_statements import correcting_seats, replying_seats
from messaging.standing import WHY_NOT_EDITED


def _wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


@login_required
@require_GET
def message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """One message and what one may do with it; as JSON, its text as it was written."""
    access, message = access_message(person(request), pk, seq)
    if _wants_json(request):
        return JsonResponse({"message": seq, "version": message.version, "body": message.body})
    return _page(request, access, message)


def _page(
    request: HttpRequest,
    access: RoomAccess,
    message: Message,
    *,
    edit_form: EditForm | None = None,
    deletion_form: DeletionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    is_own = message_commands.is_own(user, message)
    stands = message.deletion is None
    initial = {"body": message.body, "version": message.version, "client_id": uuid4()}
    context: dict[str, Any] = {"room": access.room, "message": message}
    context["may_reply"] = stands and bool(access.writing)
    context["may_correct"] = bool(correcting_seats(access, message))
    context["may_reply_by_right"] = bool(replying_seats(access, message))
    context["why_not_edited"] = WHY_NOT_EDITED
    context["refused"] = status == 403
    context["place"] = _place(access.room, message.seq)
    if stands and seat_to_edit(access, user, message):
        context["edit_form"] = edit_form or EditForm(initial=initial)
    if stands and seat_to_delete(access, user, message):
        context["deletion_form"] = deletion_form or DeletionForm(is_own=is_own)
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
        "versions": [] if message.deletion else Record.objects.versions(message).reverse(),
    }
    return render(request, "messaging/message_history.html", context)


def _payload(request: HttpRequest, pk: int, seq: int) -> dict[str, Any]:
    return {**request.POST.dict(), "room": pk, "message": seq}


def _place(room: Room, seq: int) -> str:
    return f"{reverse('messaging:place', args=[room.pk, seq])}#r{seq}"


def _told(request: HttpRequest, room: Room, seq: int, reply: commands.Reply) -> HttpResponse | None:
    """The answer to a script, or to who is through with it; None where a form is to be mended."""
    status = reply.get("status", 200)
    if _wants_json(request):
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
    if reply.get("code") == "issued" and not _wants_json(request):
        return _page(request, access, message, status=403)  # which says what can be done instead
    if told := _told(request, access.room, seq, reply):
        return told
    access, message = access_message(user, pk, seq)  # as it stands now
    form = EditForm({**request.POST.dict(), "version": message.version, "client_id": uuid4()})
    if form.is_valid():
        form.add_error(None, reply["reason"])
    return _page(request, access, message, edit_form=form, status=reply["status"])


@login_required
@require_POST
def delete(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message = access_message(user, pk, seq)
    reply = message_commands.delete(user, _payload(request, pk, seq))
    if told := _told(request, access.room, seq, reply):
        return told
    form = DeletionForm(request.POST, is_own=message_commands.is_own(user, message))
    return _page(request, access, message, deletion_form=form, status=reply["status"])
