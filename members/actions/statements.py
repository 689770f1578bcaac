"""Who may issue statements of a delegation."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Institution, Mandate, User
from members.permissions import can_allow_statements, can_require_release
from records.actions import append_audit_entry


@transaction.atomic
def allow_statements(
    *, to: Mandate, allowed: bool, actor: User, mandate: Mandate | None = None
) -> Mandate:
    """Give `to` the right to issue statements, or take it back. Safe to repeat.

    Raises PermissionDenied unless the actor heads the delegation or is its focal point, and `to` is
    another's mandate, as delegate or adviser.
    """
    to = Mandate.objects.select_for_update(no_key=True).get(pk=to.pk)
    if not can_allow_statements(actor, to):
        raise PermissionDenied
    if to.may_issue_statements == allowed:
        return to
    to.may_issue_statements = allowed
    to.save(update_fields=["may_issue_statements"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="mandate.statements_changed",
        thing=to,
        before={"statements": not allowed},
        after={"user": to.user_id, "institution": to.institution_id, "statements": allowed},
    )
    return to


@transaction.atomic
def require_release(
    *, institution: Institution, required: bool, actor: User, mandate: Mandate | None = None
) -> Institution:
    """Whether each statement is released by a second person. Safe to repeat.

    Raises PermissionDenied unless the actor heads the delegation.
    """
    institution = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    if not can_require_release(actor, institution):
        raise PermissionDenied
    if institution.statements_need_release == required:
        return institution
    institution.statements_need_release = required
    institution.save(update_fields=["statements_need_release"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="institution.release_changed",
        thing=institution,
        before={"statements_need_release": not required},
        after={"statements_need_release": required},
    )
    return institution
