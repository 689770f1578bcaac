"""What is to be done until a new member has arrived, and what of it is done."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from members.enums import Capacity
from members.enums_reviews import TickList
from members.models import Application, Institution, Mandate, ProfileVersion, Tick

WELCOME = "welcome"


class Step(NamedTuple):
    """A step. Derived ones are done when the portal sees that they are; others are ticked."""

    key: str
    label: Any
    is_derived: bool
    is_done: bool
    tick: Tick | None


def _holds(capacity: str) -> Callable[[Institution], bool]:
    def asked(institution: Institution) -> bool:
        held = Mandate.objects.running().of_institution(institution).filter(capacity=capacity)
        return held.exists()

    return asked


def _has_profile(institution: Institution) -> bool:
    return ProfileVersion.objects.filter(institution=institution).exists()


# What the portal sees by itself. Apps above add their own when they are ready.
FACTS: dict[str, Callable[[Institution], bool]] = {
    "profile": _has_profile,
    "focal_point": _holds(Capacity.FOCAL_POINT),
    "mandates": _holds(Capacity.HEAD),
}
STEPS: dict[str, Any] = {
    "profile": _("Its profile is filled in"),
    "focal_point": _("Its national focal point has access"),
    "mandates": _("The head of its delegation has a mandate"),
    "rooms": _("It takes part in the rooms of all"),
    "web_page": _("It is named on the web pages of the network"),
    WELCOME: _("It was welcomed"),
}
BY_HAND = ("web_page",)


def steps_of(application: Application) -> list[Step]:
    """Of an application whose membership is active."""
    institution = application.institution
    if institution is None:
        return []
    ticks = Tick.objects.latest_of(application.pk, TickList.ONBOARDING)
    steps = []
    for key, label in STEPS.items():
        tick = ticks.get(key)
        fact = FACTS.get(key)
        done = fact(institution) if fact else tick is not None and tick.is_met
        steps.append(Step(key, label, key not in BY_HAND, done, tick))
    return steps
