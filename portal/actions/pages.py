"""The pages of the public site: written, and reset to what the product ships with."""

from django.db import transaction

from members.models import Mandate, User
from portal.actions.texts import (
    Texts,
    check_right,
    check_version,
    facts,
    keep_version,
    take_over,
)
from portal.enums import PageKey
from portal.models import SitePage
from records.actions import append_audit_entry


@transaction.atomic
def save_page(
    *,
    key: PageKey,
    texts: Texts,
    version: int | None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> SitePage:
    """Save the page's texts over those of `version` and keep both. The same change nothing.

    `actor` None is the portal itself; else raises PermissionDenied unless the actor is of the
    secretariat. Raises StaleError when others saved meanwhile.
    """
    return _write(key, texts, version, actor, mandate, act="site_page.saved")


@transaction.atomic
def reset_page(
    *,
    key: PageKey,
    version: int | None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> SitePage:
    """Show the product's own text again; what was written stays among the versions.

    Safe to repeat. Raises as above.
    """
    return _write(key, {}, version, actor, mandate, act="site_page.reset")


def _write(
    key: PageKey,
    texts: Texts,
    version: int | None,
    actor: User | None,
    mandate: Mandate | None,
    *,
    act: str,
) -> SitePage:
    check_right(actor)
    SitePage.objects.get_or_create(key=key)  # then there is a row to lock
    page = SitePage.objects.select_for_update(no_key=True).get(key=key)
    check_version(page, version)
    before = facts(page)
    if not take_over(page, texts):
        return page
    page.version += 1
    page.save()
    keep_version(page, actor, mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=page,
        before=before,
        after={"page": str(key), **facts(page)},
    )
    return page
