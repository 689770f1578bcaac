"""The list of rooms under headings: for all, groups, two delegations, persons, meetings,
the archive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.models import User
from messaging.actions.direct import names_joined
from messaging.enums import RoomKind
from messaging.models import Participant, Room

_HEADINGS = (
    ("all", _("Plenary and announcements"), (RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS)),
    ("groups", _("Groups"), (RoomKind.GROUP,)),
    ("bilateral", _("Bilateral rooms"), (RoomKind.BILATERAL,)),
    ("direct", _("Direct rooms"), (RoomKind.DIRECT,)),
    ("meetings", _("Meetings"), (RoomKind.MEETING,)),
)


@dataclass(frozen=True)
class Heading:
    key: str
    title: Any
    rooms: list[Room]

    @property
    def unread(self) -> int:
        return sum(room.unread for room in self.rooms)


def name_for(user: User, rooms: Iterable[Room]) -> None:
    """Call each room of persons by the others' names, on this page: to be saved by nobody."""
    direct = [room for room in rooms if room.is_direct]
    present = Participant.objects.persons_in([room.pk for room in direct]) if direct else {}
    for room in direct:
        others = [person for person in present.get(room.pk, []) if person != user]
        if others:
            room.titles = names_joined(others)


def grouped(rooms: Iterable[Room]) -> list[Heading]:
    """The rooms (see `RoomQuerySet.for_list`) by kind, unread first; archived ones at the end."""
    ordered = sorted(rooms, key=lambda room: not room.unread)  # stable: by last message within
    found = [
        Heading(key, title, [r for r in ordered if r.kind in kinds and not r.is_archived])
        for key, title, kinds in _HEADINGS
    ]
    found.append(Heading("archived", _("Archived"), [r for r in ordered if r.is_archived]))
    return [heading for heading in found if heading.rooms]
