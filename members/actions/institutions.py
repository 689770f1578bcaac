"""Institutions and their standing."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members import signals
from members.enums import InstitutionKind, MembershipAct, MembershipClass, MembershipState
from members.models import Institution, Mandate, Membership, User, network_day, network_today
from members.permissions import is_secretariat
from records.actions import append_audit_entry


@transaction.atomic
def create_institution(
    *,
    names: dict[str, str],
    acronym: str = "",
    country: str = "",
    kind: InstitutionKind | str = "",
    website: str = "",
    note: str = "",
    source: str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Institution:
    """Make an institution that search finds. It has no standing until `change_membership`.

    Asks no right: the caller (admission, the demo network) has decided.
    """
    institution = Institution(
        names=names,
        acronym=acronym,
        country=country,
        kind=kind,
        website=website,
        note=note,
        source=source,
    )
    institution.search_text = institution.searchable()
    institution.save()
    note_creation(institution, actor, mandate)
    return institution


def note_creation(institution: Institution, actor: User | None, mandate: Mandate | None) -> None:
    """The audit entry of a new institution."""
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="institution.created",
        thing=institution,
        after={
            "names": institution.names,
            "acronym": institution.acronym,
            "country": institution.facts()["country"],
        },
    )


@transaction.atomic
def change_membership(
    *,
    institution: Institution,
    membership_class: MembershipClass,
    state: MembershipState,
    since: date | None,
    reason: str = "",
    decision: str = "",
    recorded_by: User | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Membership:
    """Close the current standing on `since` and open the next (`membership_changed`).

    `since` None: the source does not say. `decision`: what it rests on, in words. `recorded_by`:
    whose act it follows from, where that is not the actor's own.

    Safe to repeat: the same class and state change nothing. `actor` None is the portal itself;
    else raises PermissionDenied unless the actor is of the secretariat.
    """
    if actor is not None and not is_secretariat(actor):
        raise PermissionDenied
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    current = institution.memberships.current().first()
    if current and (current.membership_class, current.state) == (membership_class, state):
        return current
    opened = open_standing(
        institution,
        current,
        membership_class=membership_class,
        state=state,
        since=since,
        reason=reason,
        decision=decision,
        recorded_by=recorded_by or actor,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="membership.changed",
        thing=opened,
        before={"class": current.membership_class, "state": current.state} if current else {},
        after={
            "institution": institution.pk,
            "class": str(membership_class),
            "state": str(state),
            "reason": reason,
            **({"decision": decision} if decision else {}),
        },
    )
    return opened


def _joined_on(first: Membership | None, since: date | None, fields: dict[str, Any]) -> date | None:
    """`Membership.joined_on` of what begins on `since`; `first` is the first public one so far."""
    if first:
        return first.since
    is_candidate = fields["state"] == MembershipState.CANDIDATE
    never_was = is_candidate or fields.get("act") == MembershipAct.CANDIDACY_END
    return None if never_was else since


def open_standing(
    institution: Institution, current: Membership | None, *, since: date | None, **fields: Any
) -> Membership:
    """Close `current`, open the next and announce it (`membership_changed`). For actions that hold
    the institution's lock and have checked the right; they write the audit entry after it, because
    what is announced locks rooms.
    """
    now = timezone.now()
    if current:
        current.until = since or network_day(now)  # it must end, whatever the source says
        current.save(update_fields=["until"])
    first = institution.memberships.public().order_by("pk").first()
    opened = Membership.objects.create(
        institution=institution,
        since=since,
        joined_on=_joined_on(first, since, fields),
        recorded_at=now,
        **fields,
    )
    signals.membership_changed.send(Institution, institution=institution, before=current)
    return opened


def end_candidacy(
    institution: Institution, *, reason: str, actor: User, mandate: Mandate | None
) -> None:
    """An admission comes to nothing: its candidate is none any more. For the actions that end its
    application, which hold its lock and have checked the right; nothing where it is no candidate.
    """
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    current = institution.memberships.current().first()
    if current is None or current.state != MembershipState.CANDIDATE:
        return
    opened = open_standing(
        institution,
        current,
        membership_class=current.membership_class,
        state=MembershipState.WITHDRAWN,
        since=network_today(),
        reason=reason,
        act=MembershipAct.CANDIDACY_END,
        recorded_by=actor,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="membership.candidacy_ended",
        thing=opened,
        before={"class": current.membership_class, "state": current.state},
        after={
            "institution": institution.pk,
            "class": str(opened.membership_class),
            "state": str(opened.state),
            "reason": reason,
        },
    )
