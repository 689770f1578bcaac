"""What belongs to a person, part by part: their own, and of others no more than where it stands.

A part's rows are plain values by key, as the JSON has them; its columns say how a page calls them.
Nothing that would open something (passwords, keys, tokens, session keys) is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import User
from portal.data_export.account import (
    account_rows,
    address_rows,
    audit_rows,
    factor_rows,
    session_rows,
)
from portal.data_export.applications import (
    application_rows,
    declaration_rows,
    document_rows,
    review_rows,
)
from portal.data_export.groups import group_file_rows, join_request_rows
from portal.data_export.person import (
    browser_rows,
    invitation_rows,
    letter_rows,
    mandate_rows,
    profile_rows,
    suspension_rows,
)
from portal.data_export.rooms import (
    message_rows,
    mute_rows,
    read_mark_rows,
    report_rows,
    scheduled_rows,
    transcript_rows,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`key` names it in the JSON. `texts`: the columns that hold what a person wrote."""

    key: str
    title: Any
    columns: dict[str, Any]
    rows: Callable[[User], Iterator[Row]]
    texts: tuple[str, ...] = ()


_ROOM = pgettext_lazy("export", "Room")
_NUMBER = pgettext_lazy("export", "Number")
_TEXT = pgettext_lazy("export", "Text")
_SINCE = pgettext_lazy("export", "Date")
_FROM, _UNTIL = pgettext_lazy("export", "From"), pgettext_lazy("export", "Until")
_USED = pgettext_lazy("export", "Last used")
_KIND = pgettext_lazy("export", "Kind")
_INSTITUTION = pgettext_lazy("export", "Institution")
_CAPACITY = pgettext_lazy("export", "Capacity")

