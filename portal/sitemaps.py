"""The pages that search engines may list. Whoever makes public pages adds to `SECTIONS`."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from assembly.models import Meeting
from members.models import Institution
from members.network import offered_languages
from portal.enums import PageKey
from portal.models import NewsItem


class Listed(NamedTuple):
    """A public page: its URL name and arguments, and the day it was last changed, if known."""

    name: str
    args: tuple[object, ...] = ()
    changed: date | None = None


def fixed_pages() -> Iterable[Listed]:
    names = ["portal:home", "members:directory", "portal:calendar", "portal:news_list"]
    names += [f"portal:page_{key}" for key in PageKey]
    for name in [*names, "members:apply"]:
        yield Listed(name)


def institutions() -> Iterable[Listed]:
    for pk in Institution.objects.in_directory().values_list("pk", flat=True):
        yield Listed("members:institution", (pk,))


def meetings() -> Iterable[Listed]:
    for pk in Meeting.objects.public().newest_first().values_list("pk", flat=True):
        yield Listed("portal:calendar_meeting", (pk,))


def news() -> Iterable[Listed]:
    for pk, changed_at in NewsItem.objects.published().in_order().values_list("pk", "changed_at"):
        yield Listed("portal:news_item", (pk,), changed_at.date())


SECTIONS: list[Callable[[], Iterable[Listed]]] = [fixed_pages, institutions, meetings, news]


class Entry(NamedTuple):
    """A page in one language, with its address in each."""

    url: str
    changed: date | None
    versions: dict[str, str]


def entries() -> Iterable[Entry]:
    """Every public page in every language that is offered."""
    offered = offered_languages()
    for section in SECTIONS:
        for page in section():
            versions = {code: address(page, code) for code, _name in offered}
            for url in versions.values():
                yield Entry(url, page.changed, versions)


def address(page: Listed, language: str) -> str:
    with translation.override(language):
        return str(settings.PUBLIC_ORIGIN) + reverse(page.name, args=page.args)
