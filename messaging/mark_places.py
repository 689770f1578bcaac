"""What pages and their scripts need to know of marks: who may set which, and what waits."""

from typing import Any

from django.urls import reverse

from members.models import User
from messaging.enums import ReactionKind
from messaging.mark_forms import AskForm
from messaging.mark_permissions import (
    answering,
    delegations_that_answer,
    mandates_to_acknowledge,
    marks_of,
    seat_to_pin,
    seat_to_react,
)
from messaging.models import Message, MessageMarks
from messaging.permissions import RoomAccess
from records.languages import in_language


def mark_context(user: User, access: RoomAccess, message: Message) -> dict[str, Any]:
    """For the page of a message that stands: the acts that the person may do there."""
    marks = marks_of(message)
    may_react, may_pin = seat_to_react(access) is not None, seat_to_pin(access) is not None
    reactions = marks.reactions.all() if marks and may_react else ()
    mine = {each.kind for each in reactions if each.user_id == user.pk}
    context: dict[str, Any] = {
        "may_pin": may_pin,
        "acknowledging": mandates_to_acknowledge(access, message),
    }
    if may_react:
        context["reacting"] = [(kind, kind in mine) for kind in ReactionKind]
    if may_pin and not (marks and marks.request_id):
        context["ask_form"] = AskForm(zone=user.time_zone)
    return context


def mark_facts(access: RoomAccess) -> dict[str, Any]:
    """For the script of a room: for whom the person answers, and where pins are asked for."""
    return {
        "pins": reverse("messaging:pins", args=[access.room.pk]),
        "answers": [
            {
                "mandate": mandate.pk,
                "institution": mandate.institution_id,
                "name": in_language(mandate.institution.names).text,
            }
            for mandate in answering(access)
        ],
    }


def awaited_by(user: User) -> dict[int, int]:
    """Room -> how many of its messages wait for acknowledgement by the person's delegations."""
    return MessageMarks.objects.counted_for(delegations_that_answer(user))
