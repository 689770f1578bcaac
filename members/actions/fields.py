"""The network's list of fields of work."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Field, Institution, Mandate, User
from members.permissions import can_settle_fields
from records.actions import append_audit_entry


@transaction.atomic
def add_field(
    *, names: dict[str, str], actor: User | None, mandate: Mandate | None = None
) -> Field:
    """Put a field at the end of the list. `actor` None is the portal itself, here and below.

    Raises PermissionDenied.
    """
    _check_right(actor)
    last = max((f.position for f in _locked()), default=0)
    field = Field.objects.create(names=names, position=last + 1)
    append_audit_entry(
        actor=actor, mandate=mandate, act="field.added", thing=field, after={"names": names}
    )
    return field


@transaction.atomic
def rename_field(
    *, field: Field, names: dict[str, str], actor: User | None, mandate: Mandate | None = None
) -> Field:
    """Call it otherwise, wherever it stands; search finds its institutions by the new name.

    Safe to repeat. Raises PermissionDenied.
    """
    _check_right(actor)
    kept = Field.objects.select_for_update(no_key=True).get(pk=field.pk)
    if kept.names == names:
        return kept
    before, kept.names = kept.names, names
    kept.save(update_fields=["names"])
    for institution in Institution.objects.of_field(kept).select_for_update(
        of=("self",), no_key=True
    ):
        institution.search_text = institution.searchable()
        institution.save(update_fields=["search_text"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="field.renamed",
        thing=kept,
        before={"names": before},
        after={"names": names},
    )
    return kept


@transaction.atomic
def retire_field(
    *, field: Field, retired: bool, actor: User | None, mandate: Mandate | None = None
) -> Field:
    """Offer it no more, or again; those who have it keep it. Safe to repeat.

    Raises PermissionDenied.
    """
    _check_right(actor)
    kept = Field.objects.select_for_update(no_key=True).get(pk=field.pk)
    if kept.is_retired == retired:
        return kept
    kept.is_retired = retired
    kept.save(update_fields=["is_retired"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="field.retired" if retired else "field.offered_again",
        thing=kept,
        after={"names": kept.names},
    )
    return kept


@transaction.atomic
def move_field(
    *, field: Field, up: bool, actor: User | None, mandate: Mandate | None = None
) -> None:
    """Exchange it with the one before or after it; at the end of the list it stays.

    Raises PermissionDenied.
    """
    _check_right(actor)
    fields = sorted(_locked(), key=lambda f: (f.position, f.pk))
    place = next(n for n, each in enumerate(fields) if each.pk == field.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(fields):
        return
    fields[place], fields[other] = fields[other], fields[place]
    for position, each in enumerate(fields, 1):
        each.position = position
    Field.objects.bulk_update(fields, ["position"])
    moved = fields[other]
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="field.moved",
        thing=moved,
        before={"position": place + 1},
        after={"names": moved.names, "position": other + 1},
    )


def _check_right(actor: User | None) -> None:
    if actor is not None and not can_settle_fields(actor):
        raise PermissionDenied


def _locked() -> list[Field]:
    """All fields, locked by their numbers: profiles lock some of them in the same order."""
    return list(Field.objects.select_for_update(no_key=True).order_by("pk"))
