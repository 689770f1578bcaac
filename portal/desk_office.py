"""What the secretariat finds on its desk, and what a task on any desk is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.models import AgendaItem, Meeting
from assembly.owed_terms import in_words, owed_terms
from members.enums import QueueTab, WhyClosed
from members.models import Application, Invitation, ProfileProposal, User
from members.permissions.applications import bound_to
from members.permissions.invitations import with_reasons
from messaging.models import Erasure, Report, Room
from portal.figures import figures
from portal.letters import described, failed_jobs
from records.languages import Shown

APPLICATIONS = 8  # in the queue on the desk; the rest is one page away
INVITATIONS = 6
LETTERS = 3
SOON = timedelta(days=60)  # a meeting so near needs its rules and its agenda


@dataclass(frozen=True)
class Task:
    """Something that waits for the reader, and the page on which it is done."""

    title: Shown | str
    note: str
    url: str
    icon: str
    tone: str = "info"  # of a badge; "danger" and "warning" come first
    when: date | datetime | None = None
    when_is: str = "on"  # what happens then: "on" it meets, "until" it runs, it "expired"


def office(upcoming: list[Meeting]) -> dict[str, Any]:
    queue = list(Application.objects.in_queue().open_for_secretariat().with_owed_charter())
    tabs = {
        each.pk: QueueTab.of(each.state, is_owed_charter=each.is_owed_charter) for each in queue
    }
    moving = [each for each in queue if tabs[each.pk] != QueueTab.ASSEMBLY]
    to_do = [each for each in queue if tabs[each.pk] == QueueTab.TO_DO]
    sent = with_reasons(Invitation.objects.to_delegations().unanswered())
    invitations = sent[::-1]  # the oldest first
    failed = failed_jobs()
    return {
        "is_office": True,
        "queue": [
            (tab, list(tabs.values()).count(tab))
            for tab in (QueueTab.TO_DO, QueueTab.APPLICANT, QueueTab.ASSEMBLY)
        ],
        "queued": moving[:APPLICATIONS],
        "queued_more": max(len(moving) - APPLICATIONS, 0),
        "to_do": [each for each in to_do if not each.is_owed_charter],
        "owed_charter": [each for each in to_do if each.is_owed_charter],
        "unanswered": invitations[:INVITATIONS],
        "unanswered_more": max(len(invitations) - INVITATIONS, 0),
        "expired": sum(each.closed == WhyClosed.EXPIRED for each in invitations),
        "proposed": ProfileProposal.objects.waiting().count(),
        "failed_count": failed.count(),
        "failed": [described(job) for job in failed[:LETTERS]],
        "votes": list(AgendaItem.objects.with_open_vote()),
        "unprepared": [
            meeting
            for meeting in upcoming
            if meeting.starts_on <= timezone.now().date() + SOON
            and not (meeting.rules_id and meeting.items)
        ],
        "months": figures(),
    }


def tasks_of_office(desk: dict[str, Any]) -> Iterator[Task]:
    if number := desk["failed_count"]:
        yield Task(
            title=ngettext(
                "%(number)s letter could not be sent",
                "%(number)s letters could not be sent",
                number,
            )
            % {"number": number},
            note=_("Refused by the mail server, or tried in vain for too long."),
            url=reverse("portal:failed_letters"),
            icon="mail-warning",
            tone="danger",
        )
    for item in desk["votes"]:
        place = [item.meeting_id, item.position]
        yield Task(
            title=item.title,
            note=ngettext(
                "The vote is open: %(number)s institution has not been called yet.",
                "The vote is open: %(number)s institutions have not been called yet.",
                item.not_called,
            )
            % {"number": item.not_called}
            if item.not_called
            else _("All have been called: the result waits to be certified."),
            url=reverse("assembly:roll_call" if item.not_called else "assembly:review", args=place),
            icon="vote",
            tone="warning",
        )
    for meeting in desk["unprepared"]:
        yield Task(
            title=meeting.name,
            note=_unprepared(meeting),
            url=reverse("assembly:meeting", args=[meeting.pk]),
            icon="calendar-clock",
            tone="warning",
            when=meeting.starts_on,
        )
    if number := len(desk["to_do"]):
        overdue = sum(each.is_overdue for each in desk["to_do"])
        yield Task(
            title=ngettext(
                "%(number)s application waits for the secretariat",
                "%(number)s applications wait for the secretariat",
                number,
            )
            % {"number": number},
            note=ngettext(
                "%(number)s of them has waited for too long.",
                "%(number)s of them have waited for too long.",
                overdue,
            )
            % {"number": overdue}
            if overdue
            else _("The one that has waited longest stands first."),
            url=reverse("members:application_list"),
            icon="file-text",
            tone="warning" if overdue else "info",
        )
    for each in desk["owed_charter"]:
        yield Task(
            title=each.name,
            note=_("The institution was admitted, and waits for the charter to be sent."),
            url=reverse("members:charter", args=[each.pk]),
            icon="file-text",
            tone="warning",
        )
    if number := desk["proposed"]:
        yield Task(
            title=ngettext(
                "%(number)s changed profile waits for its release",
                "%(number)s changed profiles wait for their release",
                number,
            )
            % {"number": number},
            note=_("Until then everyone reads what was released last."),
            url=reverse("members:profile_releases"),
            icon="file-check",
        )
    if number := desk["expired"]:
        yield Task(
            title=ngettext(
                "%(number)s invitation has expired unanswered",
                "%(number)s invitations have expired unanswered",
                number,
            )
            % {"number": number},
            note=_("Each can be sent again or revoked."),
            url="#unanswered",
            icon="mail-question-mark",
        )


def terms_to_write(user: User) -> Iterator[Task]:
    """Decisions of which the applicant is not told until something is said with them: of those that
    this person of the secretariat handles (`assembly.permissions.can_handle`). Four queries.
    """
    owed = owed_terms(AgendaItem.objects.held().with_writers())
    bound = bound_to([item.application for item, _missing in owed if item.application])
    for item, missing in owed:
        if item.application_id not in bound.get(user.pk, ()):
            yield Task(
                title=item.title,
                note=_("Decided. Before the applicant is told, this is still to be said: %(terms)s")
                % {"terms": " · ".join(in_words(missing))},
                url=reverse("assembly:decision_terms", args=[item.meeting_id, item.position]),
                icon="stamp",
                tone="warning",
            )


def order(user: User) -> Iterator[Task]:
    """Two queries: reports, and texts that another wants to have erased."""
    rooms = Room.objects.of_office()
    if number := Report.objects.in_rooms(rooms).open().shown_to(user).count():
        yield Task(
            title=ngettext(
                "%(number)s report of a message is open",
                "%(number)s reports of messages are open",
                number,
            )
            % {"number": number},
            note=_("A reader asks those who run the room to look at it."),
            url=reverse("messaging:all_reports"),
            icon="flag",
            tone="warning",
        )
    if number := Erasure.objects.in_rooms(rooms).waiting().for_second(user).count():
        yield Task(
            title=ngettext(
                "%(number)s erasure waits for a second person",
                "%(number)s erasures wait for a second person",
                number,
            )
            % {"number": number},
            note=_("Somebody of the secretariat asks that a text be erased for legal reasons."),
            url=reverse("messaging:all_reports"),
            icon="eraser",
            tone="warning",
        )


def _unprepared(meeting: Meeting) -> str:
    if not meeting.rules_id and not meeting.items:
        return _("It is near, and has neither rules nor an agenda.")
    return (
        _("It is near, and has no agenda.")
        if meeting.rules_id
        else _("It is near, and has no rules.")
    )
