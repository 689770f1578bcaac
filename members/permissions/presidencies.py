"""Rights over the handover of the presidency, and what the office before may still read."""

from datetime import datetime

from django.http import Http404

from members.enums import Capacity, HandoverState
from members.models import Handover, Institution, Mandate, Membership, Presidency
from members.permissions.people import (
    MANAGING,
    Someone,
    is_secretariat,
    running_mandates,
)


def can_hand_over(user: Someone) -> bool:
    """The secretariat of now alone: it schedules a handover, moves it, takes it back."""
    return is_secretariat(user)


def can_enter_terms(user: Someone) -> bool:
    """Terms from before the portal: the secretariat of now."""
    return is_secretariat(user)


def access_term(user: Someone, pk: int) -> Presidency:
    """A term that the person may correct. Raises Http404."""
    term = Presidency.objects.by_hand().find(pk) if can_enter_terms(user) else None
    if term is None:
        raise Http404
    return term


def past_term(user: Someone) -> Presidency | None:
    """The term of the office to which the person belonged until the presidency passed on, and
    whose pages they may still read as they were then; None for the secretariat of now.
    """
    mandates = running_mandates(user)
    if any(m.is_of_secretariat for m in mandates):
        return None
    found = [m for m in mandates if m.is_of_past_office]
    if not found:
        return None
    latest = max(found, key=lambda m: m.presided_until or m.starts_at)
    terms = Presidency.objects.over().of_institution(latest.institution).order_by("-ends_at")
    return terms.first()


def ended_at(term: Presidency) -> datetime:
    """When a term that is over ended."""
    assert term.ends_at  # noqa: S101  `past_term` finds no other
    return term.ends_at


def can_read_handovers(user: Someone) -> bool:
    """Who finds the page on which handovers are listed: the secretariat, the office before, and
    the institution that is to preside.
    """
    mandates = running_mandates(user)
    if any(m.is_of_secretariat or m.is_of_past_office for m in mandates):
        return True
    return bool(mandates) and bool(handovers_of(user))


def can_see_handover(user: Someone, handover: Handover) -> bool:
    """The secretariat; of both institutions the office, the heads and the focal points; and who is
    to be of the secretariat by it.
    """
    return _sees(user, running_mandates(user), handover)


def _sees(user: Someone, mandates: list[Mandate], handover: Handover) -> bool:
    for mandate in mandates:
        if mandate.is_of_secretariat:
            return True
        if mandate.institution_id == handover.institution_id and mandate.capacity in MANAGING:
            return True
        if mandate.institution_id == handover.outgoing.institution_id and (
            mandate.capacity in MANAGING or mandate.is_of_past_office
        ):
            return True
    return user.pk is not None and any(
        each.mandate.user_id == user.pk
        and not each.mandate.is_ended
        and each.mandate.suspended_at is None
        for each in handover.beginning
    )


def can_make_pack(user: Someone, handover: Handover) -> bool:
    """The office that hands over, while it does: what it finds afterwards is not its to tell."""
    return handover.is_pending and can_hand_over(user)


def can_make_up_pack(user: Someone, handover: Handover) -> bool:
    """The office that received the presidency, where no pack came of it: it reads all of it anyway.
    The pack then says how things stand when it is made.
    """
    term = handover.incoming
    return handover.is_in_effect and term is not None and term.runs_at() and can_hand_over(user)


def can_read_pack(user: Someone, handover: Handover) -> bool:
    """Both offices, and the heads of the institution that receives the presidency."""
    if handover.state == HandoverState.CANCELLED:
        return False
    return any(
        m.is_of_secretariat
        or (m.institution_id == handover.institution_id and m.capacity == Capacity.HEAD)
        or (m.institution_id == handover.outgoing.institution_id and m.is_of_past_office)
        for m in running_mandates(user)
    )


def access_handover(user: Someone, pk: int) -> Handover:
    """A handover with all that its page shows. Raises Http404."""
    handover = Handover.objects.for_display().find(pk)
    if handover is None or not can_see_handover(user, handover):
        raise Http404
    return handover


def handovers_of(user: Someone) -> list[Handover]:
    """All that the person may see, the latest first: the secretariat sees every one."""
    mandates = running_mandates(user)
    found = Handover.objects.for_display()
    if not any(m.is_of_secretariat for m in mandates):
        found = found.concerning(sorted({m.institution_id for m in mandates}))
    return [each for each in found if _sees(user, mandates, each)]


def may_preside(outgoing: Institution) -> list[Institution]:
    """Who can be handed the presidency: active full members but `outgoing`."""
    full = Membership.objects.entitled_to_vote().values("institution")
    found = Institution.objects.filter(pk__in=full).exclude(pk=outgoing.pk)
    return list(found.in_official_order())


def office_of(institution: Institution) -> list[Mandate]:
    """Mandates of the secretariat that an institution has given, running or to begin."""
    found = Mandate.objects.of_institution(institution).unended().of_office()
    return list(found.for_display())


def office_running(institution: Institution) -> list[Mandate]:
    """Those of them that carry the office's rights once the institution presides."""
    return list(Mandate.objects.running().of_institution(institution).of_office().for_display())


def may_take_over(institution: Institution) -> list[Mandate]:
    """One mandate a person of its delegation, by which they can be chosen for the secretariat."""
    found: dict[int, Mandate] = {}
    for mandate in Mandate.objects.running().of_institution(institution).for_display():
        found.setdefault(mandate.user_id, mandate)
    return list(found.values())
