"""What belongs to a person, part by part: their own, and of others no more than where it stands.

A part's rows are plain values by key, as the JSON has them; its columns say how a page calls them.
Nothing that would open something (passwords, keys, tokens, session keys) is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.audit import act_name, thing_name
from members.models import (
    Invitation,
    JoinRequest,
    Mandate,
    User,
)
from messaging.models import (
    Message,
    Mute,
    ReadMark,
    Report,
    ScheduledMessage,
    Transcript,
)
from portal.data_export.applications import (
    application_rows,
    declaration_rows,
    document_rows,
    review_rows,
)
from portal.data_export.files import name_in_archive
from portal.data_export.person import browser_rows, letter_rows, profile_rows, suspension_rows
from records.models import AuditEntry

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`key` names it in the JSON. `texts`: the columns that hold what a person wrote."""

    key: str
    title: Any
    columns: dict[str, Any]
    rows: Callable[[User], Iterator[Row]]
    texts: tuple[str, ...] = ()


def _account(user: User) -> Iterator[Row]:
    yield {
        "name": user.name,
        "name_arabic": user.name_arabic,
        "name_latin": user.name_latin,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": str(user.get_theme_display()),
        "digits": str(user.get_digits_display()),
        "shows_hijri": user.shows_hijri,
        "since": user.created_at,
        "last_login": user.last_login,
    }


def _addresses(user: User) -> Iterator[Row]:
    for address in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield {"email": address.email, "proved": address.verified, "primary": address.primary}


def _mandates(user: User) -> Iterator[Row]:
    for mandate in Mandate.objects.of_person(user.pk).of_its_holder():
        yield {
            "institution": mandate.institution.name.text,
            "capacity": str(mandate.get_capacity_display()),
            "from": mandate.starts_at,
            "until": mandate.ends_at,
        }


def _factors(user: User) -> Iterator[Row]:
    for factor in Authenticator.objects.filter(user=user).order_by("pk"):
        yield {"kind": str(factor), "since": factor.created_at, "last_used": factor.last_used_at}


def _sessions(user: User) -> Iterator[Row]:
    for session in UserSession.objects.filter(user=user).order_by("created_at", "pk"):
        yield {
            "device": session.user_agent,
            "address": session.ip,
            "since": session.created_at,
            "last_used": session.last_seen_at,
        }


def _messages(user: User) -> Iterator[Row]:
    """Every version; of what was deleted or erased that it was."""
    for message in Message.objects.written_by(user).iterator(chunk_size=500):
        said = [
            {"version": number, "at": record.at, "text": record.text}
            for number, record in enumerate(message.own_versions, start=1)
            if message.stands
        ]
        for version in said or [{"version": None, "at": message.posted_at, "text": None}]:
            yield {
                "room": message.room.title.text,
                "number": message.seq,
                **version,
                "deleted": message.deletion.at if message.deletion else None,
                "erased": message.erased_at,
            }


def _scheduled(user: User) -> Iterator[Row]:
    """What is to be sent later, or was refused then; what was sent is among the messages."""
    for each in ScheduledMessage.objects.kept(user):
        yield {
            "room": each.room.title.text,
            "since": each.created_at,
            "due": each.due_at,
            "state": str(each.get_state_display()),
            "text": each.body,
            "files": ", ".join(name_in_archive(file) for file in each.files.all()),
        }


def _read_marks(user: User) -> Iterator[Row]:
    for mark in ReadMark.objects.filter(user=user).select_related("room").order_by("room"):
        yield {"room": mark.room.title.text, "number": mark.last_read_seq}


def _invitations(user: User) -> Iterator[Row]:
    found = Invitation.objects.filter(email=user.email).select_related("institution")
    for invitation in found.order_by("created_at", "pk"):
        institution = invitation.institution
        yield {
            "institution": institution.name.text if institution else "",
            "capacity": str(invitation.get_capacity_display()),
            "since": invitation.created_at,
            "accepted": invitation.accepted_at,
        }


def _join_requests(user: User) -> Iterator[Row]:
    for asked in JoinRequest.objects.asked_by_person(user):
        yield {
            "group": asked.group.name.text,
            "institution": asked.institution.name.text,
            "state": str(asked.get_state_display()),
            "since": asked.created_at,
            "text": asked.words,
        }


def _transcripts(user: User) -> Iterator[Row]:
    found = Transcript.objects.filter(asked_by=user).select_related("room").order_by("pk")
    for each in found:
        yield {
            "room": each.room.title.text,
            "first_record": each.first_seq,
            "last_record": each.last_seq,
            "since": each.asked_at,
        }


def _reports(user: User) -> Iterator[Row]:
    for report in Report.objects.filter(reporter=user).for_list():
        yield {
            "room": report.message.room.title.text,
            "number": report.message.seq,
            "since": report.made_at,
            "reason": str(report.get_reason_display()),
            "text": report.words,
            "outcome": str(report.get_outcome_display()),
        }


def _mutes(user: User) -> Iterator[Row]:
    for mute in Mute.objects.filter(user=user).select_related("room").order_by("pk"):
        yield {"room": mute.room.title.text, "from": mute.since, "until": mute.until}


def _audit(user: User) -> Iterator[Row]:
    """What they did; not what it changed, which is of others too."""
    for entry in AuditEntry.objects.by_actor(user).iterator(chunk_size=2000):
        yield {
            "number": entry.number,
            "at": entry.at,
            "act": act_name(entry.act),
            "object": f"{thing_name(entry.object_type)} {entry.object_id}",
        }


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
        _account,
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
        _addresses,
    ),
    Part(
        "mandates",
        _("Mandates"),
        {"institution": _INSTITUTION, "capacity": _CAPACITY, "from": _FROM, "until": _UNTIL},
        _mandates,
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
        _factors,
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
        _sessions,
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
        _messages,
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
        _scheduled,
        texts=("text",),
    ),
    Part("read_marks", _("Read marks"), {"room": _ROOM, "number": _NUMBER}, _read_marks),
    Part(
        "invitations",
        _("Invitations that you received"),
        {
            "institution": _INSTITUTION,
            "capacity": _CAPACITY,
            "since": _SINCE,
            "accepted": pgettext_lazy("an invitation", "Accepted"),
        },
        _invitations,
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
        _join_requests,
        texts=("text",),
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
        _transcripts,
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
        _reports,
        texts=("text",),
    ),
    Part("mutes", _("Mutes"), {"room": _ROOM, "from": _FROM, "until": _UNTIL}, _mutes),
    Part(
        "audit",
        _("What you did, as the audit log has it"),
        {
            "number": _NUMBER,
            "at": _SINCE,
            "act": pgettext_lazy("export", "Act"),
            "object": pgettext_lazy("export", "Object"),
        },
        _audit,
    ),
)
