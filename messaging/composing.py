"""What the composer of a room shows of its writer: their draft, and what they send later."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from members.http import mandate_of, person
from messaging.forms import ReplyForm
from messaging.forms_scheduled import LaterForm
from messaging.models import MessageDraft, ScheduledMessage
from messaging.opinions import asking
from messaging.permissions import RoomAccess

NO_DRAFT: dict[str, Any] = {"version": 0, "body": "", "reply_to": None, "mandate": None}


@dataclass(frozen=True)
class Composing:
    """For a person who writes in the room."""

    draft: MessageDraft | None
    waiting: int  # how many messages of theirs are to be sent in the room later
    later: LaterForm
    may_ask: bool  # for opinions

    @property
    def draft_data(self) -> str:
        return json.dumps(self.draft.as_client_data() if self.draft else NO_DRAFT)


def composing(
    request: HttpRequest, access: RoomAccess, later: LaterForm | None = None
) -> Composing | None:
    """`later`: with what was refused in it."""
    if not access.writing:
        return None
    return Composing(
        draft=_draft(request, access),
        waiting=ScheduledMessage.objects.count_in(person(request), access.room),
        later=later or LaterForm(),
        may_ask=bool(asking(access)) and not access.shut,
    )


def initial(request: HttpRequest, access: RoomAccess) -> dict[str, Any]:
    """What stands in the composer when the room is opened. `?reply=` goes before the draft's."""
    draft = _draft(request, access) if access.writing else None
    writing = [seat.mandate.pk for seat in access.writing]
    chosen = mandate_of(request)
    speaking = [draft.mandate_id if draft else None, chosen.pk if chosen else None, *writing]
    found: dict[str, Any] = {"mandate": next((pk for pk in speaking if pk in writing), None)}
    if draft:
        found |= {"body": draft.body, "reply_to": draft.reply_to}
    if "reply" in request.GET:
        asked = ReplyForm(request.GET)
        found["reply_to"] = asked.cleaned_data["reply"] if asked.is_valid() else None
    return found


def _draft(request: HttpRequest, access: RoomAccess) -> MessageDraft | None:
    """Read once per request."""
    if not hasattr(request, "_draft"):
        request._draft = MessageDraft.objects.of(person(request), access.room)  # type: ignore[attr-defined]
    draft: MessageDraft | None = request._draft  # type: ignore[attr-defined]
    return draft
