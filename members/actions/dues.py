"""What institutions owe the network by year, as the secretariat enters it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import Dues, Institution, Mandate, Membership, User
from members.permissions.standing import can_watch_standing
from records.actions import append_audit_entry

KEPT = ("amount", "currency", "due_on", "paid_on", "waiver_reason")


class StaleDuesError(ValidationError):
    """Somebody else has changed the row, or made it, after the form was opened."""

    def __init__(self, dues: Dues) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.dues = dues  # as it stands now


@transaction.atomic
def settle_dues(
    *,
    institution: Institution,
    year: int,
    said: dict[str, Any],
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> Dues:
    """Keep the dues of a year: `said` has all of KEPT. `version`: of the row that the actor has
    seen, 0 where there was none.

    Safe to repeat: where nothing changes, nothing is kept. Raises PermissionDenied and
    StaleDuesError.
    """
    _check_right(actor)
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    kept = Dues.objects.of_institution(institution).find(year)
    before = _told(kept)
    row = kept or Dues(institution=institution, year=year, version=0)
    same = kept is not None and all(getattr(row, key) == said[key] for key in KEPT)
    if same:
        return row
    if row.version != version:
        raise StaleDuesError(row)
    for key in KEPT:
        setattr(row, key, said[key])
    row.version += 1
    row.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="dues.changed" if kept else "dues.entered",
        thing=row,
        before=before,
        after={"institution": institution.pk, "year": str(year), **_told(row)},
    )
    return row


@transaction.atomic
def open_dues_of_year(
    *,
    year: int,
    classes: Iterable[str],
    amount: Decimal | None,
    currency: str,
    due_on: date | None,
    actor: User,
    mandate: Mandate | None,
) -> list[Dues]:
    """The same dues for every active member of these classes that has none for the year yet.

    Returns those that are new. Safe to repeat. Raises PermissionDenied.
    """
    _check_right(actor)
    members = Membership.objects.active().filter(membership_class__in=list(classes))
    owing = Institution.objects.filter(pk__in=members.values("institution")).order_by("pk")
    institutions = list(owing.select_for_update(no_key=True))
    there = set(Dues.objects.of_year(year).values_list("institution", flat=True))
    new = Dues.objects.bulk_create(
        Dues(
            institution=each,
            year=year,
            amount=amount,
            currency=currency if amount is not None else "",
            due_on=due_on,
        )
        for each in institutions
        if each.pk not in there
    )
    for row in new:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="dues.entered",
            thing=row,
            after={"institution": row.institution_id, "year": str(year), **_told(row)},
        )
    return new


def _check_right(actor: User) -> None:
    if not can_watch_standing(actor):
        raise PermissionDenied


def _told(dues: Dues | None) -> dict[str, Any]:
    """What the log says of a row; the reason too, for the row forgets it when it is corrected."""
    if dues is None:
        return {}
    return {
        "amount": f"{dues.amount:.2f} {dues.currency}" if dues.amount is not None else None,
        "payable_on": dues.due_on.isoformat() if dues.due_on else None,
        "paid_on": dues.paid_on.isoformat() if dues.paid_on else None,
        "waived_because": dues.waiver_reason,
    }
