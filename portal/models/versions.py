"""Every version of a published text that was ever saved."""

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from members.models import Mandate, User
from portal.models.news import NewsItem
from portal.models.pages import SitePage


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    def in_order(self) -> Self:
        """With who saved it, the latest first."""
        return self.select_related("actor", "mandate__institution").order_by("-number")

    def saved_by_person(self, user: User) -> Self:
        """With what they are versions of; `.before`: the texts of the version before."""
        earlier = TextVersion.objects.filter(
            Q(news_item=OuterRef("news_item")) | Q(site_page=OuterRef("site_page")),
            number__lt=OuterRef("number"),
        ).order_by("-number")
        found = self.filter(actor=user).select_related("news_item", "site_page").order_by("pk")
        return found.annotate(before=Subquery(earlier.values("texts")[:1]))

    def find(self, number: int) -> "TextVersion | None":
        return self.filter(number=number).first()


class TextVersion(models.Model):
    """The texts of a news item or a page as they were saved once. Never changed."""

    news_item = models.ForeignKey(
        NewsItem, null=True, on_delete=models.CASCADE, related_name="versions"
    )
    site_page = models.ForeignKey(
        SitePage, null=True, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    texts = models.JSONField()  # "titles", "bodies" …, "states": language code -> text

    objects = TextVersionQuerySet.as_manager()
    before: dict[str, Any] | None  # set by `saved_by_person()`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(news_item=None, site_page__isnull=False)
                | Q(news_item__isnull=False, site_page=None),
                name="version_of_one_thing",
            ),
            models.UniqueConstraint(fields=["news_item", "number"], name="one_news_version"),
            models.UniqueConstraint(fields=["site_page", "number"], name="one_page_version"),
        ]

    def __str__(self) -> str:
        return f"{self.news_item_id or self.site_page_id} {self.number}"

    def text(self, kind: str, language: str) -> str:
        texts: dict[str, Any] = self.texts.get(kind, {})
        return str(texts.get(language, ""))
