"""Where two lists of points and criteria differ, in words."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.application_changes import Change
from records.languages import in_language
from records.reading import number

Rows = list[dict[str, Any]]  # as ReviewGuide keeps its points and criteria


def guide_changes(old: tuple[Rows, Rows], new: tuple[Rows, Rows]) -> list[Change]:
    """`old`, `new`: points and criteria. A row that one of them lacks is empty there; whether only
    their order is another is said last.
    """
    found: list[Change] = []
    for kind, was, now in zip((_("Point"), _("Criterion")), old, new, strict=True):
        for key in dict.fromkeys(row["key"] for row in (*was, *now)):
            found += _row(kind, _of(was, key), _of(now, key))
    changes = [change for change in found if change.before != change.after]
    if not changes and old != new:
        changes = [
            Change(
                _("Order"),
                *("\n".join(_said(row) for rows in each for row in rows) for each in (old, new)),
            )
        ]
    return changes


def _of(rows: Rows, key: str) -> dict[str, Any]:
    return next((row for row in rows if row["key"] == key), {})


def _said(row: dict[str, Any]) -> str:
    return in_language(row.get("labels", {})).text


def _row(kind: str, was: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    label = pattern % {"name": kind, "value": _said(was) or _said(now)}
    before, after = was.get("labels", {}), now.get("labels", {})
    found = [
        Change(f"{label} · {name}", before.get(code, ""), after.get(code, ""), code)
        for code, name in settings.LANGUAGES
    ]
    weights = [number(row["weight"]) if "weight" in row else "" for row in (was, now)]
    articles = [row.get("article", "") for row in (was, now)]
    return [
        *found,
        Change(f"{label} · {_('Article of the charter')}", *articles),
        Change(f"{label} · {_('Weight')}", *weights),
    ]
