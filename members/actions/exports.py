"""What is taken out of the secretariat's lists."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.enums_lists import Listing
from members.models import Mandate, User
from members.permissions import is_secretariat
from records.actions import append_audit_entry
from records.models import AuditEntry

_ACTS = {Listing.PEOPLE: "people.exported", Listing.APPLICATIONS: "applications.exported"}


@transaction.atomic
def note_list_export(
    *, listing: Listing, number: int, sought: dict[str, Any], actor: User, mandate: Mandate | None
) -> AuditEntry:
    """Keep who took `number` rows of a list along, and what narrowed it (field -> value).

    Raises PermissionDenied.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    return append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=_ACTS[listing],
        thing=actor,
        after={"number_of_rows": number, "sought": sought},
    )
