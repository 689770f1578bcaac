"""Who may see and change what the secretariat publishes."""

from django.http import Http404

from members.models import Handover
from members.permissions import is_secretariat
from members.permissions.people import Someone
from members.permissions.presidencies import can_make_pack, can_make_up_pack
from portal.enums import ExportState, PageKey
from portal.models import HandoverPack, NewsItem, NewsPicture, SitePage
from records.models import StoredFile


def can_publish(user: Someone) -> bool:
    """News and the site's pages are the secretariat's."""
    return is_secretariat(user)


def access_news_item(user: Someone, pk: int) -> NewsItem:
    """What the public may read; of what it may not, the secretariat's. Raises Http404."""
    item = NewsItem.objects.with_pictures().find(pk)
    if item is None or not (item.is_public or can_publish(user)):
        raise Http404
    return item


def access_news_draft(user: Someone, pk: int) -> NewsItem:
    """An item to work on. Raises Http404."""
    item = NewsItem.objects.with_pictures().find(pk)
    if item is None or not can_publish(user):
        raise Http404
    return item


def access_news_picture(user: Someone, pk: int, picture_id: int) -> NewsPicture:
    """A picture to work on. Raises Http404."""
    item = access_news_draft(user, pk)
    picture = next((each for each in item.all_pictures if each.pk == picture_id), None)
    if picture is None:
        raise Http404
    return picture


def access_page(user: Someone, key: str) -> SitePage:
    """A page to work on, whether it was ever written or not. Raises Http404."""
    if key not in PageKey.values or not can_publish(user):
        raise Http404
    return SitePage.objects.of_key(key)


def access_picture_file(user: Someone, sha256: str) -> tuple[StoredFile, bool]:
    """The file of a picture, and whether the public may see it. Raises Http404."""
    shown = NewsPicture.objects.of_file(sha256)
    public = shown.public().with_files().first()
    picture = public or (shown.with_files().first() if can_publish(user) else None)
    if picture is None:
        raise Http404
    return picture.small if picture.small.sha256 == sha256 else picture.large, public is not None


def may_make_pack(user: Someone, handover: Handover, pack: HandoverPack | None) -> bool:
    """The office that hands over, until it has; then the next one, where there is none to read."""
    if can_make_pack(user, handover):
        return True
    there = pack is not None and (pack.state == ExportState.READY or pack.is_under_way)
    return not there and can_make_up_pack(user, handover)
