"""Whether an application is complete, asked before its review is closed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.enums_reviews import TickList
from members.models import Application, IncompleteClosing, ReviewGuide, Tick, User


class IncompleteReviewError(ValidationError):
    """Points of the checklist are open, and no reason was given to go on without them."""

    def __init__(self) -> None:
        super().__init__(
            _("Points of the checklist are open. Say why the review is closed without them."),
            code="incomplete_review",
        )


def open_points(application: Application) -> list[str]:
    """Keys of the points of completeness that are not met."""
    ticks = Tick.objects.latest_of(application.pk, TickList.COMPLETENESS)
    met = {key for key, tick in ticks.items() if tick.is_met}
    return [p.key for p in ReviewGuide.objects.current().checkpoints if p.key not in met]


def close_checklist(application: Application, *, reason: str, actor: User) -> dict[str, Any]:
    """Before the review is closed: every point met and all there that the form wants by then, or a
    reason kept. For an action that holds the
    application's lock. Returns what the audit log is to say. Raises IncompleteReviewError.
    """
    missing = [*open_points(application), *application.missing_by_review()]
    if not missing:
        return {}
    if not reason:
        raise IncompleteReviewError
    IncompleteClosing.objects.create(
        application=application,
        points=missing,
        guide_version=ReviewGuide.objects.current().version,
        reason=reason,
        by=actor,
    )
    return {"open_points": missing}
