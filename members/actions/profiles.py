"""What an institution says of itself."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Institution, Mandate, User
from members.permissions import can_change_profile
from records.actions import append_audit_entry


@transaction.atomic
def change_profile(
    *,
    institution: Institution,
    names: dict[str, str],
    descriptions: dict[str, str],
    description_states: dict[str, str],
    website: str,
    actor: User,
    mandate: Mandate | None,
) -> Institution:
    """Keep the official names, the description with its states, and the website.

    The log has the names and states before and after, and says of the description only in which
    languages it changed. Safe to repeat: nothing is logged when nothing changed. Raises
    PermissionDenied.
    """
    if not can_change_profile(actor, institution):
        raise PermissionDenied
    kept = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    new = {
        "names": names,
        "descriptions": descriptions,
        "description_states": description_states,
        "website": website,
    }
    before = {key: getattr(kept, key) for key in new}
    changed = [key for key, value in new.items() if before[key] != value]
    if not changed:
        return kept
    for key in changed:
        setattr(kept, key, new[key])
    kept.search_text = kept.searchable()
    kept.save(update_fields=[*changed, "search_text"])
    shown = [key for key in changed if key != "descriptions"]
    languages = [
        code
        for code in dict.fromkeys([*before["descriptions"], *descriptions])
        if before["descriptions"].get(code) != descriptions.get(code)
    ]
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="institution.changed",
        thing=kept,
        before={key: before[key] for key in shown},
        after={
            "institution": kept.pk,
            **{key: new[key] for key in shown},
            **({"descriptions": languages} if languages else {}),
        },
    )
    return kept
