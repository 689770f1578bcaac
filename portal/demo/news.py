"""The news and the page about the network that the demo network begins with."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from members.models import Mandate
from portal.actions.news import create_item, publish_item
from portal.actions.pages import save_page
from portal.actions.pictures import add_picture
from portal.actions.texts import Texts
from portal.demo.covers import cover
from portal.enums import PageKey

KINDS = ("titles", "summaries", "bodies", "states")


def facts() -> dict[str, Any]:
    path = Path(__file__).resolve().parent / "news.json"
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def load_news(*, secretariat: Mandate) -> None:
    """Write them as the secretariat's person would, pictures included."""
    by: dict[str, Any] = {"actor": secretariat.user, "mandate": secretariat}
    said = facts()
    for fact in said["news"]:
        item = create_item(texts=_texts(fact), **by)
        if fact["pattern"]:
            add_picture(
                item=item,
                upload=cover(fact["pattern"]),
                alternatives=fact["alternative"],
                decorative=False,
                **by,
            )
        if fact["published_at"]:
            publish_item(item=item, at=datetime.fromisoformat(fact["published_at"]), **by)
    for key, fact in said["pages"].items():
        save_page(key=PageKey(key), texts=_texts(fact), version=None, **by)


def _texts(fact: dict[str, Any]) -> Texts:
    return {kind: fact.get(kind, {}) for kind in KINDS}
