"""Tags of the pages that show what the secretariat publishes."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from members.models import Presidency
from portal.models import NewsItem, NewsPicture
from records.languages import in_language
from records.markdown import plain, render

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Person-written Markdown as HTML (see `records.markdown`)."""
    return render(text)


@register.filter
def without_marks(text: str) -> str:
    """Person-written Markdown as plain words, on one line."""
    return plain(text)


@register.filter
def alternative(picture: NewsPicture, language: str) -> str:
    """What stands for the picture where it is not seen; "" when it only decorates."""
    return "" if picture.decorative else in_language(picture.alternatives, language).text


@register.filter
def alternative_of(picture: NewsPicture | None, language: str) -> str:
    """The same where there may be no picture."""
    return alternative(picture, language) if picture else ""


@register.filter
def full_address(picture: NewsPicture | None) -> str:
    """The large picture's address with the origin, as pages of others need it."""
    if picture is None:
        return ""
    return str(settings.PUBLIC_ORIGIN) + reverse("picture", args=[picture.large.sha256])


@register.filter
def language_name(code: str) -> str:
    """What the reader calls a language."""
    return str(get_language_info(code)["name_translated"])


@register.filter
def in_language_of(path: str, code: str) -> str:
    """The same page's address in another language."""
    return translate_url(path, code)


@register.inclusion_tag("portal/news/_latest.html")
def latest_news(count: int = 3) -> dict[str, Any]:
    """The latest news that is published. Two queries."""
    return {"items": list(NewsItem.objects.published().in_order().with_pictures()[:count])}


@register.filter
def running(presidencies: Iterable[Presidency]) -> Presidency | None:
    """The one of now, as `Presidency.objects.running()` has it."""
    now = timezone.now()
    return next((p for p in presidencies if p.runs_at(now)), None)