PARTS = (
    Part(
        "account",
        _("Account"),
        {
            "name": pgettext_lazy("export", "Name"),
            "name_arabic": _("Name in Arabic script"),
            "name_latin": _("Name in Latin script"),
            "email": _("E-mail address"),
            "language": _("Language"),
            "time_zone": _("Time zone"),
            "theme": pgettext_lazy("export", "Theme"),
            "digits": pgettext_lazy("export", "Digits"),
            "shows_hijri": _("Hijri dates"),
            "since": _("Account since"),
            "last_login": _("Last signed in"),
        },
        account_rows,
    ),
    Part(
        "profile",
        _("Profile"),
        {
            "kind": _KIND,
            "text": _TEXT,
            "shown_to": pgettext_lazy("export", "Shown to"),
        },
        profile_rows,
        texts=("text",),
    ),
    Part(
        "addresses",
        _("E-mail addresses"),
        {
            "email": _("E-mail address"),
            "proved": pgettext_lazy("an address", "Proved"),
            "primary": pgettext_lazy("an address", "In use"),
        },
        address_rows,
    ),
    Part(
        "mandates",
        _("Mandates"),
        {"institution": _INSTITUTION, "capacity": _CAPACITY, "from": _FROM, "until": _UNTIL},
        mandate_rows,
    ),
    Part(
        "suspensions",
        _("Suspensions of your mandates"),
        {
            "institution": _INSTITUTION,
            "capacity": _CAPACITY,
            "at": _SINCE,
            "act": pgettext_lazy("export", "Act"),
            "text": pgettext_lazy("export", "Reason"),
        },
        suspension_rows,
        texts=("text",),
    ),
    Part(
        "letters",
        _("Letters of appointment"),
        {"institution": _INSTITUTION, "file": pgettext_lazy("export", "File"), "since": _SINCE},
        letter_rows,
    ),
    Part(
        "second_factors",
        _("Second factor"),
        {"kind": _KIND, "since": _SINCE, "last_used": _USED},
        factor_rows,
    ),
    Part(
        "devices",
        _("Signed-in devices"),
        {
            "device": pgettext_lazy("export", "Device"),
            "address": _("Network address"),
            "since": _SINCE,
            "last_used": _USED,
        },
        session_rows,
    ),
    Part(
        "browsers",
        _("Browsers that are known as yours"),
        {"device": pgettext_lazy("export", "Browser"), "since": _SINCE},
        browser_rows,
    ),
    Part(
        "messages",
        _("Messages"),
        {
            "room": _ROOM,
            "number": _NUMBER,
            "version": pgettext_lazy("export", "Version"),
            "at": _SINCE,
            "text": _TEXT,
            "deleted": pgettext_lazy("a message", "Deleted"),
            "erased": pgettext_lazy("a message", "Erased"),
        },
        message_rows,
        texts=("text",),
    ),
    Part(
        "scheduled",
        _("Messages to be sent later"),
        {
            "room": _ROOM,
            "since": _SINCE,
            "due": pgettext_lazy("export", "To be sent"),
            "state": pgettext_lazy("export", "State"),
            "text": _TEXT,
            "files": _("Files"),
        },
        scheduled_rows,
        texts=("text",),
    ),
    Part("read_marks", _("Read marks"), {"room": _ROOM, "number": _NUMBER}, read_mark_rows),
    Part(
        "invitations",
        _("Invitations that you received"),
        {
            "institution": _INSTITUTION,
            "capacity": _CAPACITY,
            "since": _SINCE,
            "accepted": pgettext_lazy("an invitation", "Accepted"),
        },
        invitation_rows,
    ),
    Part(
        "applications",
        _("Applications"),
        {
            "institution": _INSTITUTION,
            "state": pgettext_lazy("export", "State"),
            "since": _SINCE,
        },
        application_rows,
    ),
    Part(
        "reviews",
        _("What you gave as a reviewer of applications"),
        {
            "institution": _INSTITUTION,
            "kind": _KIND,
            "since": _SINCE,
            "text": _TEXT,
            "scores": _("Scores"),
        },
        review_rows,
        texts=("text", "scores"),
    ),
    Part(
        "declarations",
        _("Declarations that you signed"),
        {
            "institution": _INSTITUTION,
            "name": pgettext_lazy("export", "Name"),
            "capacity": _CAPACITY,
            "since": _SINCE,
            "text": _TEXT,
        },
        declaration_rows,
        texts=("text", "name", "capacity"),
    ),
    Part(
        "join_requests",
        _("Requests to join groups that you made"),
        {
            "group": pgettext_lazy("export", "Group"),
            "institution": _INSTITUTION,
            "state": pgettext_lazy("export", "State"),
            "since": _SINCE,
            "text": _TEXT,
        },
        join_request_rows,
        texts=("text",),
    ),
    Part(
        "group_files",
        _("Files that you put in for groups"),
        {
            "group": pgettext_lazy("export", "Group"),
            "title": pgettext_lazy("export", "Title"),
            "version": pgettext_lazy("export", "Version"),
            "since": _SINCE,
            "file": pgettext_lazy("export", "File"),
            "removed": pgettext_lazy("a file of a group", "Taken out"),
        },
        group_file_rows,
        texts=("title",),
    ),
    Part(
        "documents",
        _("Files"),
        {"file": pgettext_lazy("export", "File"), "kind": _KIND, "since": _SINCE},
        document_rows,
    ),
    Part(
        "transcripts",
        _("Transcripts"),
        {
            "room": _ROOM,
            "first_record": _("First record"),
            "last_record": _("Last record"),
            "since": _SINCE,
        },
        transcript_rows,
    ),
    Part(
        "reports",
        _("Reports of messages"),
        {
            "room": _ROOM,
            "number": _NUMBER,
            "since": _SINCE,
            "reason": pgettext_lazy("export", "Reason"),
            "text": _TEXT,
            "outcome": pgettext_lazy("export", "Outcome"),
        },
        report_rows,
        texts=("text",),
    ),
    Part("mutes", _("Mutes"), {"room": _ROOM, "from": _FROM, "until": _UNTIL}, mute_rows),
    Part(
        "audit",
        _("What you did, as the audit log has it"),
        {
            "number": _NUMBER,
            "at": _SINCE,
            "act": pgettext_lazy("export", "Act"),
            "object": pgettext_lazy("export", "Object"),
        },
        audit_rows,
    ),
)
