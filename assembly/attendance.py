"""Who was at the general assemblies: as their delegations were recorded, else as they answered when
the roll was called.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from assembly.enums import Choice
from assembly.models import Meeting, MeetingDelegation, RollEntry
from members.enums import MembershipState
from members.models import Institution, Membership

ABSENCES = 3  # so many in a row are marked


class Attended(NamedTuple):
    """An assembly at which a member could have been."""

    meeting: Meeting
    was_there: bool


class Counted(NamedTuple):
    """How the members expected at one meeting count, each in one of these."""

    noted: int  # as present
    answered: int  # not noted, but in a roll call
    absent: int
    unknown: int  # nothing says

    @property
    def others(self) -> int:
        """Those who are not noted."""
        return self.answered + self.absent + self.unknown


def counted(meeting: Meeting, members: Iterable[Institution]) -> Counted:
    """How it stands for these members. Two queries."""
    noted = MeetingDelegation.objects.institutions_by_meeting([meeting]).get(meeting.pk, set())
    called = RollEntry.objects.answers_by_meeting([meeting]).get(meeting.pk, {})
    ids = [each.pk for each in members]
    found = [(pk in noted, _was_there(pk, noted, called)) for pk in ids]
    return Counted(
        noted=sum(is_noted for is_noted, _was in found),
        answered=found.count((False, True)),
        absent=found.count((False, False)),
        unknown=found.count((False, None)),
    )


def attendance(institutions: Iterable[int], at: datetime) -> dict[int, list[Attended]]:
    """By institution, the assemblies that were over then, the latest first. Four queries.

    An assembly of which nobody recorded who was there is left out, and so is one at whose first
    day the institution was no active member. Where no source says since when it is a member, it is
    expected from the first at which it was.
    """
    ids = list(institutions)
    meetings = list(Meeting.objects.general_assemblies().over_at(at.date()).newest_first())
    there = MeetingDelegation.objects.institutions_by_meeting(meetings)
    called = RollEntry.objects.answers_by_meeting(meetings)
    standings: dict[int, list[Membership]] = {pk: [] for pk in ids}
    for each in Membership.objects.history().filter(institution__in=ids):
        standings[each.institution_id].append(each)
    found: dict[int, list[Attended]] = {}
    for pk in ids:
        lines = []
        for meeting in meetings:
            was = _was_there(pk, there.get(meeting.pk, set()), called.get(meeting.pk, {}))
            if was or (was is False and _was_expected(standings[pk], meeting)):
                lines.append(Attended(meeting, was))
        if not any(each.since for each in standings[pk]):
            while lines and not lines[-1].was_there:
                lines.pop()
        found[pk] = lines
    return found


def absences_in_a_row(lines: list[Attended]) -> int:
    """How many of the last assemblies the member missed, one after another."""
    return next((n for n, each in enumerate(lines) if each.was_there), len(lines))


def _was_there(pk: int, recorded: set[int], called: dict[int, set[str]]) -> bool | None:
    """None: nobody has recorded it."""
    if pk in recorded:
        return True
    answers = called.get(pk, set()) - {""}
    if answers:
        return answers != {Choice.ABSENT.value}
    return False if recorded else None


def _was_expected(standings: list[Membership], meeting: Meeting) -> bool:
    day = meeting.starts_on
    return any(
        each.state == MembershipState.ACTIVE
        and (each.since is None or each.since <= day)
        and (each.until is None or each.until > day)
        for each in standings
    )
