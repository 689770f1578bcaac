"""The handover of the presidency: scheduled, moved, taken back, and written down once in effect.

Nothing is done at the moment itself: the terms and the mandates have it as their end and beginning,
so that rights pass at it whatever is at work then. Locks: both institutions by their numbers, the
handover, the audit log's head.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import signals
from members.enums import Capacity, HandoverState, MandateFate
from members.models import Handover, HandoverMandate, Institution, Mandate, Presidency, User
from members.permissions.presidencies import (
    can_hand_over,
    may_preside,
    may_take_over,
    office_of,
    office_running,
)
from members.tasks_handovers import defer_effect, tell_offices
from records.actions import append_audit_entry


class HandoverStandsError(ValidationError):
    """Another handover is scheduled already, or somebody else presides by now."""

    def __init__(self) -> None:
        super().__init__(
            _("A handover is scheduled already. Nothing of yours was done: look at that one."),
            code="handover_stands",
        )


class HandoverChangedError(ValidationError):
    """The handover is not as the actor saw it: moved, taken back, or in effect."""

    def __init__(self) -> None:
        super().__init__(
            _("This handover was changed meanwhile, or is in effect. Look at what stands now."),
            code="handover_changed",
        )


@transaction.atomic
def schedule_handover(
    *,
    institution: Institution,
    takes_effect_at: datetime,
    ending: Iterable[Mandate],
    beginning: Iterable[User],
    actor: User,
    mandate: Mandate | None = None,
) -> Handover:
    """Settle that the presidency passes to `institution` at a moment to come.

    `ending`: mandates of the present office that end then; the others go on, as delegates of their
    institution who read what the office could read. `beginning`: people of the next institution's
    delegation who are of the secretariat from then on, beside those who hold such a mandate there.

    Raises PermissionDenied, HandoverStandsError, and ValidationError with code "not_eligible",
    "not_to_come", "next_is_settled" or "nobody".
    """
    if not can_hand_over(actor):
        raise PermissionDenied
    presiding = Presidency.objects.running().get().institution_id
    _lock({presiding, institution.pk})
    note_due_handovers()
    term = Presidency.objects.running().select_for_update().select_related(None).get()
    if term.institution_id != presiding or Handover.objects.scheduled().exists():
        raise HandoverStandsError
    if not can_hand_over(actor):
        raise PermissionDenied
    _check_moment(takes_effect_at)
    if institution not in may_preside(term.institution):
        raise ValidationError(
            _("Only an active full member that does not preside now can be handed the presidency."),
            code="not_eligible",
        )
    if Presidency.objects.coming().exists():
        raise ValidationError(
            _("Who presides next was written down already."), code="next_is_settled"
        )
    ended_before = term.ends_at
    term.ends_at = takes_effect_at
    term.save(update_fields=["ends_at"])
    handover = Handover.objects.create(
        outgoing=term,
        incoming=Presidency.objects.create(institution=institution, starts_at=takes_effect_at),
        institution=institution,
        takes_effect_at=takes_effect_at,
        ended_before=ended_before,
        scheduled_by=actor,
    )
    ends = {each.pk for each in ending}
    for held in office_of(term.institution):
        _settle_outgoing(handover, held, held.pk in ends, actor, mandate)
    chosen = {user.pk for user in beginning}
    if not _settle_incoming(handover, chosen, actor, mandate):
        raise ValidationError(
            _("Choose who is of the secretariat from then on: the network is never without one."),
            code="nobody",
        )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="handover.scheduled",
        thing=handover,
        before={"institution": term.institution_id},
        after={"institution": institution.pk, "takes_effect_at": takes_effect_at.isoformat()},
    )
    _announce(handover, "scheduled")
    return handover


@transaction.atomic
def move_handover(
    *,
    handover: Handover,
    version: int,
    takes_effect_at: datetime,
    actor: User,
    mandate: Mandate | None = None,
) -> Handover:
    """Let it take effect at another moment to come. `version`: which the actor has seen.

    Raises PermissionDenied, HandoverChangedError, and ValidationError with code "not_to_come".
    """
    handover = _locked(handover, actor)
    before = handover.takes_effect_at
    if before == takes_effect_at and handover.is_pending:
        return handover  # a repeat, or nothing to do
    if not handover.is_pending or handover.version != version:
        raise HandoverChangedError
    _check_moment(takes_effect_at)
    later = takes_effect_at > before
    terms = [(handover.incoming, "starts_at"), (handover.outgoing, "ends_at")]
    for term, field in terms if later else terms[::-1]:  # at no time do the two overlap
        Presidency.objects.filter(pk=term.pk).update(**{field: takes_effect_at})  # type: ignore[union-attr]
    handover.takes_effect_at = takes_effect_at
    handover.version += 1
    handover.save(update_fields=["takes_effect_at", "version"])
    for each in handover.mandates.select_related("mandate"):
        held = each.mandate
        if each.fate == MandateFate.ENDS:
            # What would have ended by itself does not go on because the handover comes later.
            end = min(takes_effect_at, each.ended_before or takes_effect_at)
            if held.ends_at is None or held.ends_at > timezone.now():
                stood, held.ends_at = held.ends_at, max(end, held.starts_at)
                held.save(update_fields=["ends_at"])
                _log_moved("mandate.end_settled", held, stood, held.ends_at, actor, mandate)
        elif each.fate == MandateFate.BEGINS and held.ends_at != held.starts_at:
            stood, held.starts_at = held.starts_at, takes_effect_at
            held.save(update_fields=["starts_at"])
            _log_moved("mandate.start_moved", held, stood, takes_effect_at, actor, mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="handover.moved",
        thing=handover,
        before={"takes_effect_at": before.isoformat()},
        after={"takes_effect_at": takes_effect_at.isoformat()},
    )
    _announce(handover, "moved")
    return handover


@transaction.atomic
def cancel_handover(
    *, handover: Handover, reason: str, actor: User, mandate: Mandate | None = None
) -> Handover:
    """Take it back, for a reason that both offices read: terms and mandates are as before it.

    Safe to repeat. Raises PermissionDenied and HandoverChangedError.
    """
    handover = _locked(handover, actor)
    if handover.state == HandoverState.CANCELLED:
        return handover
    if not handover.is_pending:
        raise HandoverChangedError
    now = timezone.now()
    incoming, handover.incoming = handover.incoming, None
    handover.state = HandoverState.CANCELLED
    handover.cancelled_by, handover.cancelled_at, handover.reason = actor, now, reason
    handover.save(update_fields=["incoming", "state", "cancelled_by", "cancelled_at", "reason"])
    if incoming:
        incoming.delete()
    Presidency.objects.filter(pk=handover.outgoing_id).update(ends_at=handover.ended_before)
    for each in handover.mandates.select_related("mandate"):
        _take_back(each, now, actor, mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="handover.cancelled",
        thing=handover,
        before={
            "institution": handover.institution_id,
            "takes_effect_at": handover.takes_effect_at.isoformat(),
        },
        after={"institution": handover.outgoing.institution_id},
    )
    _announce(handover, "cancelled")
    return handover


def note_due_handovers() -> None:
    """What the clock has brought into effect and nobody has written down yet."""
    for handover in Handover.objects.due():
        note_effect(handover_id=handover.pk)


@transaction.atomic
def note_effect(*, handover_id: int) -> bool:
    """Write down, once, that a handover is in effect; returns whether this was the time.

    By the job of its moment, or by who schedules the next one before that job was done.
    """
    handover = (
        Handover.objects.due()
        .filter(pk=handover_id)
        .select_for_update(of=("self",), no_key=True)
        .select_related("outgoing")
        .first()
    )
    if handover is None:
        return False
    handover.state = HandoverState.EFFECTIVE
    handover.save(update_fields=["state"])
    append_audit_entry(
        actor=None,
        act="handover.effective",
        thing=handover,
        before={"institution": handover.outgoing.institution_id},
        after={
            "institution": handover.institution_id,
            "takes_effect_at": handover.takes_effect_at.isoformat(),
        },
    )
    signals.presidency_changed.send(Handover, handover=handover)
    tell_offices("effective", handover)
    return True


def _lock(institutions: Iterable[int]) -> None:
    found = Institution.objects.filter(pk__in=set(institutions)).order_by("pk")
    list(found.select_for_update(no_key=True))


def _locked(handover: Handover, actor: User) -> Handover:
    """The handover as it stands, with its terms; nobody else changes it until the end."""
    if not can_hand_over(actor):
        raise PermissionDenied
    _lock({handover.outgoing.institution_id, handover.institution_id})
    found = Handover.objects.filter(pk=handover.pk).select_related("outgoing", "incoming")
    locked = found.select_for_update(of=("self",), no_key=True).get()
    if not can_hand_over(actor):  # it took effect while this waited
        raise HandoverChangedError
    return locked


def _check_moment(moment: datetime) -> None:
    if moment <= timezone.now():
        raise ValidationError(_("The moment must lie in the future."), code="not_to_come")


def _settle_outgoing(
    handover: Handover, held: Mandate, ends: bool, actor: User, by: Mandate | None
) -> None:
    fate = MandateFate.ENDS if ends else MandateFate.STAYS
    HandoverMandate.objects.create(
        handover=handover, mandate=held, fate=fate, ended_before=held.ends_at
    )
    end = max(handover.takes_effect_at, held.starts_at)
    if not ends or (held.ends_at and held.ends_at <= end):
        return
    held.ends_at = end
    held.save(update_fields=["ends_at"])
    signals.mandate_changed.send(Mandate, mandate=held)
    append_audit_entry(
        actor=actor,
        mandate=by,
        act="mandate.end_settled",
        thing=held,
        after={**_said(held), "takes_effect_at": end.isoformat()},
    )


def _settle_incoming(handover: Handover, chosen: set[int], actor: User, by: Mandate | None) -> bool:
    """Whether anybody is of the secretariat from then on."""
    returning = [
        held
        for held in office_running(handover.institution)
        if held.ends_at is None or held.ends_at > handover.takes_effect_at
    ]
    HandoverMandate.objects.bulk_create(
        HandoverMandate(handover=handover, mandate=held, fate=MandateFate.RETURNS)
        for held in returning
    )
    there = {held.user_id for held in returning}
    for held in may_take_over(handover.institution):
        if held.user_id not in chosen - there:
            continue
        begun = Mandate.objects.create(
            user=held.user,
            institution=handover.institution,
            capacity=Capacity.SECRETARIAT,
            starts_at=handover.takes_effect_at,
        )
        there.add(held.user_id)
        HandoverMandate.objects.create(handover=handover, mandate=begun, fate=MandateFate.BEGINS)
        signals.mandate_started.send(Mandate, mandate=begun)
        append_audit_entry(
            actor=actor,
            mandate=by,
            act="mandate.started",
            thing=begun,
            after={**_said(begun), "takes_effect_at": begun.starts_at.isoformat()},
        )
    return Mandate.objects.of_secretariat(handover.takes_effect_at).exists()


def _take_back(each: HandoverMandate, now: datetime, actor: User, by: Mandate | None) -> None:
    held = each.mandate
    stood, act = held.ends_at, "mandate.end_settled"
    if each.fate == MandateFate.ENDS:
        if held.ends_at and held.ends_at <= now:
            return  # it was ended by hand meanwhile
        held.ends_at = each.ended_before
    elif each.fate == MandateFate.BEGINS:
        held.ends_at = held.starts_at  # before it has begun: it never carried a right
        act = "mandate.ended"
    else:
        return
    held.save(update_fields=["ends_at"])
    signals.mandate_changed.send(Mandate, mandate=held)
    _log_moved(act, held, stood, held.ends_at, actor, by)


def _log_moved(
    act: str,
    held: Mandate,
    before: datetime | None,
    after: datetime | None,
    actor: User,
    by: Mandate | None,
) -> None:
    if before == after:
        return
    append_audit_entry(
        actor=actor,
        mandate=by,
        act=act,
        thing=held,
        before={"takes_effect_at": before.isoformat() if before else None},
        after={**_said(held), "takes_effect_at": after.isoformat() if after else None},
    )


def _said(held: Mandate) -> dict[str, int | str]:
    return {
        "user": held.user_id,
        "institution": held.institution_id,
        "capacity": str(held.capacity),
    }


def _announce(handover: Handover, letter: str) -> None:
    signals.presidency_changed.send(Handover, handover=handover)
    tell_offices(letter, handover)
    if handover.state == HandoverState.SCHEDULED:
        defer_effect(handover)
