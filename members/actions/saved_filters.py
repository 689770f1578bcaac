"""Filters of the secretariat's lists, kept under a name."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from members.models import MOST_FILTERS, Mandate, SavedFilter, User
from members.permissions import is_secretariat
from members.permissions.saved_filters import can_settle_filter
from records.actions import append_audit_entry
from records.reading import number


@transaction.atomic
def save_filter(
    *, listing: str, name: str, query: str, is_shared: bool, actor: User, mandate: Mandate | None
) -> SavedFilter:
    """Keep `query` (the end of an address of that list) under `name`.

    A name that the actor has used for this list is taken again: its filter is replaced, so that
    it is safe to repeat. Of a shared one the words looked for are left out: they may be a person's
    name. Raises PermissionDenied, and ValidationError when there are too many, or when nothing but
    such words is to be shared.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    if is_shared:
        query = _to_share(query)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two tabs, one name
    own = SavedFilter.objects.of_list(listing).owned_by(actor.pk)
    saved = own.called(name)
    if saved is None:
        if own.count() >= MOST_FILTERS:
            most = number(MOST_FILTERS)
            raise ValidationError(
                _("You have %(most)s filters for this list already: remove one first.")
                % {"most": most},
                code="too_many",
            )
        saved = SavedFilter(owner=actor, listing=listing)
    elif (saved.name, saved.query, saved.is_shared) == (name, query, is_shared):
        return saved
    was_shared = saved.is_shared
    saved.name, saved.query, saved.is_shared = name, query, is_shared
    saved.save()
    if was_shared or is_shared:
        _log("saved_filter.saved", saved, actor, mandate)
    return saved


@transaction.atomic
def change_filter(
    *, saved: SavedFilter, name: str, is_shared: bool, actor: User, mandate: Mandate | None
) -> SavedFilter:
    """Rename it, or share it, or take it back to its owner alone. Safe to repeat.

    Once shared, it has no words looked for any more (see `save_filter`). Raises PermissionDenied,
    also when it was removed meanwhile, and ValidationError when its owner has another one of that
    name, or when nothing is left to share.
    """
    saved = _locked(saved, actor)
    if (saved.name, saved.is_shared) == (name, is_shared):
        return saved
    other = SavedFilter.objects.of_list(saved.listing).owned_by(saved.owner_id).called(name)
    if other is not None and other.pk != saved.pk:
        raise ValidationError(_("There is a filter of this name already."), code="named_twice")
    was_shared = saved.is_shared
    saved.name, saved.is_shared = name, is_shared
    if is_shared:
        saved.query = _to_share(saved.query)
    saved.save(update_fields=["name", "is_shared", "query"])
    if was_shared or is_shared:
        _log("saved_filter.changed", saved, actor, mandate)
    return saved


@transaction.atomic
def remove_filter(*, saved: SavedFilter, actor: User, mandate: Mandate | None) -> None:
    """Safe to repeat. Raises PermissionDenied."""
    if SavedFilter.objects.find(saved.pk) is None:
        return
    saved = _locked(saved, actor)
    gone = SavedFilter(pk=saved.pk, listing=saved.listing, is_shared=saved.is_shared)
    saved.delete()
    if gone.is_shared:
        _log("saved_filter.removed", gone, actor, mandate)


def _to_share(query: str) -> str:
    asked = QueryDict(query, mutable=True)
    words = [asked.pop(name, None) for name in ("q", "who")]
    if any(words) and not asked:
        raise ValidationError(
            _("Words that are looked for are not shared, and this filter has nothing else."),
            code="nothing_to_share",
        )
    return asked.urlencode()


def _locked(saved: SavedFilter, actor: User) -> SavedFilter:
    User.objects.select_for_update(no_key=True).get(pk=saved.owner_id)  # as `save_filter` does
    found = SavedFilter.objects.select_for_update().find(saved.pk)
    if found is None or not can_settle_filter(actor, found):
        raise PermissionDenied
    return found


def _log(act: str, saved: SavedFilter, actor: User, mandate: Mandate | None) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=saved,
        after={"listing": saved.listing, "is_shared": saved.is_shared},
    )
