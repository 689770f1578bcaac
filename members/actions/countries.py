"""What the network settles about countries and territories."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members import countries
from members.models import Application, CountryName, Institution, Mandate, User
from members.permissions import can_settle_countries
from records.actions import append_audit_entry


@transaction.atomic
def settle_country(
    *,
    code: str,
    names: dict[str, str],
    is_on_map: bool,
    note: str,
    actor: User,
    mandate: Mandate | None,
) -> CountryName:
    """Settle what the country is called, and whether the map shows it.

    A language without a name has the library's, and so has one whose name is the library's own.
    Safe to repeat: nothing is logged when nothing changed. Raises PermissionDenied.
    """
    if not can_settle_countries(actor):
        raise PermissionDenied
    own = {
        language: name
        for language, name in names.items()
        if name and name != countries.library_name(code, language).text
    }
    CountryName.objects.get_or_create(code=code)
    settled = CountryName.objects.select_for_update(no_key=True).get(code=code)
    new = {"names": own, "is_on_map": is_on_map, "note": note}
    before = {key: getattr(settled, key) for key, value in new.items()}
    changed = {key: value for key, value in new.items() if before[key] != value}
    if not changed:
        return settled
    for key, value in changed.items():
        setattr(settled, key, value)
    settled.save()
    _tell(code)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="country.changed",
        thing=settled,
        before={key: before[key] for key in changed},
        after={"country": code, **changed},
    )
    return settled


@transaction.atomic
def reset_country(*, code: str, actor: User, mandate: Mandate | None) -> None:
    """Give the country back to the list: the library's names, on the map. Safe to repeat.

    Raises PermissionDenied.
    """
    if not can_settle_countries(actor):
        raise PermissionDenied
    settled = CountryName.objects.select_for_update(no_key=True).find(code)
    if settled is None:
        return
    gone = CountryName(pk=settled.pk)
    settled.delete()
    _tell(code)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="country.reset",
        thing=gone,
        before={"names": settled.names, "is_on_map": settled.is_on_map, "note": settled.note},
        after={"country": code},
    )


def _tell(code: str) -> None:
    """Let this process know at once, and search find the country's institutions and
    applications by it. Each is read once it is locked: it may be getting another name just now.
    Applications first, as where one becomes a member.
    """
    countries.forget()
    for found in (Application.objects.of_country(code), Institution.objects.of_country(code)):
        for each in found.order_by("pk").select_for_update(of=("self",), no_key=True):
            each.search_text = each.searchable()
            each.save(update_fields=["search_text"])
    transaction.on_commit(countries.forget)  # another thread may have read between
