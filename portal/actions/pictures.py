"""Pictures of news items: kept in two sizes, described for whoever cannot see them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, User
from portal.actions.texts import NotReadyError, StaleError, check_right
from portal.models import NewsItem, NewsPicture
from records.actions import append_audit_entry, store_file
from records.models import StoredFile
from records.pictures import CONTENT_TYPE, Rendition, renditions

WIDTHS = (480, 1200)
MOST = 12  # pictures of one item


class TooManyError(ValidationError):
    """The item has as many pictures as one may have."""

    def __init__(self) -> None:
        super().__init__(_("An item may have at most %(count)s pictures."), params={"count": MOST})


@transaction.atomic
def add_picture(
    *,
    item: NewsItem,
    upload: UploadedFile,
    alternatives: dict[str, str],
    decorative: bool,
    credit: str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> NewsPicture:
    """Keep `upload`, made anew in two sizes, as the item's last picture (the first one leads).

    `actor` None is the portal itself; else raises PermissionDenied unless the actor is of the
    secretariat. Raises TooManyError, and NotReadyError where a public item would get a picture
    that is not described.
    """
    check_right(actor)
    locked = _locked(item)
    pictures = locked.all_pictures
    if len(pictures) >= MOST:
        raise TooManyError
    small, large = renditions(upload, WIDTHS)
    picture = NewsPicture(
        news_item=locked,
        position=pictures[-1].position + 1 if pictures else 1,
        small=_stored(small),
        large=_stored(large),
        small_width=small.width,
        width=large.width,
        height=large.height,
        alternatives=alternatives,
        decorative=decorative,
        credit=credit,
    )
    pictures.append(picture)
    _check(locked)
    picture.save()
    locked.save(update_fields=["changed_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.picture_added",
        thing=locked,
        after=_facts(picture),
    )
    return picture


@transaction.atomic
def change_picture(
    *,
    picture: NewsPicture,
    version: int | None,
    alternatives: dict[str, str],
    decorative: bool,
    credit: str,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> NewsPicture:
    """Describe a picture anew. The same words change nothing.

    Raises PermissionDenied, StaleError, and NotReadyError, as above.
    """
    check_right(actor)
    item = _locked(picture.news_item)
    kept = next(each for each in item.all_pictures if each.pk == picture.pk)
    if version not in (None, kept.version):
        raise StaleError(kept.version)
    if (kept.alternatives, kept.decorative, kept.credit) == (alternatives, decorative, credit):
        return kept
    before = _facts(kept)
    kept.alternatives, kept.decorative, kept.credit = alternatives, decorative, credit
    _check(item)
    kept.version += 1
    kept.save()
    item.save(update_fields=["changed_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.picture_changed",
        thing=item,
        before=before,
        after=_facts(kept),
    )
    return kept


@transaction.atomic
def remove_picture(
    *, picture: NewsPicture, actor: User | None = None, mandate: Mandate | None = None
) -> None:
    """Take a picture out of its item. Safe to repeat. Raises PermissionDenied."""
    check_right(actor)
    item = _locked(picture.news_item)
    kept = next((each for each in item.all_pictures if each.pk == picture.pk), None)
    if kept is None:
        return
    before = _facts(kept)
    kept.delete()
    item.save(update_fields=["changed_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.picture_removed",
        thing=item,
        before=before,
    )


@transaction.atomic
def lead_with(
    *, picture: NewsPicture, actor: User | None = None, mandate: Mandate | None = None
) -> None:
    """Put a picture first. Safe to repeat. Raises PermissionDenied."""
    check_right(actor)
    item = _locked(picture.news_item)
    kept = next((each for each in item.all_pictures if each.pk == picture.pk), None)
    if kept is None or kept == item.lead:
        return
    others = [each for each in item.all_pictures if each != kept]
    for place, each in enumerate([kept, *others], 1):
        each.position = place
    NewsPicture.objects.bulk_update([kept, *others], ["position"])
    item.save(update_fields=["changed_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="news_item.picture_led",
        thing=item,
        after=_facts(kept),
    )


def _locked(item: NewsItem) -> NewsItem:
    return NewsItem.objects.select_for_update(no_key=True).get(pk=item.pk)


def _check(item: NewsItem) -> None:
    if item.is_released and (obstacles := item.obstacles()):
        raise NotReadyError(obstacles)


def _stored(rendition: Rendition) -> StoredFile:
    upload = SimpleUploadedFile("picture.webp", rendition.content, CONTENT_TYPE)
    return store_file(upload=upload, content_type=CONTENT_TYPE)


def _facts(picture: NewsPicture) -> dict[str, Any]:
    return {"picture": picture.large.sha256[:12], "alternatives": picture.alternatives}
