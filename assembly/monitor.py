"""How the members stand: what the secretariat watches, and what of it wants attention.

Read only. Nothing here sends anything, or takes anything away from anybody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max

from assembly.attendance import ABSENCES, Attended, absences_in_a_row, attendance
from members.enums_standing import DuesState, NoticeSubject
from members.models import (
    Dues,
    Institution,
    Mandate,
    ProfileVersion,
    StandingNotice,
    network_day,
)

PROFILE_AGE = timedelta(days=365)


@dataclass
class Standing:
    """One member as it stood `at` a moment."""

    institution: Institution
    at: datetime
    assemblies: list[Attended] = field(default_factory=list)  # the latest first
    dues: list[Dues] = field(default_factory=list)  # the latest first
    mandates: list[Mandate] = field(default_factory=list)  # that run out, the next one first
    profile_at: datetime | None = None  # when the profile was changed last; None: never
    drafts: dict[str, int] = field(default_factory=dict)  # subject -> the notice in preparation
    sent: list[StandingNotice] = field(default_factory=list)  # the latest first

    @property
    def attended(self) -> int:
        return sum(each.was_there for each in self.assemblies)

    @property
    def missed(self) -> int:
        return len(self.assemblies) - self.attended

    @property
    def in_a_row(self) -> int:
        """How many of the last assemblies it missed, one after another."""
        return absences_in_a_row(self.assemblies)

    @property
    def missed_in_a_row(self) -> list[Attended]:
        return self.assemblies[: self.in_a_row]

    @property
    def is_absent(self) -> bool:
        return self.in_a_row >= ABSENCES

    @property
    def years(self) -> list[tuple[Dues, DuesState]]:
        return [(each, each.state_at(network_day(self.at))) for each in self.dues]

    @property
    def overdue(self) -> list[Dues]:
        """The earliest first."""
        return [dues for dues, state in self.years if state == DuesState.OVERDUE][::-1]

    @property
    def profile_since(self) -> datetime:
        return self.profile_at or self.institution.created_at

    @property
    def is_out_of_date(self) -> bool:
        return self.profile_since < self.at - PROFILE_AGE

    @property
    def wants(self) -> list[NoticeSubject]:
        """What wants attention."""
        wanting = {
            NoticeSubject.ABSENCES: self.is_absent,
            NoticeSubject.DUES: bool(self.overdue),
            NoticeSubject.MANDATES: bool(self.mandates),
            NoticeSubject.PROFILE: self.is_out_of_date,
        }
        return [subject for subject, wants in wanting.items() if wants]


def standings(institutions: Iterable[Institution], at: datetime) -> list[Standing]:
    """How these stood then, in their order. Nine queries, however many they are."""
    found = {each.pk: Standing(each, at) for each in institutions}
    for pk, lines in attendance(found, at).items():
        found[pk].assemblies = lines
    for dues in Dues.objects.known(at).filter(institution__in=found).latest_first():
        found[dues.institution_id].dues.append(dues)
    ending = Mandate.objects.running_out(at).filter(institution__in=found).select_related("user")
    for mandate in ending:
        found[mandate.institution_id].mandates.append(mandate)
    changed = ProfileVersion.objects.filter(institution__in=found, number__gt=0, at__lte=at)
    for pk, last in changed.values_list("institution").annotate(last=Max("at")):
        found[pk].profile_at = last
    notices = StandingNotice.objects.filter(institution__in=found)
    for pk, subject, number in notices.drafts().values_list("institution", "subject", "pk"):
        found[pk].drafts[subject] = number
    sent: dict[int, list[StandingNotice]] = defaultdict(list)
    for notice in notices.sent(at).select_related("sent_by"):
        sent[notice.institution_id].append(notice)
    for pk, own in sent.items():
        found[pk].sent = own
    return list(found.values())


def standing_of(institution: Institution, at: datetime) -> Standing:
    return standings([institution], at)[0]


def members_at(at: datetime, *, today: bool) -> list[Institution]:
    """Those who were members then, suspended ones too, in the official order."""
    last = network_day(at - timedelta(microseconds=1))  # a term that ends with a day is of that day
    found = Institution.objects.members() if today else Institution.objects.members_on(last)
    return list(found.with_membership().in_official_order())
