"""Where the frame leads, for each kind of person: one list, for a side bar and for a bottom bar.

Pages that other parts of the portal may not have are left out in silence.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from members.enums import Capacity
from members.http import mandate_of, mandates_of, person
from members.models import Application
from members.permissions.standing import reads_monitor
from messaging.models import Room

WORK, NETWORK, OFFICE, PRESIDENCY, PAST = "work", "network", "office", "presidency", "past_office"
TITLES = {
    OFFICE: gettext_lazy("Secretariat"),
    PRESIDENCY: gettext_lazy("Presidency"),
    PAST: gettext_lazy("Secretariat until the handover"),
}


@dataclass(frozen=True)
class NavItem:
    """One link. `is_main`: it has a place in a bottom bar of five."""

    key: str
    url: str
    label: str
    icon: str
    section: str
    is_main: bool = False
    is_counted: bool = False  # what waits there: unread messages, and those that mention the person
    unread: int = 0
    mentions: int = 0

    @property
    def section_title(self) -> str:
        return str(TITLES.get(self.section, ""))


def nav_items(request: HttpRequest) -> list[NavItem]:
    """The links for the person of `request`, in order; made once for each request."""
    if not hasattr(request, "_nav_items"):
        request._nav_items = list(_items(request))  # type: ignore[attr-defined]
    items: list[NavItem] = request._nav_items  # type: ignore[attr-defined]
    return items


def _items(request: HttpRequest) -> list[NavItem]:
    mandates, mandate = mandates_of(request), mandate_of(request)
    secretariat = any(each.is_of_secretariat for each in mandates)
    found = [
        _item("home", "portal:home", _("Home"), "landmark", is_main=True),
        _item("search", "portal:search", _("Search"), "search"),
    ]
    if mandates:
        waiting = Room.objects.counts_of(person(request)).values()
        found += [
            _item(
                "rooms",
                "messaging:room_list",
                _("Rooms"),
                "messages-square",
                is_main=True,
                is_counted=True,
                unread=sum(unread for unread, _ in waiting),
                mentions=sum(mentions for _, mentions in waiting),
            ),
            _item(
                "meetings", "assembly:meeting_list", _("Meetings"), "calendar-days", is_main=True
            ),
        ]
    elsewhere = (
        bool(mandates) and not secretariat and not any(m.is_of_past_office for m in mandates)
    )
    if not mandates or (
        elsewhere and Application.objects.of_applicant(person(request).pk).exists()
    ):
        found.append(
            _item(
                "applications",
                "members:application_list",
                _("My application"),
                "file-text",
                is_main=not mandates,
            )
        )
    if mandate:
        found.append(
            _item(
                "delegation",
                "members:delegation",
                _("My delegation"),
                "users-round",
                args=[mandate.institution_id],
                is_main=mandate.capacity == Capacity.FOCAL_POINT,
            )
        )
    found += [
        _item("members", "members:directory", _("Members"), "building-2", NETWORK, is_main=True),
        _item("groups", "members:group_list", _("Groups"), "network", NETWORK)
        if mandates
        else None,
        _item("news", "portal:news_list", _("News"), "newspaper", NETWORK),
        _item("calendar", "portal:calendar", _("Calendar"), "calendar-range", NETWORK),
    ]
    if secretariat:
        found += [
            _item(
                "applications",
                "members:application_list",
                _("Applications"),
                "file-text",
                OFFICE,
                is_main=True,
            ),
            _item("people", "members:people", _("People"), "users", OFFICE),
            _standing(OFFICE),
            _item("releases", "members:profile_releases", _("Profiles"), "file-check", OFFICE),
            _item("news_desk", "portal:news_new", _("Write news"), "pencil-line", OFFICE),
            _item("pages", "portal:page_list", _("Pages"), "files", OFFICE),
            _item(
                "network", "members:network_settings", _("Settings of the network"), "cog", OFFICE
            ),
            _item("reports", "messaging:all_reports", _("Reports"), "flag", OFFICE),
            _item("audit_log", "members:audit_log", _("Audit log"), "scroll-text", OFFICE),
            _item("presidency", "members:presidency", _("Presidency"), "arrow-right-left", OFFICE),
            _item("letters", "portal:failed_letters", _("Failed letters"), "mail-warning", OFFICE),
        ]
        if settings.DEMO:
            found.append(_item("mail", "portal:mail", _("Outgoing mail"), "mail", OFFICE))
    elif any(each.is_of_past_office for each in mandates):
        found += [
            _item("applications", "members:application_list", _("Applications"), "file-text", PAST),
            _standing(PAST),
            _item("audit_log", "members:audit_log", _("Audit log"), "scroll-text", PAST),
            _item("presidency", "members:presidency", _("Presidency"), "arrow-right-left", PAST),
        ]
    elif reads_monitor(mandates):  # the president
        found.append(_standing(PRESIDENCY))
    return [item for item in found if item]


def _standing(section: str) -> NavItem | None:
    label = pgettext("of the members", "Standing")
    return _item("standing", "assembly:standing_monitor", label, "gauge", section)


def _item(
    key: str,
    name: str,
    label: str,
    icon: str,
    section: str = WORK,
    *,
    args: list[Any] | None = None,
    **more: Any,
) -> NavItem | None:
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return None
    return NavItem(key, url, label, icon, section, **more)
