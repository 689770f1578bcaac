"""What is taken out of the audit log."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Mandate, User
from members.permissions import is_secretariat
from records.actions import append_audit_entry
from records.models import AuditEntry, AuditHead


@transaction.atomic
def note_audit_export(
    *, actor: User, mandate: Mandate | None, number: int, sought: dict[str, str | bool]
) -> AuditEntry:
    """Keep who took `number` entries along, and what they sought (field -> value).

    Raises PermissionDenied.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    return append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="audit_log.exported",
        thing=AuditHead(pk=1),
        after={"number_of_entries": number, "sought": sought},
    )
