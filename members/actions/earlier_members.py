"""Who joined before the portal: institutions that the secretariat enters, and first days that
nobody had recorded.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from members.actions.institutions import note_creation, open_standing
from members.duplicates import Duplicate, duplicates_like
from members.enums import MembershipState
from members.models import Institution, Mandate, Membership, User, network_today
from members.permissions.memberships import (
    can_change_standing,
    can_enter_members,
    first_without_day,
)
from records.actions import append_audit_entry


@dataclass(frozen=True)
class Joining:
    """Since when an institution is a member, of which class, and what that rests on."""

    membership_class: str
    since: date
    reason: str
    decision: str = ""


class PerhapsKnownError(ValidationError):
    """`found` may be the same institution, and the actor has not seen all of it."""

    def __init__(self, found: list[Duplicate]) -> None:
        super().__init__(_("This institution is perhaps known already."), code="perhaps_known")
        self.found = found


class FirstDayRecordedError(ValidationError):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has recorded this day in the meantime."), code="recorded_already"
        )


@transaction.atomic
def enter_member(
    *,
    names: dict[str, str],
    acronym: str,
    country: str,
    kind: str,
    joining: Joining,
    seen: Collection[str],
    actor: User,
    mandate: Mandate | None,
) -> Institution:
    """Make an institution that is a member since a day before the portal, or today.

    `seen`: the marks of what may be the same, as it was shown to the actor. Safe to repeat: what
    the actor has entered in the very same words is returned. Raises PermissionDenied,
    PerhapsKnownError, and ValidationError with code "wrong_day".
    """
    if not can_enter_members(actor):
        raise PermissionDenied
    _check_day(joining.since)
    with connection.cursor() as cursor:  # two who enter the same at once: there is no row yet
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.entering'))")
    new = Institution(names=names, acronym=acronym, country=country, kind=kind)
    standing = Membership(
        membership_class=joining.membership_class,
        since=joining.since,
        reason=joining.reason,
        decision=joining.decision,
        recorded_by=actor,
    )
    if same := Membership.objects.entered_as(standing, new):
        return same.institution
    found = duplicates_like(new)
    if {each.mark for each in found} - set(seen):
        raise PerhapsKnownError(found)
    new.search_text = new.searchable()
    new.save()
    opened = open_standing(
        new,
        None,
        membership_class=joining.membership_class,
        state=MembershipState.ACTIVE,
        since=joining.since,
        reason=joining.reason,
        decision=joining.decision,
        recorded_by=actor,
    )
    note_creation(new, actor, mandate)  # rooms were locked before the log's head
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="membership.entered",
        thing=opened,
        after={
            "institution": new.pk,
            "class": joining.membership_class,
            "state": str(MembershipState.ACTIVE),
            "from": joining.since.isoformat(),
            "reason": joining.reason,
            **({"decision": joining.decision} if joining.decision else {}),
        },
    )
    return new


@transaction.atomic
def record_first_day(
    *,
    institution: Institution,
    since: date,
    reason: str,
    decision: str,
    actor: User,
    mandate: Mandate | None,
) -> Membership:
    """Say since when an institution is a member of which it was not recorded, its founder for one.

    A day that is recorded is never changed. Safe to repeat. Raises PermissionDenied,
    FirstDayRecordedError, and ValidationError with code "wrong_day".
    """
    if not can_change_standing(actor):
        raise PermissionDenied
    _check_day(since)
    institution = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    first = first_without_day(institution)
    if first is None:
        return _recorded(institution, since, reason, decision, actor)
    if first.until and since > first.until:
        raise ValidationError(_("On this day, this standing had ended already."), code="wrong_day")
    first.since = since
    first.reason, first.decision = first.reason or reason, first.decision or decision
    first.recorded_by = first.recorded_by or actor
    first.save(update_fields=["since", "reason", "decision", "recorded_by"])
    institution.memberships.public().update(joined_on=since)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="membership.first_day_recorded",
        thing=first,
        after={
            "institution": institution.pk,
            "from": since.isoformat(),
            "reason": reason,
            **({"decision": decision} if decision else {}),
        },
    )
    return first


def _recorded(
    institution: Institution, since: date, reason: str, decision: str, actor: User
) -> Membership:
    """What the actor has recorded in these very words. Raises FirstDayRecordedError."""
    first = institution.memberships.public().order_by("pk").first()
    said = (since, reason, decision, actor.pk)
    if first is None or said != (first.since, first.reason, first.decision, first.recorded_by_id):
        raise FirstDayRecordedError
    return first


def _check_day(since: date) -> None:
    if since > network_today():
        raise ValidationError(_("This day lies in the future."), code="wrong_day")
