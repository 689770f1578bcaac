"""How the review of an application is shown in its dossier."""

from typing import Any

from django import template

from members.enums import ApplicationState
from members.models import Application, CharterSending, DecisionTerms, Reviewer, ReviewGuide
from members.permissions.reviews import assessment_of
from members.review_summary import checked_points

register = template.Library()
ARRIVING = (ApplicationState.ADMITTED, ApplicationState.CHARTER_SIGNED, ApplicationState.ACTIVE)


@register.filter
def terms_told(application: Application) -> list[DecisionTerms]:
    """What was told with each decision, the latest first; nothing before it is made."""
    return list(DecisionTerms.objects.told(application.pk))


@register.filter
def charter_sent(application: Application) -> CharterSending | None:
    """The latest that its contact was sent."""
    return CharterSending.objects.to(application.pk).first()


@register.inclusion_tag("members/_dossier_review_card.html", takes_context=True)
def review_card(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """How far the review has come, and the way to it; empty for whoever has no part in it."""
    shown = assessment_of(context["request"].user, application)
    if shown is None or not shown.of_office:
        return {"points": None}
    points = checked_points(application.pk, ReviewGuide.objects.current())
    reviewers = [r for r in Reviewer.objects.for_display(application.pk) if not r.ended_at]
    return {
        "application": application,
        "points": points,
        "met": sum(point.is_met for point in points),
        "reviewers": len(reviewers),
        "given": sum(r.has_given for r in reviewers if not r.has_conflict),
        "may_charter": application.state in ARRIVING,
        "closing": application.incomplete_closings.select_related("by").last(),
    }
