"""What the tests of news and pages are made of."""

from typing import Any

from portal.actions.news import create_item, publish_item
from portal.models import NewsItem
from tests.factories import Cast

TEXTS = {
    "titles": {"en": "The assembly meets", "ar": "الجمعية تجتمع"},
    "summaries": {"en": "In Doha.", "ar": "في الدوحة."},
    "bodies": {"en": "Delegations **meet**.", "ar": "تجتمع الوفود."},
    "states": {"en": "final", "ar": "draft"},
}
FORM = {
    "title_en": "The assembly meets",
    "summary_en": "In Doha.",
    "body_en": "Delegations **meet**.",
    "state_en": "final",
    "title_ar": "الجمعية تجتمع",
    "summary_ar": "في الدوحة.",
    "body_ar": "تجتمع الوفود.",
    "state_ar": "draft",
    "title_fr": "",
    "summary_fr": "",
    "body_fr": "",
    "state_fr": "draft",
}


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def draft(cast: Cast, **texts: Any) -> NewsItem:
    return create_item(texts={**TEXTS, **texts}, **by(cast))


def published(cast: Cast, at: Any = None, **texts: Any) -> NewsItem:
    return publish_item(item=draft(cast, **texts), at=at, **by(cast))
