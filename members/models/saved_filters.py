from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.enums_lists import Listing

MOST_FILTERS = 24  # of one person, for one list


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def of_list(self, listing: str) -> Self:
        return self.filter(listing=listing)

    def seen_by(self, user_id: int) -> Self:
        """One's own and the shared ones, by name."""
        return (
            self.filter(Q(owner_id=user_id) | Q(is_shared=True))
            .select_related("owner")
            .order_by("name", "pk")
        )

    def owned_by(self, user_id: int) -> Self:
        return self.filter(owner_id=user_id)

    def called(self, name: str) -> "SavedFilter | None":
        return self.filter(name__iexact=name).first()

    def find(self, pk: int) -> "SavedFilter | None":
        return self.filter(pk=pk).first()


class SavedFilter(models.Model):
    """What narrows and orders a list of the secretariat, under a name: the end of an address.

    A shared one is the office's: who comes to the secretariat later finds it, and settles it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    listing = models.CharField(max_length=20, choices=Listing)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, blank=True)  # without the question mark
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "listing", "name"], name="saved_filter_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
