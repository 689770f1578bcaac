"""What a decision on an application is told with: a deferral with its conditions, a refusal with
its reasons and the day from which it may apply again. Nothing is told without; no vote waits for
it.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.enums import Outcome
from assembly.models import AgendaItem
from members.enums import ApplicationState
from members.models import DecisionTerms

DECISIONS = {
    Outcome.ADOPTED.value: ApplicationState.ADMITTED,
    Outcome.NOT_ADOPTED.value: ApplicationState.DECLINED,
    Outcome.NO_QUORUM.value: ApplicationState.DEFERRED,  # back to a later assembly
}
_NEEDED: dict[str, dict[str, Any]] = {
    ApplicationState.DEFERRED: {"conditions": _("the conditions")},
    ApplicationState.DECLINED: {
        "reasons": _("the reasons"),
        "not_before": _("the earliest day to try again"),
    },
}


def decided_as(item: AgendaItem) -> ApplicationState | None:
    """What the meeting has made of the application; None while nothing is decided."""
    if item.deferred_at is not None:
        return ApplicationState.DEFERRED
    outcome = item.vote.outcome if item.vote else ""
    return DECISIONS[outcome] if outcome else None


def owed_terms(items: Iterable[AgendaItem]) -> list[tuple[AgendaItem, list[Any]]]:
    """Those that are decided and cannot be told yet, each with what must be said with it first: as
    fields of the form of terms are named. One query; items with their votes and applications.
    """
    waiting = [
        item
        for item in items
        if item.is_held
        and item.application is not None
        and item.application.state == ApplicationState.ON_AGENDA
        and decided_as(item) in _NEEDED
    ]
    if not waiting:
        return []
    kept = DecisionTerms.objects.prepared([item.application_id for item in waiting])
    found = []
    for item in waiting:
        terms = kept.get(item.application_id or 0)
        needed = _NEEDED[decided_as(item) or ""]
        if missing := [name for name in needed if not (terms and getattr(terms, name))]:
            found.append((item, missing))
    return found


def in_words(missing: Iterable[str]) -> list[str]:
    words = {name: label for needed in _NEEDED.values() for name, label in needed.items()}
    return [str(words[name]) for name in missing]
