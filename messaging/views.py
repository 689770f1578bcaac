"""Rooms over HTTP: the page, the catch-up, and the same commands as the socket's."""

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from members.http import mandate_of, person
from members.models import User
from messaging import commands
from messaging.forms import MessageForm, SyncForm
from messaging.models import Participant, ReadMark, Record, Room
from messaging.permissions import RoomAccess, access_room, people_by_institution
from messaging.rendering import render_records

PAGE = 50  # records on a page
SYNC_PAGE = 100


@login_required
@require_GET
def room_list(request: HttpRequest) -> HttpResponse:
    rooms = Room.objects.for_list(person(request))
    return render(request, "messaging/room_list.html", {"rooms": rooms})


@login_required
@require_GET
def room(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_room(person(request), pk)
    return _render_room(request, access, _empty_form(request, access))


@login_required
@require_POST
def post_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The composer without a socket (JSON asked for) or without JavaScript (a page asked for)."""
    user = person(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    access = None if wants_json else access_room(user, pk)
    reply = commands.post(user, {**request.POST.dict(), "room": pk})
    if wants_json or access is None:
        return JsonResponse(reply, status=reply.get("status", 200))
    if reply["type"] == "message.saved":
        return redirect(f"{reverse('messaging:room', args=[pk])}#r{reply['seq']}")
    form = MessageForm(request.POST, writing=access.writing)
    form.is_valid()
    if not form.errors:
        form.add_error(None, reply["reason"])
    return _render_room(request, access, form, status=reply["status"])


@login_required
@require_POST
def read_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Raise the read mark: JSON for the page's script, a redirect for its form."""
    reply = commands.read(person(request), {"room": pk, "seq": request.POST.get("seq")})
    if request.accepts("text/html"):
        if reply.get("status") == 404:
            raise Http404
        return redirect("messaging:room_list") if "status" not in reply else _gone(request, reply)
    return JsonResponse(reply, status=reply.get("status", 200))


@require_GET
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """`?after=seq`: what follows; `?before=seq`: what came before; neither: the last.

    `{room, head, records, limited}`; limited: there is more in that direction, ask again.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    access = access_room(person(request), pk)
    form = SyncForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"type": "error", "status": 422, "code": "invalid"}, status=422)
    after, before = form.cleaned_data["after"], form.cleaned_data["before"]
    if after is not None:
        records = Record.objects.after(pk, after, SYNC_PAGE + 1)
        limited = len(records) > SYNC_PAGE
        records = records[:SYNC_PAGE]
    else:
        records = Record.objects.before(pk, before, PAGE + 1)
        limited = len(records) > PAGE
        records = records[-PAGE:]
    return JsonResponse(
        {
            "type": "room.sync",
            "room": pk,
            "head": access.room.head_seq,
            "records": render_records(records, get_language()),
            "limited": limited,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _empty_form(request: HttpRequest, access: RoomAccess) -> MessageForm:
    writing = [seat.mandate.pk for seat in access.writing]
    chosen = mandate_of(request)
    initial: dict[str, Any] = {"client_id": uuid4()}
    if writing:
        initial["mandate"] = chosen.pk if chosen and chosen.pk in writing else writing[0]
    return MessageForm(writing=access.writing, initial=initial)


def _render_room(
    request: HttpRequest, access: RoomAccess, form: MessageForm, status: int = 200
) -> HttpResponse:
    user: User = person(request)
    before = SyncForm(request.GET)
    end = before.cleaned_data["before"] if before.is_valid() else None
    records = Record.objects.before(access.room.pk, end, PAGE)
    participants = Participant.objects.for_panel(access.room)
    context = {
        "room": access.room,
        "access": access,
        "form": form,
        "records": records,
        "earlier": records[0].seq if records and records[0].seq > 1 else None,
        "is_past": end is not None,
        "read_seq": ReadMark.objects.of(user, access.room),
        "participants": people_by_institution(participants),
        "client": json.dumps(_client_data(request, access, records)),
    }
    return render(request, "messaging/room.html", context, status=status)


def _client_data(request: HttpRequest, access: RoomAccess, records: list[Record]) -> dict[str, Any]:
    """What the room's script needs to know; no secret in it."""
    user = person(request)
    room = access.room.pk
    return {
        "room": room,
        "user": user.pk,
        "name": user.name,
        "timeZone": user.time_zone,
        "language": get_language(),
        "last": records[-1].seq if records else 0,
        "socket": f"/ws/?language={get_language()}",
        "sync": reverse("messaging:sync", args=[room]),
        "post": reverse("messaging:post_message", args=[room]),
        "read": reverse("messaging:read_room", args=[room]),
    }


def _gone(request: HttpRequest, reply: dict[str, Any]) -> HttpResponse:
    messages.error(request, reply["reason"])
    return redirect("messaging:room_list")
