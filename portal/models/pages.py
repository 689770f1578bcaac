from typing import ClassVar

from django.db import models

from portal.enums import PageKey
from portal.models.texts import EditableTexts


class SitePageQuerySet(models.QuerySet["SitePage"]):
    def of_key(self, key: str) -> "SitePage":
        """The page as it was written; an unsaved empty one where nobody wrote it."""
        return self.filter(key=key).first() or SitePage(key=key)

    def by_key(self) -> "dict[str, SitePage]":
        """Those that somebody wrote, in one query."""
        return {page.key: page for page in self}


class SitePage(EditableTexts):
    """A page of the public site. Where no text is final, the page's default text is shown."""

    kinds: ClassVar[tuple[str, ...]] = ("titles", "bodies")

    key = models.CharField(max_length=20, choices=PageKey, unique=True)

    objects = SitePageQuerySet.as_manager()

    class Meta:
        verbose_name = "site page"

    def __str__(self) -> str:
        return self.key

    @property
    def is_written(self) -> bool:
        return bool(self.titles)
