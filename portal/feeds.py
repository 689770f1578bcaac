"""News as Atom, one feed a language: of the items that are final in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.network import name_of_network
from portal.models import NewsItem
from records.markdown import render

ITEMS = 30


class NewsFeed(Feed):  # type: ignore[type-arg]
    """Its addresses are of PUBLIC_ORIGIN, whatever host the request said it came to."""

    feed_type = Atom1Feed  # says the language as xml:lang

    @classmethod
    def view(cls) -> Callable[..., HttpResponseBase]:
        feed = cls()

        def news_feed(request: HttpRequest) -> HttpResponseBase:
            return feed(request)

        return require_GET(news_feed)

    def title(self) -> str:
        return _("News of %(network)s") % {"network": name_of_network().text}

    def subtitle(self) -> str:
        return _("What the secretariat publishes.")

    def link(self) -> str:
        return _address(reverse("portal:news_list"))

    def feed_url(self) -> str:
        return _address(reverse("portal:news_feed"))

    def author_name(self) -> str:
        return name_of_network().text

    def items(self) -> list[NewsItem]:
        language = get_language() or settings.LANGUAGE_CODE
        return list(NewsItem.objects.published().final_in(language).in_order()[:ITEMS])

    def item_title(self, item: Any) -> str:
        return str(item.edition().title)

    def item_description(self, item: NewsItem) -> str:
        edition = item.edition()
        return edition.summary or render(edition.body)

    def item_link(self, item: NewsItem) -> str:
        return _address(reverse("portal:news_item", args=[item.pk]))

    def item_pubdate(self, item: NewsItem) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: NewsItem) -> datetime:
        return item.changed_at


def _address(path: str) -> str:
    return str(settings.PUBLIC_ORIGIN) + path
