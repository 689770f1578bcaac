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

    @property
    def done_at(self) -> str:
        """Name of the page of the institution on which it does it; "" for the secretariat's."""
        return DONE_AT.get(self.key, "")

    @property
    def is_of_office(self) -> bool:
        return self.key == WELCOME or self.key in BY_HAND


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


# Where a new member does a step itself; the others are the secretariat's.
DONE_AT: dict[str, str] = {
    "profile": "members:profile",
    "focal_point": "members:invite",
    "mandates": "members:invite",
}


def open_steps(institution: Institution) -> list[Step]:
    """All steps of a new member that has not arrived yet; none of any other institution."""
    application = Application.objects.that_admitted(institution.pk)
    steps = steps_of(application) if application else []
    return [] if all(step.is_done for step in steps) else steps


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
