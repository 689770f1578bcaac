"""Standing bodies of institutions: who sits in them."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members import signals
from members.enums import GroupKind, GroupRole
from members.models import Group, GroupMember, Institution, Mandate, User
from members.permissions import is_secretariat
from records.actions import append_audit_entry


@transaction.atomic
def create_group(
    *,
    kind: GroupKind,
    names: dict[str, str],
    members: Mapping[Institution, GroupRole],
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Group:
    """Make a group with its first members and announce it (`group_created`).

    `actor` None is the portal itself (the demo network). Raises PermissionDenied unless the
    actor is of the secretariat.
    """
    _check(actor)
    group = Group.objects.create(kind=kind, names=names)
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
def add_group_member(
    *,
    group: Group,
    institution: Institution,
    role: GroupRole = GroupRole.MEMBER,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> GroupMember:
    """Give an institution a place in the group. Safe to repeat; another role replaces the old.

    Raises PermissionDenied unless the actor is of the secretariat.
    """
    _check(actor)
    member, created = GroupMember.objects.select_for_update(no_key=True).get_or_create(
        group=group, institution=institution, defaults={"role": role}
    )
    if not created and member.role == role:
        return member
    before = {} if created else {"role": member.role}
    member.role = role
    member.save(update_fields=["role"])
    signals.group_member_added.send(Group, group=group, institution=institution, role=role)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.member_added",
        thing=group,
        before=before,
        after={"institution": institution.pk, "role": str(role)},
    )
    return member


@transaction.atomic
def remove_group_member(
    *,
    group: Group,
    institution: Institution,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> None:
    """Take an institution's place in the group away. Safe to repeat: nothing happens twice.

    Raises PermissionDenied unless the actor is of the secretariat.
    """
    _check(actor)
    member = (
        GroupMember.objects.select_for_update(no_key=True)
        .filter(group=group, institution=institution)
        .first()
    )
    if member is None:
        return
    role = GroupRole(member.role)
    member.delete()
    signals.group_member_removed.send(Group, group=group, institution=institution, role=role)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.member_removed",
        thing=group,
        before={"institution": institution.pk, "role": str(role)},
    )


def _check(actor: User | None) -> None:
    if actor is not None and not is_secretariat(actor):
        raise PermissionDenied
