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
from messaging.forms import MessageForm, ReplyForm, SyncForm
from messaging.listing import grouped
from messaging.models import BilateralInvitation, Message, ReadMark, Record, Room
from messaging.permissions import RoomAccess, access_room, can_open_rooms, leading_mandates
from messaging.standing import readers, standing

PAGE = 50  # records on a page


@login_required
@require_GET
def room_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rooms = list(Room.objects.for_list(user))
    context: dict[str, Any] = {
        "rooms": rooms,
        "groups": grouped(rooms),
        "may_open": can_open_rooms(user),
    }
    leading = {mandate.institution_id for mandate in leading_mandates(user)}
    if leading:
        context |= {
            "may_invite": True,
            "invitations": BilateralInvitation.objects.pending().concerning(leading).for_display(),
        }
    return render(request, "messaging/room_list.html", context)


@login_required
@require_GET
def room(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_room(person(request), pk)
    asked = ReplyForm(request.GET)
    reply_to = asked.cleaned_data["reply"] if asked.is_valid() else None
    return render_room(request, access, _empty_form(request, access, reply_to))


def _empty_form(request: HttpRequest, access: RoomAccess, reply_to: int | None) -> MessageForm:
    writing = [seat.mandate.pk for seat in access.writing]
    chosen = mandate_of(request)
    initial: dict[str, Any] = {"client_id": uuid4(), "reply_to": reply_to}
    if writing:
        initial["mandate"] = chosen.pk if chosen and chosen.pk in writing else writing[0]
    return MessageForm(writing=access.writing, initial=initial)


def _replied(access: RoomAccess, form: MessageForm) -> Message | None:
    """The message that the composer is to answer, if there is one."""
    value = str(form["reply_to"].value() or "")
    asked = ReplyForm({"reply": value})
    return (
        Message.objects.at(access.room, asked.cleaned_data["reply"])
        if value and asked.is_valid()
        else None
    )


def render_room(
    request: HttpRequest, access: RoomAccess, form: MessageForm, status: int = 200
) -> HttpResponse:
    """The page of a room, with what was typed and refused in `form`."""
    user: User = person(request)
    before = SyncForm(request.GET)
    end = before.cleaned_data["before"] if before.is_valid() else None
    records = Record.objects.before(access.room.pk, end, PAGE)
    context = {
        "room": access.room,
        "access": access,
        "form": form,
        "replied": _replied(access, form),
        "records": records,
        "earlier": records[0].seq if records and records[0].seq > 1 else None,
        "is_past": end is not None,
        "read_seq": ReadMark.objects.of(user, access.room),
        "standing": standing(access),
        **readers(access.room),
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
        # The head was read before the lines: what they show is at least as new.
        "last": max([access.room.head_seq, *(record.seq for record in records[-1:])]),
        "socket": f"/ws/?language={get_language()}",
        "sync": reverse("messaging:sync", args=[room]),
        "standing": reverse("messaging:standing", args=[room]),
        "post": reverse("messaging:post_message", args=[room]),
        "chairs": any(seat.chairs for seat in access.seats),
        "writes": bool(access.writing),
        "read": reverse("messaging:read_room", args=[room]),
    }
