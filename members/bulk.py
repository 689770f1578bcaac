"""What becomes of each of several rows when one act is done to all of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from members.enums import NEED_SECOND_FACTOR, ApplicationState, Capacity
from members.enums_lists import BulkAct, BulkFate
from members.languages import language_word
from members.models import Application, Mandate, Reviewer, User
from records.models import AuditEntry
from records.reading import written_date

MOST_ROWS = 100  # of one act
REMINDER_DAYS = 7  # between two letters to the same person
REMINDED = "person.second_factor_reminded"


class BulkRow(NamedTuple):
    """A row, how it stood when it was looked at, and what becomes of it."""

    thing: Mandate | Application
    seen: str
    fate: BulkFate
    note: str = ""

    def now(self, fate: BulkFate, note: str = "") -> "BulkRow":
        return self._replace(fate=fate, note=note)


def seen_of(thing: Mandate | Application) -> str:
    """How it stands: what has changed since is left alone."""
    if isinstance(thing, Application):
        return thing.state
    return thing.ends_at.isoformat() if thing.ends_at else "-"


def fates_of_ending(
    mandates: Sequence[Mandate], *, actor: User, at: datetime | None
) -> list[BulkRow]:
    """Of mandates read `with_facts()`, ended `at` that moment (None: now), in their order."""
    found = [_ending(each, actor, at) for each in mandates]
    ended = {row.thing.pk for row in found if row.fate == BulkFate.READY}
    left = Counter(
        institution
        for pk, institution in Mandate.objects.focal_points(
            {each.institution_id for each in mandates}
        )
        if pk not in ended
    )
    return [
        row._replace(note=_("The delegation is left without a national focal point."))
        if row.fate == BulkFate.READY
        and isinstance(row.thing, Mandate)
        and row.thing.capacity == Capacity.FOCAL_POINT
        and not left[row.thing.institution_id]
        else row
        for row in found
    ]


def _ending(mandate: Mandate, actor: User, at: datetime | None) -> BulkRow:
    row = BulkRow(mandate, seen_of(mandate), BulkFate.READY)
    ends = mandate.ends_at
    if ends and ends <= timezone.now():
        return row.now(BulkFate.NOTHING, _("It has ended already."))
    if mandate.user_id == actor.pk:
        return row.now(
            BulkFate.REFUSED, _("This is your own mandate: end it on the page of the delegation.")
        )
    if at is None:
        return row
    if mandate.capacity == Capacity.SECRETARIAT:
        return row.now(
            BulkFate.REFUSED, _("A mandate of the secretariat is ended by hand, at once.")
        )
    if at <= mandate.starts_at:
        return row.now(BulkFate.REFUSED, _("The mandate has not begun by then."))
    if ends and ends <= at:
        return row.now(BulkFate.NOTHING, _("It ends by then anyway."))
    return row


def fates_of_reminding(mandates: Sequence[Mandate]) -> list[BulkRow]:
    """Of mandates read `with_facts()`: who gets a letter that asks for a second factor."""
    since = timezone.now() - timedelta(days=REMINDER_DAYS)
    reminded = AuditEntry.objects.lately(REMINDED, User, {m.user_id for m in mandates}, since)
    found: list[BulkRow] = []
    written: set[int] = set()
    for each in mandates:
        row = BulkRow(each, seen_of(each), BulkFate.NOTHING)
        if not each.carries_rights:
            row = row.now(BulkFate.NOTHING, _("The mandate is not running."))
        elif each.capacity not in NEED_SECOND_FACTOR:
            row = row.now(BulkFate.NOTHING, _("This capacity does not ask for a second factor."))
        elif each.has_second_factor:
            row = row.now(BulkFate.NOTHING, _("There is a second factor."))
        elif each.user_id in written:
            row = row.now(BulkFate.NOTHING, _("The same person gets one letter."))
        elif each.user_id in reminded:
            day = written_date(timezone.localtime(reminded[each.user_id]))
            row = row.now(BulkFate.NOTHING, _("A letter went out on %(day)s.") % {"day": day})
        else:
            written.add(each.user_id)
            note = _("The letter is in: %(language)s.")
            said = language_word(each.user.language) if each.user.language else ""
            row = row.now(BulkFate.READY, note % {"language": said} if said else "")
        found.append(row)
    return found


def fates_of_review(applications: Sequence[Application], *, actor: User) -> list[BulkRow]:
    """Of applications of the queue: whose review begins."""
    own = {each.pk for each in Application.objects.of_applicant(actor.pk)}
    in_conflict = Reviewer.objects.in_conflict(actor.pk)
    found = []
    for each in applications:
        row = BulkRow(each, seen_of(each), BulkFate.READY)
        if each.pk in own:
            row = row.now(BulkFate.REFUSED, _("You write it yourself: a colleague reviews it."))
        elif each.pk in in_conflict:
            row = row.now(BulkFate.REFUSED, _("You declared a conflict of interest."))
        elif each.state != ApplicationState.SUBMITTED:
            note = _("Its state is: %(state)s.") % {"state": each.get_state_display()}
            row = row.now(BulkFate.NOTHING, note)
        found.append(row)
    return found


def fates_of(
    act: str,
    things: Sequence[Mandate] | Sequence[Application],
    *,
    actor: User,
    at: datetime | None = None,
) -> list[BulkRow]:
    mandates = [each for each in things if isinstance(each, Mandate)]
    match act:
        case BulkAct.END:
            return fates_of_ending(mandates, actor=actor, at=at)
        case BulkAct.REMIND:
            return fates_of_reminding(mandates)
    return fates_of_review([e for e in things if isinstance(e, Application)], actor=actor)
