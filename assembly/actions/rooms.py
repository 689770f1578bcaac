"""The room in which the delegations of a meeting talk: one a meeting."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from assembly.models import Meeting
from assembly.permissions import can_run_meetings
from members.models import Group, Institution, Mandate, User
from messaging.actions import start_room
from messaging.actions.opening import roles_in_common
from messaging.enums import RoomKind
from messaging.models import Room
from records.actions import append_audit_entry
from records.reading import as_read_by


class RoomThere(Exception):
    """The meeting has its room already: `room`. Nothing was opened."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.pk)
        self.room = room


def roles_of_all() -> dict[Institution, str]:
    """Who takes part in the room of a meeting of all, as it would be opened now."""
    return roles_in_common(RoomKind.MEETING, Institution.objects.in_directory())


@transaction.atomic
def open_meeting_room(
    *,
    meeting: Meeting,
    group: Group | None = None,
    delegations: dict[Institution, str] | None = None,
    actor: User,
    mandate: Mandate,
) -> Room:
    """Open the room of a meeting: of all active members, whatever else is given, where it is a
    meeting of all; else for `delegations` (institution -> role), within `group` where there is one.

    Raises PermissionDenied; RoomThere; ValidationError("over") where the meeting is.
    """
    if not can_run_meetings(actor):
        raise PermissionDenied
    kept = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if kept.room:
        raise RoomThere(kept.room)
    if kept.is_over:
        raise ValidationError(_("The meeting is over: no room is opened for it."), code="over")
    room = start_room(
        kind=RoomKind.MEETING,
        titles=_titles(kept),
        purposes={},
        group=None if kept.is_of_all else group,
        delegations=roles_of_all() if kept.is_of_all else delegations or {},
        is_of_all=kept.is_of_all,
        actor=actor,
        mandate=mandate,
    )
    kept.room = room
    kept.save(update_fields=["room"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="meeting.room_opened",
        thing=kept,
        after={"room": room.pk},
    )
    return room


def _titles(meeting: Meeting) -> dict[str, str]:
    """The meeting's name in each language; where no number tells it from others, with its city."""
    titles = {}
    with as_read_by(None):
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                city = "" if meeting.number else meeting.city.text
                titles[language] = f"{meeting.name} · {city}" if city else meeting.name
    return titles
