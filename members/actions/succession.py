"""A mandate is handed to a successor: the old one ends as the new one begins."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members import signals
from members.actions.groups import lock_group, log_place, seat
from members.actions.mandates import held_by
from members.actions.people import lock_account, lock_institution, start_mandate
from members.emails_mandates import defer_mandate_letter
from members.enums import Capacity, GroupRole, HandoverState, MandateLetter
from members.models import Group, GroupMember, HandoverMandate, Mandate, User
from members.permissions import can_hand_over, possible_successors
from records.actions import append_audit_entry


@transaction.atomic
def hand_over_mandate(
    *, handing: Mandate, to: User, actor: User, mandate: Mandate | None = None
) -> Mandate:
    """Hand a mandate to a person of its delegation, now. Returns the new mandate.

    Safe to repeat: who has it by that succession keeps it. Raises PermissionDenied, also for a
    person of elsewhere and a mandate that has ended, and AccountClosedError.
    """
    lock_institution(handing.institution)
    handing = Mandate.objects.select_related("institution").get(pk=handing.pk)
    if not can_hand_over(actor, handing):
        raise PermissionDenied
    done = handing.successors.filter(user=to).first()
    if done:
        return done
    lock_groups_of(handing)
    lock_account(to)
    if handing.is_ended or to not in possible_successors(handing):
        raise PermissionDenied
    return succeed(before=handing, user=to, actor=actor, mandate=mandate)


def succeed(
    *, before: Mandate, user: User, actor: User | None = None, mandate: Mandate | None = None
) -> Mandate:
    """Begin the successor's mandate and end the one `before`; what was its office's passes.

    Asks no right: the caller does, in its transaction, with the institution and then
    `lock_groups_of` locked. The new one begins now, or when the old one would have, and ends when
    the old one would have. Who holds this capacity already keeps that mandate.
    """
    now = timezone.now()
    before = (
        Mandate.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=before.pk)
    )
    after = start_mandate(
        user=user,
        institution=before.institution,
        capacity=Capacity(before.capacity),
        starts_at=max(now, before.starts_at),
        ends_at=None if before.is_ended else before.ends_at,
        succeeds=before,
    )
    if after.pk == before.pk:
        return after
    _follow_in_handover(before, after)
    if not before.is_ended:
        before.ends_at = max(now, before.starts_at)
        before.save(update_fields=["ends_at"])
        signals.mandate_ended.send(Mandate, mandate=before)
    _represent_in_groups(before, after, actor or user, mandate)
    signals.mandate_handed_over.send(Mandate, before=before, after=after)
    append_audit_entry(
        actor=actor or user,
        mandate=mandate,
        act="mandate.handed_over",
        thing=before,
        before=held_by(before),
        after={"user": user.pk},
    )
    defer_mandate_letter(MandateLetter.HANDED_OVER, before, actor=actor)
    return after


def lock_groups_of(mandate: Mandate) -> None:
    """Those in which it represents its institution, before anything is written to the log: every
    act of a group locks in this order. Then what the apps above will write to.
    """
    for pk in GroupMember.objects.groups_represented_by(mandate):
        lock_group(Group(pk=pk))
    signals.mandate_to_be_handed_over.send(Mandate, before=mandate)


def _follow_in_handover(before: Mandate, after: Mandate) -> None:
    """What a handover to come has settled for the mandate holds for the one that follows it, and is
    taken back with it.
    """
    for each in HandoverMandate.objects.filter(
        mandate=before, handover__state=HandoverState.SCHEDULED
    ):
        HandoverMandate.objects.get_or_create(
            handover=each.handover,
            mandate=after,
            defaults={"fate": each.fate, "ended_before": each.ended_before},
        )


def _represent_in_groups(
    before: Mandate, after: Mandate, actor: User, mandate: Mandate | None
) -> None:
    """Groups in which the mandate chairs or is the focal point: by their numbers, as locks are."""
    for pk in GroupMember.objects.groups_represented_by(before):
        group = lock_group(Group(pk=pk))
        place = GroupMember.objects.place(group, before.institution)
        if place is None or place.representative_id != before.pk or group.is_closed:
            continue
        role = GroupRole(place.role)
        seated = seat(group, before.institution, role, after, place, actor, mandate)
        log_place(place, seated, actor, mandate)
