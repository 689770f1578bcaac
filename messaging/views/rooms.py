import json
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from members.http import mandate_of, person
from members.models import User
from messaging.forms import MessageForm, SyncForm
from messaging.models import Participant, ReadMark, Record, Room
from messaging.permissions import RoomAccess, access_room, people_by_institution, transcript_seat

PAGE = 50  # records on a page


@login_required
@require_GET
def room_list(request: HttpRequest) -> HttpResponse:
    rooms = Room.objects.for_list(person(request))
    return render(request, "messaging/room_list.html", {"rooms": rooms})


@login_required
@require_GET
def room(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_room(person(request), pk)
    return render_room(request, access, _empty_form(request, access))


def _empty_form(request: HttpRequest, access: RoomAccess) -> MessageForm:
    writing = [seat.mandate.pk for seat in access.writing]
    chosen = mandate_of(request)
    initial: dict[str, Any] = {"client_id": uuid4()}
    if writing:
        initial["mandate"] = chosen.pk if chosen and chosen.pk in writing else writing[0]
    return MessageForm(writing=access.writing, initial=initial)


def render_room(
    request: HttpRequest, access: RoomAccess, form: MessageForm, status: int = 200
) -> HttpResponse:
    """The page of a room, with what was typed and refused in `form`."""
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
        "may_transcribe": transcript_seat(access) is not None,
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
