"""The points of completeness and the criteria, until the secretariat lays down its own."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

_POINTS = {
    "letter": _("Letter of intent, signed by the head of the institution"),
    "founding": _("Founding law or statutes"),
    "credentials": _("Credentials of the person who signs for the institution"),
    "kind": _("The kind of institution fits the class of membership that is sought"),
    "activity": _("Account of its work in public diplomacy"),
    "focal_point": _("A contact who can become the national focal point"),
}
_CRITERIA = {
    "mission": (_("How far its mission is that of the network"), 3),
    "standing": (_("Its standing at home"), 2),
    "capacity": (_("Its capacity to take part"), 2),
}


def _labels(lazy: Any) -> dict[str, str]:
    labels = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels[code] = str(lazy)
    return labels


def default_labels(key: str) -> dict[str, str]:
    """What the portal says of that point or criterion, in each language; nothing where it is the
    secretariat's own.
    """
    label = _POINTS.get(key) or _CRITERIA.get(key, ("", 0))[0]
    return _labels(label) if label else {}


def default_points() -> list[dict[str, Any]]:
    return [{"key": key, "labels": _labels(label)} for key, label in _POINTS.items()]


def default_criteria() -> list[dict[str, Any]]:
    return [
        {"key": key, "labels": _labels(label), "weight": weight}
        for key, (label, weight) in _CRITERIA.items()
    ]
