"""Rights over what is watched of an institution's standing: dues, notices, the monitor."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone

from members.enums import Capacity
from members.models import Institution, Mandate, StandingNotice
from members.permissions.people import (
    MANAGING,
    Someone,
    access_institution,
    is_secretariat,
    running_mandates,
)
from members.permissions.presidencies import ended_at, past_term

PRESIDING = (Capacity.HEAD, Capacity.ALTERNATE)  # of the institution that presides


def can_watch_standing(user: Someone) -> bool:
    """Enter dues, draft, send and discard notices, take the list along: the secretariat alone."""
    return is_secretariat(user)


def can_read_monitor(user: Someone) -> bool:
    """The secretariat, the president, and the office before, which reads what was then."""
    return reads_monitor(running_mandates(user))


def can_read_standing(user: Someone, institution: Institution) -> bool:
    """Who reads the monitor; of their own institution, its head and focal point."""
    mandates = running_mandates(user)
    return reads_monitor(mandates) or _manages(mandates, institution)


def reads_monitor(mandates: list[Mandate]) -> bool:
    """As `can_read_monitor`, by the running `mandates` of one person."""
    return _of_today(mandates) or any(m.is_of_past_office for m in mandates)


def _of_today(mandates: list[Mandate]) -> bool:
    """The secretariat or the president."""
    return any(
        m.is_of_secretariat or (m.holds_presidency and m.capacity in PRESIDING) for m in mandates
    )


def _manages(mandates: list[Mandate], institution: Institution) -> bool:
    return any(m.institution_id == institution.pk and m.capacity in MANAGING for m in mandates)


def watched_at(user: Someone, institution: Institution | None = None) -> datetime:
    """As of when the person reads it: today, and the office before as of the end of its term.

    Of their own `institution` its head and focal point read today.
    """
    mandates = running_mandates(user)
    if _of_today(mandates) or (institution is not None and _manages(mandates, institution)):
        return timezone.now()
    term = past_term(user)
    return ended_at(term) if term else timezone.now()


def access_watched(user: Someone, pk: int) -> Institution:
    """An institution whose standing the person may read. Raises Http404."""
    institution = access_institution(user, pk)
    if not can_read_standing(user, institution):
        raise Http404
    return institution


def access_to_watch(user: Someone, pk: int) -> Institution:
    """An institution of whose standing the person may write. Raises Http404."""
    if not can_watch_standing(user):
        raise Http404
    return access_institution(user, pk)


def access_notice(user: Someone, pk: int, number: int) -> StandingNotice:
    """A notice: to the secretariat every one, to its head and focal point what was sent, to who
    reads the monitor what was sent until then. Raises Http404.
    """
    institution = access_watched(user, pk)
    notices = StandingNotice.objects.of_institution(institution).for_display()
    if not can_watch_standing(user):
        notices = notices.sent(watched_at(user, institution))
    found = notices.find(number)
    if found is None:
        raise Http404
    return found
