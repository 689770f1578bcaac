import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from members.http import person
from members.models import User
from messaging import machine
from messaging.composing import composing, initial
from messaging.enums import Level, ReactionKind
from messaging.forms import MessageForm, ReplyForm, SyncForm
from messaging.forms_files import ACCEPTED
from messaging.forms_places import DayForm
from messaging.forms_scheduled import LaterForm
from messaging.listing import grouped, name_for
from messaging.mark_places import awaited_by, mark_facts
from messaging.models import (
    BilateralInvitation,
    General,
    Message,
    MessageDraft,
    MessageMarks,
    NotificationLevel,
    Room,
    ScheduledMessage,
    StatementDraft,
    Subject,
    Viewed,
)
from messaging.occasions import occasions_of
from messaging.permissions import (
    RoomAccess,
    access_room,
    office_seat,
    transcript_seat,
)
from messaging.permissions_direct import speaking_mandates
from messaging.permissions_opening import can_open_rooms, leading_mandates
from messaging.permissions_statements import issuing_seats
from messaging.places import Stretch, stretch
from messaging.standing import readers, standing
from messaging.views.uploads import given_back


@login_required
@require_GET
def room_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rooms = list(Room.objects.for_list(user))
    name_for(user, rooms)
    context: dict[str, Any] = {
        "rooms": rooms,
        "groups": grouped(rooms),
        "occasions": occasions_of(rooms),
        "drafted": MessageDraft.objects.rooms_of(user),
        "has_scheduled": ScheduledMessage.objects.waiting(user).exists(),
        "may_open": can_open_rooms(user),
        "awaited": awaited_by(user),
        "may_write_to": bool(speaking_mandates(user)),
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
    attaching = given_back(request, access)
    return render_room(request, access, empty_form(request, access), attaching=attaching)


def empty_form(request: HttpRequest, access: RoomAccess) -> MessageForm:
    return MessageForm(
        writing=access.writing, initial={"client_id": uuid4(), **initial(request, access)}
    )


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
    request: HttpRequest,
    access: RoomAccess,
    form: MessageForm,
    status: int = 200,
    *,
    at: int | None = None,
    day_form: DayForm | None = None,
    attaching: dict[str, Any] | None = None,
    subject: Viewed | None = None,
    later: LaterForm | None = None,
) -> HttpResponse:
    """The page of a room, with what was typed and refused in `form`, and the files that wait for it
    or were refused in `attaching`; around record `at`, or where
    the address asks for (`?before=`, `?after=`, `?latest=1`), or where the reader left off; with
    `subject`, of its messages alone.
    """
    user: User = person(request)
    name_for(user, [access.room])
    asked = SyncForm(request.GET)
    place = stretch(
        access.room,
        user,
        subject=subject,
        at=at,
        before=asked.cleaned_data["before"] if asked.is_valid() else None,
        after=asked.cleaned_data["after"] if asked.is_valid() else None,
        is_latest="latest" in request.GET,
    )
    subjects = list(Subject.objects.for_list(access.room, user).open())
    context = {
        "room": access.room,
        "occasion": occasions_of([access.room]).get(access.room.pk),
        "access": access,
        "form": form,
        "replied": _replied(access, form),
        "composing": composing(request, access, later),
        "place": place,
        "attaching": {"accepted": ACCEPTED, "most": settings.MESSAGE_FILES, **(attaching or {})},
        "subject": subject,
        "subjects": subjects,
        "general": general_among(subjects, access.room, user),
        "here": address_of(access.room, subject),
        "day_form": day_form or DayForm(),
        **_issuing(access),
        "may_transcribe": transcript_seat(access) is not None,
        "standing": standing(access, user),
        "level": NotificationLevel.objects.of(user, access.room),
        "levels": Level,
        "pins": MessageMarks.objects.pinned_in(access.room),
        "reaction_kinds": ReactionKind,
        **readers(access.room),
        "client": json.dumps(_client_data(request, access, place, subject)),
    }
    return render(request, "messaging/room.html", context, status=status)


def _issuing(access: RoomAccess) -> dict[str, Any]:
    """Through which seats the person may issue statements, and how many wait for a release."""
    seats = issuing_seats(access)
    if not seats:
        return {}
    drafts = StatementDraft.objects.of_delegations(
        access.room, {seat.mandate.institution_id for seat in seats}
    )
    return {"issuing": seats, "to_release": drafts.waiting().count()}


def general_among(subjects: list[Subject], room: Room, user: User) -> General | None:
    """What stands under none of `subjects`, for their list; None where the room has none: then it
    is the room.
    """
    return Subject.objects.general_for_list(room, user) if subjects else None


def address_of(room: Room, subject: Viewed | None) -> str:
    """The address of the room's page, or of a subject's, without what it is asked for."""
    if isinstance(subject, General):
        return reverse("messaging:general", args=[room.pk])
    if subject:
        return reverse("messaging:subject", args=[room.pk, subject.pk])
    return reverse("messaging:room", args=[room.pk])


def _client_data(
    request: HttpRequest, access: RoomAccess, place: Stretch, subject: Viewed | None
) -> dict[str, Any]:
    """What the room's script needs to know; no secret in it."""
    user = person(request)
    room = access.room.pk
    return {
        "room": room,
        "user": user.pk,
        "name": user.name,
        "timeZone": user.time_zone,
        "language": get_language(),
        "last": place.last,
        "isPast": place.is_past,
        "readSeq": place.read_seq,
        "socket": f"/ws/?language={get_language()}",
        "page": address_of(access.room, subject),
        "whole": address_of(access.room, None),
        "subject": subject.pk if subject else None,
        "subjects": reverse("messaging:subjects", args=[room]),
        "sync": reverse("messaging:sync", args=[room]),
        "standing": reverse("messaging:standing", args=[room]),
        "post": reverse("messaging:post_message", args=[room]),
        "chairs": any(seat.chairs for seat in access.seats),
        "office": office_seat(access) is not None,
        "writes": bool(access.writing),
        "read": reverse("messaging:read_room", args=[room]),
        "translates": machine.is_offered(access.room),
        **mark_facts(access),
        "draft": reverse("messaging:draft", args=[room]),
    }
