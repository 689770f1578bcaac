"""What is taken out of the standing monitor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Mandate, User
from members.permissions.standing import can_watch_standing
from records.actions import append_audit_entry
from records.models import AuditEntry


@transaction.atomic
def note_standing_export(
    *, number: int, sought: dict[str, Any], actor: User, mandate: Mandate | None
) -> AuditEntry:
    """Keep who took `number` rows along, and what narrowed them. Raises PermissionDenied."""
    if not can_watch_standing(actor):
        raise PermissionDenied
    return append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="standing.exported",
        thing=actor,
        after={"number_of_rows": number, "sought": sought},
    )
