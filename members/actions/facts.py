"""What an institution is: its acronym, country and kind, corrected by the secretariat."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Institution, Mandate, User
from members.permissions.profiles import can_correct_facts
from records.actions import append_audit_entry


class StaleFactsError(ValidationError):
    """Somebody else has corrected them since; `institution` is as it stands now."""

    def __init__(self, institution: Institution) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.institution = institution


@transaction.atomic
def correct_facts(
    *,
    institution: Institution,
    acronym: str,
    country: str,
    kind: str,
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> Institution:
    """Say anew what the institution is. `country` "": it is an international organisation.

    `version`: of the facts, as the actor has seen them. Safe to repeat: what stands already is not
    said again. Raises PermissionDenied and StaleFactsError.
    """
    if not can_correct_facts(actor):
        raise PermissionDenied
    kept = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    before, new = kept.facts(), {"acronym": acronym, "country": country, "kind": kind}
    changed = [name for name in new if before[name] != new[name]]
    if not changed:
        return kept
    if kept.facts_version != version:
        raise StaleFactsError(kept)
    for name in changed:
        setattr(kept, name, new[name])
    kept.facts_version += 1
    kept.search_text = kept.searchable()
    kept.save(update_fields=[*changed, "facts_version", "search_text"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="institution.facts_corrected",
        thing=kept,
        before=_told(before, changed),
        after={"institution": kept.pk, "version": kept.facts_version, **_told(new, changed)},
    )
    return kept


def _told(facts: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    """As the log reads them; no country is said too."""
    said = {**facts, "country": facts["country"] or "none"}
    return {name: said[name] for name in changed}
