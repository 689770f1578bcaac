"""Rights over saved filters: they are of the secretariat's lists, so they are its alone."""

from django.http import Http404

from members.models import SavedFilter
from members.permissions.people import Someone, is_secretariat


def can_settle_filter(user: Someone, saved: SavedFilter) -> bool:
    """One's own; a shared one is the whole office's, whoever made it."""
    return (saved.is_shared or saved.owner_id == user.pk) and is_secretariat(user)


def access_saved_filter(user: Someone, pk: int) -> SavedFilter:
    """A filter to be renamed, shared or removed. Raises Http404."""
    saved = SavedFilter.objects.find(pk)
    if saved is None or not can_settle_filter(user, saved):
        raise Http404
    return saved
