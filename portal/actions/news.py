"""News: written, published, withdrawn. What was published once is never deleted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, User
from portal.actions.texts import (
    NotReadyError,
    Texts,
    check_right,
    check_version,
    facts,
    keep_version,
    take_over,
)
from portal.enums import NewsStage
from portal.models import NewsItem
from records.actions import append_audit_entry
from records.chain import instant


class PublishedError(ValidationError):
    """It was published: it can be withdrawn, not deleted."""

    def __init__(self) -> None:
        super().__init__(_("This item was published: it can be withdrawn, not deleted."))


@transaction.atomic
def create_item(
    *, texts: Texts, actor: User | None = None, mandate: Mandate | None = None
) -> NewsItem:
    """Begin an item; nobody but the secretariat sees it until it is published.

    `actor` None is the portal itself; else raises PermissionDenied unless the actor is of the
    secretariat.
    """
    check_right(actor)
    item = NewsItem(author=actor, mandate=mandate, version=1)
    take_over(item, texts)
    item.search_text = item.searchable()
    item.save()
    keep_version(item, actor, mandate)
    append_audit_entry(
        actor=actor, mandate=mandate, act="news_item.created", thing=item, after=facts(item)
    )
    return item


@transaction.atomic
def save_texts(
    *,
    item: NewsItem,
    texts: Texts,
    version: int | None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> NewsItem:
    """Save the texts over those of `version` and keep both. The same texts change nothing.

    Raises PermissionDenied as above, StaleError when others saved meanwhile, NotReadyError when
    the public reads the item and could not read it as it would be.
    """
    check_right(actor)
    locked = _locked(item)
    check_version(locked, version)
    before = facts(locked)
    if not take_over(locked, texts):
        return locked
    if locked.is_released and (obstacles := locked.obstacles()):
        raise NotReadyError(obstacles)
    locked.version += 1
    locked.search_text = locked.searchable()
    locked.save()
    keep_version(locked, actor, mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.saved",
        thing=locked,
        before=before,
        after=facts(locked),
    )
    return locked


@transaction.atomic
def publish_item(
    *,
    item: NewsItem,
    version: int | None = None,
    at: datetime | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> NewsItem:
    """Let the public read the item from `at` on (None: now). Safe to repeat.

    A time to come needs nobody's doing when it comes; one in the past dates the item back. Raises
    as `save_texts` does.
    """
    check_right(actor)
    locked = _locked(item)
    check_version(locked, version)
    if locked.is_public and at in (None, locked.published_at):
        return locked
    if obstacles := locked.obstacles():
        raise NotReadyError(obstacles)
    before = _dates(locked)
    locked.published_at = at or timezone.now()
    locked.withdrawn_at, locked.withdrawal_reason = None, ""
    locked.save()
    act = "scheduled" if locked.stage == NewsStage.SCHEDULED else "published"
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=f"news_item.{act}",
        thing=locked,
        before=before,
        after={**_dates(locked), **facts(locked)},
    )
    return locked


@transaction.atomic
def withdraw_item(
    *,
    item: NewsItem,
    reason: str,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> NewsItem:
    """Take the item from the public, or call a publication off. Safe to repeat.

    Raises PermissionDenied unless the actor is of the secretariat.
    """
    check_right(actor)
    locked = _locked(item)
    if not locked.is_released:
        return locked
    before = _dates(locked)
    was_scheduled = locked.stage == NewsStage.SCHEDULED
    if was_scheduled:  # nobody has read it: it is a draft again
        locked.published_at = None
    else:
        locked.withdrawn_at, locked.withdrawal_reason = timezone.now(), reason
    locked.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.unscheduled" if was_scheduled else "news_item.withdrawn",
        thing=locked,
        before=before,
        after={**_dates(locked), "reason": reason},
    )
    return locked


@transaction.atomic
def delete_draft(
    *, item: NewsItem, actor: User | None = None, mandate: Mandate | None = None
) -> None:
    """Delete what the public never read, with its versions. Safe to repeat.

    Raises PermissionDenied unless the actor is of the secretariat, PublishedError.
    """
    check_right(actor)
    locked = NewsItem.objects.select_for_update().find(item.pk)
    if locked is None:
        return
    if locked.stage != NewsStage.DRAFT:
        raise PublishedError
    before = facts(locked)
    number = locked.pk
    locked.delete()
    locked.pk = number  # the entry outlives it
    append_audit_entry(
        actor=actor, mandate=mandate, act="news_item.deleted", thing=locked, before=before
    )


def _locked(item: NewsItem) -> NewsItem:
    return NewsItem.objects.select_for_update(no_key=True).get(pk=item.pk)


def _dates(item: NewsItem) -> dict[str, str | None]:
    return {"published_at": instant(item.published_at) if item.published_at else None}
