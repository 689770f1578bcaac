"""How a person stands in a room: whether they may write there now, and if not, why not."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.models import Institution, User
from messaging.enums import ParticipantRole
from messaging.mentions import MentionRefused
from messaging.models import Participant, Room
from messaging.permissions import RoomAccess, counted, people_by_institution
from records.reading import as_read_by, number, written_date

WHY_SHUT = {
    "archived": _("This room is archived. It can be read, and nobody writes in it any more."),
    "locked": _("This room is locked. For now, chairs and the secretariat alone write in it."),
    "muted": _("You are muted in this room: you can read, and write again when it is lifted."),
}
WHY_NOT_EDITED = _(
    "A statement stands as it was issued and is not edited. Whoever may issue statements of its "
    "delegation can put it right by a corrigendum."
)
WHY_NOT_DELETED = _("A statement is deleted by the secretariat's office alone, with a reason.")
WHY_SILENT = _("You read this room as an observer.")


def mute_explained(until: datetime | None, user: User) -> str:
    """Until when the reader does not write, in their language and time zone."""
    if until is None:
        return str(WHY_SHUT["muted"])
    zone = ZoneInfo(user.time_zone)
    with as_read_by(user):
        when = written_date(until.astimezone(zone), "DATETIME_FORMAT")
    return gettext(
        "You are muted in this room until %(when)s: you can read, and write again then."
    ) % {"when": when}


def why_shut(access: RoomAccess, user: User) -> str:
    """Why the reader may not write now, in their language."""
    if access.shut == "muted" and access.mute:
        return mute_explained(access.mute.until, user)
    return str(WHY_SHUT[access.shut])


def slow_mode_explained(seconds: int) -> str:
    """What slow mode asks of the reader, in their language."""
    if seconds < 60:
        return ngettext(
            "Slow mode: one message every %(number)s second. What you send waits for its turn.",
            "Slow mode: one message every %(number)s seconds. What you send waits for its turn.",
            seconds,
        ) % {"number": seconds}
    minutes = seconds // 60
    return ngettext(
        "Slow mode: one message every %(number)s minute. What you send waits for its turn.",
        "Slow mode: one message every %(number)s minutes. What you send waits for its turn.",
        minutes,
    ) % {"number": minutes}


def mention_refused(refused: MentionRefused) -> str:
    """Why a text that calls upon somebody was not saved, for who wrote it."""
    name = {"name": refused.name}
    match refused.code:
        case "several":
            return (
                gettext("Several here are called “%(name)s”. Choose from the list that @ opens.")
                % name
            )
        case "chairs_only":
            return gettext("Only those who chair the room can mention all.")
        case "too_many":
            return gettext("Too many are mentioned. Mention their delegations, or fewer of them.")
    return gettext("Nobody who can read this room is called “%(name)s”.") % name


def why_missing(*, too_much: bool) -> str:
    """Why a message was not saved with the files that were to go with it."""
    if too_much:
        limit = number(filesizeformat(settings.MESSAGE_FILES_SIZE))
        return gettext("The files of one message may have %(limit)s together.") % {"limit": limit}
    return gettext("A file of this message is no longer kept: it waited too long. Attach it again.")


def standing(access: RoomAccess, user: User) -> dict[str, Any]:
    """`{writes, code, reason}`: for the page and for its script. `reason` may come with a right
    to write: slow mode. `again`: in so many seconds it is over by itself.
    """
    if not access.writing:
        return {"writes": False, "code": "read_only", "reason": str(WHY_SILENT)}
    if shut := access.shut:
        found = {"writes": False, "code": shut, "reason": why_shut(access, user)}
        if shut == "muted" and access.mute and access.mute.until:
            left = access.mute.until - timezone.now()
            found["again"] = max(1, math.ceil(left.total_seconds()))
        return found
    if access.room.slow_seconds and not access.chairs:
        return {
            "writes": True,
            "code": "slow",
            "reason": slow_mode_explained(access.room.slow_seconds),
        }
    return {"writes": True, "code": "", "reason": ""}


def readers(room: Room) -> dict[str, Any]:
    """Who can read the room, and how many they are: what the panel shows."""
    return readers_of(Participant.objects.for_panel(room))


def readers_to_be(roles: dict[Institution, str]) -> dict[str, Any]:
    """Who could read a room of these (institution -> role) and of the secretariat. Not saved."""
    order = list(ParticipantRole)
    chosen = sorted(roles.items(), key=lambda each: order.index(ParticipantRole(each[1])))
    return readers_of(
        [
            Participant(office=Participant.SECRETARIAT, role=ParticipantRole.CHAIR),
            *(Participant(institution=institution, role=role) for institution, role in chosen),
        ]
    )


def readers_of(participants: Iterable[Participant]) -> dict[str, Any]:
    listed = people_by_institution(participants)
    delegations, people = counted(listed)
    return {"participants": listed, "delegation_count": delegations, "people_count": people}
