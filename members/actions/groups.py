"""Standing bodies of institutions: who sits in them. See `group_life` for their texts and end.

Every act locks the group's row first, then the rooms that hear of it, then the head of the audit
log: hence the entries come last. What gives a place or asks for one locks the institutions before
(see `group_standing`).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import signals, tasks_groups
from members.actions.people import lock_account
from members.enums import GroupKind, GroupRole, JoinState
from members.models import (
    Group,
    GroupMember,
    GroupVersion,
    Institution,
    JoinRequest,
    Mandate,
    User,
)
from members.permissions.groups import (
    can_make_groups,
    can_name,
    can_remove,
    can_run_group,
    can_set_role,
    can_speak_for,
    may_represent,
)
from records.actions import append_audit_entry


class GroupClosedError(Exception):
    """The group is closed: it must be reopened first. Nothing was changed."""


class SentBeforeError(ValidationError):
    """Something was made by this form already, with other words. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            _("This form was sent before, with other words. Open it again to make another one."),
            code="sent",
        )


class NotAMemberError(ValidationError):
    """An institution is no member of the network. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            _("An institution is no member of the network any more. Open this page again."),
            code="not_a_member",
        )


def lock_institutions(institutions: Iterable[Institution]) -> None:
    """By their numbers, before the group: none of them withdraws meanwhile."""
    ids = {institution.pk for institution in institutions}
    list(Institution.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def lock_group(group: Group) -> Group:
    """The row as it is now, locked until the end of the transaction."""
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk)


@transaction.atomic
def create_group(
    *,
    kind: GroupKind,
    names: dict[str, str],
    members: Mapping[Institution, GroupRole],
    mandate_texts: dict[str, str] | None = None,
    mandate_states: dict[str, str] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    secretariat_chairs: bool = False,
    client_id: UUID | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Group:
    """Make a group with its first members and announce it (`group_created`).

    `actor` None is the portal itself (the demo network). The same `client_id` again is the same
    group. Raises PermissionDenied unless the actor is of the secretariat, and SentBeforeError for
    that `client_id` with other words.
    """
    check_maker(actor)
    said = {
        "kind": kind,
        "names": names,
        "mandate_texts": mandate_texts or {},
        "mandate_states": mandate_states or {},
        "starts_on": starts_on,
        "ends_on": ends_on,
        "secretariat_chairs": secretariat_chairs,
    }
    if client_id:
        group, new = Group.objects.get_or_create(client_id=client_id, defaults=said)
        if not new:
            check_sent_alike(group, Group(**said))
            return group
    else:
        group = Group.objects.create(**said)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, institution=institution, role=role)
        for institution, role in members.items()
    )
    signals.group_created.send(Group, group=group)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.created",
        thing=group,
        after={
            "kind": str(kind),
            "names": names,
            "members": {str(i.pk): str(role) for i, role in members.items()},
        },
    )
    return group


@transaction.atomic
def add_group_members(
    *,
    group: Group,
    institutions: Iterable[Institution],
    role: GroupRole = GroupRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> list[GroupMember]:
    """Give institutions a place in the group. Safe to repeat; another role replaces the old.

    Raises PermissionDenied unless the actor is of the secretariat or, where none of these roles is
    that of a chair, chairs the group; GroupClosedError, NotAMemberError.
    """
    institutions = list(institutions)
    lock_institutions(institutions)
    kept = lock_group(group)
    if actor and not can_run_group(actor, kept):
        raise PermissionDenied
    standing = Institution.objects.members().ids_of(institutions)
    changes: list[tuple[GroupMember | None, GroupMember]] = []
    answered: list[JoinRequest] = []
    for institution in institutions:
        place = GroupMember.objects.place(kept, institution)
        if place and place.role == role:
            changes.append((place, place))
            continue
        if actor and not can_set_role(actor, kept, place.role if place else "", role):
            raise PermissionDenied
        if institution.pk not in standing:
            raise NotAMemberError
        representative = _represents_on(place, role)
        seated = seat(kept, institution, role, representative, place, actor, mandate)
        changes.append((place, seated))
        if place is None:
            answered += _let_in(kept, institution, actor, mandate)
    for request in answered:
        log_request(request, "group.join_accepted", actor, mandate)
    for before, after in changes:
        if before and before.pk != after.pk:
            tasks_groups.tell_place(after, actor)
        log_place(before, after, actor, mandate)
    return [after for _before, after in changes]


def add_group_member(
    *,
    group: Group,
    institution: Institution,
    role: GroupRole = GroupRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> GroupMember:
    """As `add_group_members`, of one."""
    [place] = add_group_members(
        group=group, institutions=[institution], role=role, actor=actor, mandate=mandate
    )
    return place


@transaction.atomic
def change_place(
    *,
    group: Group,
    institution: Institution,
    role: GroupRole,
    representative: Mandate | None,
    actor: User,
    mandate: Mandate | None,
) -> GroupMember | None:
    """Give the institution another role in the group, or another representative: who chairs in
    its name, or its national focal point in a thematic network. Elsewhere there is none.

    None where it has no place any more. Safe to repeat. Raises PermissionDenied where a change is
    not the actor's to make, or the representative not of the delegation; GroupClosedError;
    AccountClosedError.
    """
    kept = lock_group(group)
    place = GroupMember.objects.place(kept, institution)
    if place is None:
        return None
    if not kept.has_representative(role):
        representative = None
    if role != place.role and not can_set_role(actor, kept, place.role, role):
        raise PermissionDenied
    person = representative.pk if representative else None
    if person != place.representative_id and kept.has_representative(role):
        if not can_name(actor, place):
            raise PermissionDenied
        if representative:
            lock_account(representative.user)
            if representative not in may_represent(institution):
                raise PermissionDenied
    if (role, person) == (place.role, place.representative_id):
        return place
    if representative and not representative.user.is_active:  # named before, and gone since
        representative = None
    seated = seat(kept, institution, role, representative, place, actor, mandate)
    tasks_groups.tell_place(seated, actor)
    log_place(place, seated, actor, mandate)
    return seated


@transaction.atomic
def remove_group_member(
    *,
    group: Group,
    institution: Institution,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> None:
    """Take an institution's place in the group away, or leave in its name; the rooms are closed to
    it at once. Safe to repeat: nothing happens twice.

    Raises PermissionDenied unless the actor may give that place, or speaks for the institution;
    GroupClosedError: whose group is closed keeps its place, and goes on reading.
    """
    kept = lock_group(group)
    place = GroupMember.objects.place(kept, institution)
    if place is None:
        if actor and not (can_speak_for(actor, institution.pk) or can_run_group(actor, kept)):
            raise PermissionDenied
        return
    if actor and not can_remove(actor, kept, place):
        raise PermissionDenied
    if kept.is_closed:
        raise GroupClosedError
    role = GroupRole(place.role)
    place.until = timezone.now()
    place.save(update_fields=["until"])
    signals.group_member_removed.send(Group, group=kept, institution=institution, role=role)
    leaves = actor is not None and can_speak_for(actor, institution.pk)
    if actor and not leaves:
        tasks_groups.tell_speakers("removed", kept, institution)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.member_left" if leaves else "group.member_removed",
        thing=kept,
        before={"institution": institution.pk, "role": str(role)},
    )


def check_sent_alike(group: Group, sent: Group) -> None:
    """Raises SentBeforeError unless the group was made in the words of `sent`."""
    first = GroupVersion.objects.find(group, 0)
    if (group.kind, first.said if first else group.said()) != (sent.kind, sent.said()):
        raise SentBeforeError


def seat(
    group: Group,
    institution: Institution,
    role: GroupRole,
    representative: Mandate | None,
    before: GroupMember | None,
    actor: User | None,
    mandate: Mandate | None,
) -> GroupMember:
    """Close the place `before` and open the next. The group is locked."""
    if group.is_closed:
        raise GroupClosedError
    now = timezone.now()
    if before:
        before.until = now
        before.save(update_fields=["until"])
    place = GroupMember.objects.create(
        group=group,
        institution=institution,
        role=role,
        representative=representative,
        since=now,
    )
    if before is None or before.role != role:
        signals.group_member_added.send(
            Group,
            group=group,
            institution=institution,
            role=role,
            before=before.role if before else "",
            actor=actor,
            mandate=mandate,
        )
    return place


def _let_in(
    group: Group, institution: Institution, actor: User | None, mandate: Mandate | None
) -> list[JoinRequest]:
    """Tell an institution that has come in; returns its request, where that waited: by its place
    it is accepted, whoever gave it.
    """
    waiting = JoinRequest.objects.pending().of_group(group).of_institutions([institution.pk])
    requests = list(waiting.for_display())
    for request in requests:
        answer_request(request, JoinState.ACCEPTED, mandate)
        tasks_groups.tell_answer(request)
    if not requests and actor and not can_speak_for(actor, institution.pk):
        tasks_groups.tell_speakers("added", group, institution)
    return requests


def _represents_on(place: GroupMember | None, role: GroupRole) -> Mandate | None:
    """Who represents the institution in its next role too; nobody whose account is closed."""
    named = place.representative if place and place.group.has_representative(role) else None
    return named if named and named.user.is_active else None


def answer_request(request: JoinRequest, state: JoinState, mandate: Mandate | None) -> None:
    """Save the answer. The group is locked, and the caller has checked the right."""
    request.state = state
    request.answered_by = mandate
    request.answered_at = timezone.now()
    request.save(update_fields=["state", "reason", "answered_by", "answered_at"])


def log_place(
    before: GroupMember | None, after: GroupMember, actor: User | None, mandate: Mandate | None
) -> None:
    """The entry about a place that was given or changed; none where it is the same."""
    if before and before.pk == after.pk:
        return
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.member_changed" if before else "group.member_added",
        thing=after.group,
        before=_place(before) if before else {},
        after={"institution": after.institution_id, **_place(after)},
    )


def log_request(
    request: JoinRequest, act: str, actor: User | None, mandate: Mandate | None
) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=request.group,
        after={"institution": request.institution_id, "role": request.role},
    )


def _place(place: GroupMember) -> dict[str, Any]:
    named = place.representative
    return {"role": str(place.role), **({"user": named.user_id} if named else {})}


def check_maker(actor: User | None) -> None:
    """Raises PermissionDenied unless the actor, where there is one, may make groups."""
    if actor is not None and not can_make_groups(actor):
        raise PermissionDenied
