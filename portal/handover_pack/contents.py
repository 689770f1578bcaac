"""What stands in the pack, part by part: tables of what the secretariat of that moment can read.

Days are those of the time zone that is active, the network's. Rooms are those in which the
secretariat takes part; of none is there more than its title.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assembly.models import AgendaItem, Meeting
from members.countries import country_name
from members.models import Application, GroupDate, Institution, Mandate
from members.permissions.people import MANAGING
from members.queues import counted
from messaging.models import Room
from records.sheets import Cell


@dataclass(frozen=True)
class Part:
    """`key` names it in the archive; `columns` are of what `rows` yields, in their order."""

    key: str
    title: Any
    columns: tuple[Any, ...]
    rows: Callable[[], Iterator[list[Cell]]]


def _members() -> Iterator[list[Cell]]:
    leading: dict[int, list[str]] = defaultdict(list)
    for mandate in Mandate.objects.running().for_display():
        if mandate.capacity in MANAGING:
            said = f"{mandate.user.name} ({mandate.get_capacity_display()})"
            leading[mandate.institution_id].append(said)
    found = Institution.objects.members().in_official_order()
    for each in found.with_joining().with_membership():
        membership = each.membership
        yield [
            each.name.text,
            country_name(each.country).text if each.country else "",
            str(membership.get_membership_class_display()) if membership else "",
            str(membership.get_state_display()) if membership else "",
            each.joined_on,
            "\n".join(leading[each.pk]),
        ]


def _applications() -> Iterator[list[Cell]]:
    for each in Application.objects.in_queue().open_for_secretariat():
        yield [
            each.pk,
            each.name.text,
            country_name(each.country).text if each.country else "",
            str(each.get_state_display()),
            timezone.localtime(each.state_since).date(),
            each.contact.name if each.contact else "",
        ]


def _decisions() -> Iterator[list[Cell]]:
    for item in AgendaItem.objects.unfinished():
        yield [
            str(item.meeting.name),
            item.meeting.starts_on,
            item.position,
            item.title.text,
            str(item.application.get_state_display()) if item.application else "",
        ]


def _rooms() -> Iterator[list[Cell]]:
    for room in Room.objects.of_office().order_by("kind", "pk"):
        yield [
            room.title.text,
            str(room.get_kind_display()),
            timezone.localtime(room.archived_at).date() if room.archived_at else None,
        ]


def _calendar() -> Iterator[list[Cell]]:
    """Meetings of the assembly, then the dates of groups, whose days are by their own clocks."""
    for meeting in Meeting.objects.upcoming().for_list():
        yield [str(meeting.name), "", meeting.city.text, meeting.starts_on, meeting.ends_on]
    for each in GroupDate.objects.upcoming().standing().with_group():
        yield [each.title.text, each.group.name.text, each.place, each.first_day, each.last_day]


def _queues() -> Iterator[list[Cell]]:
    for queue, number in counted():
        yield [str(queue.label), number]


_INSTITUTION = pgettext_lazy("export", "Institution")
_COUNTRY, _STATE = pgettext_lazy("export", "Country"), pgettext_lazy("export", "State")
_NUMBER, _TITLE = pgettext_lazy("export", "Number"), pgettext_lazy("export", "Title")
_SINCE = pgettext_lazy("export", "Since")
_FIRST, _LAST = pgettext_lazy("export", "First day"), pgettext_lazy("export", "Last day")

PARTS = (
    Part(
        "members",
        _("Members"),
        (
            _INSTITUTION,
            _COUNTRY,
            _("Class of membership"),
            _STATE,
            _SINCE,
            _("Heads and focal points"),
        ),
        _members,
    ),
    Part(
        "applications",
        _("Open applications"),
        (_NUMBER, _INSTITUTION, _COUNTRY, _STATE, _SINCE, pgettext_lazy("export", "Contact")),
        _applications,
    ),
    Part(
        "decisions",
        _("Decisions not completed"),
        (
            pgettext_lazy("export", "Meeting"),
            _FIRST,
            _("Agenda item"),
            _TITLE,
            _STATE,
        ),
        _decisions,
    ),
    Part(
        "rooms",
        _("Rooms of the secretariat"),
        (_TITLE, pgettext_lazy("export", "Kind"), _("Archived on")),
        _rooms,
    ),
    Part(
        "calendar",
        _("Meetings and dates to come"),
        (
            pgettext_lazy("export", "What"),
            _("Group"),
            _("Place"),
            _FIRST,
            _LAST,
        ),
        _calendar,
    ),
    Part(
        "queues",
        _("What lies open"),
        (pgettext_lazy("export", "What"), _NUMBER),
        _queues,
    ),
)
