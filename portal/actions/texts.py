"""What saving a text means, whosever it is."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, User
from portal.models import NewsItem, SitePage, TextVersion
from portal.permissions import can_publish

Texts = dict[str, dict[str, str]]  # "titles", "bodies" …, "states": language code -> text


class StaleError(ValidationError):
    """Somebody else saved it after this form was opened."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version  # as it stands now


class NotReadyError(ValidationError):
    """It may not be published as it is; `messages` say why."""


def check_right(actor: User | None) -> None:
    """`actor` None is the portal itself. Raises PermissionDenied."""
    if actor is not None and not can_publish(actor):
        raise PermissionDenied


def check_version(thing: NewsItem | SitePage, version: int | None) -> None:
    """`version`: of the form's texts; None for whoever has read none (the demo network)."""
    if version is not None and version != thing.version:
        raise StaleError(thing.version)


def take_over(thing: NewsItem | SitePage, texts: Texts) -> bool:
    """Put `texts` into the thing, without saving. Whether anything is another now."""
    before = thing.texts()
    for kind in before:
        setattr(thing, kind, texts.get(kind, {}))
    return thing.texts() != before


def keep_version(
    thing: NewsItem | SitePage, actor: User | None, mandate: Mandate | None
) -> TextVersion:
    """Keep the texts as they were just saved, under the thing's version."""
    owner: dict[str, Any] = (
        {"news_item": thing} if isinstance(thing, NewsItem) else {"site_page": thing}
    )
    return TextVersion.objects.create(
        number=thing.version, texts=thing.texts(), actor=actor, mandate=mandate, **owner
    )


def facts(thing: NewsItem | SitePage) -> dict[str, Any]:
    """What the audit log says of the texts; they themselves are in their versions."""
    return {
        "titles": thing.titles,
        "final_in": thing.final_languages,
        "version": thing.version,
    }
