"""What a person gave to applications of others: reviews, points of checklists."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from members.models import Recommendation, Reviewer, ReviewGuide, ReviewNote, Tick, User
from portal.data_export.parts import Row
from records.languages import in_language
from records.reading import number

_ASKED = pgettext_lazy("of a reviewer", "asked to review")
_RELEASED = pgettext_lazy("of a reviewer", "released from the review")
_CONFLICT = pgettext_lazy("of a reviewer", "conflict of interest")
_NOTE = pgettext_lazy("of a reviewer", "note")


def review_rows(user: User) -> Iterator[Row]:
    """What the person gave as a reviewer; what others said of an application is not theirs."""
    for review in Reviewer.objects.own(user.pk):
        yield _review(review, _ASKED, review.assigned_at, "")
        if review.has_conflict:
            yield _review(review, _CONFLICT, review.conflict_at, review.conflict_reason)
        if review.ended_at:
            yield _review(review, _RELEASED, review.ended_at, "")
    for note in ReviewNote.objects.of_author(user.pk):
        yield _review(note.reviewer, _NOTE, note.at, note.body)
    recommended = list(Recommendation.objects.of_author(user.pk))
    guides = ReviewGuide.objects.by_version(given.guide_version for given in recommended)
    for given in recommended:
        scores = _scores(given, guides[given.guide_version])
        yield _review(given.reviewer, _advice(given), given.at, given.reasons, scores)


def _advice(given: Recommendation) -> str:
    """With the class, where another one is recommended."""
    advice = str(given.get_advice_display())
    if not given.membership_class:
        return advice
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return pattern % {"name": advice, "value": given.get_membership_class_display()}


def _scores(given: Recommendation, guide: ReviewGuide) -> str:
    """Each score under the criterion it was given for, as that was put then."""
    labels = {each.key: each.label.text for each in guide.scales}
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return pgettext("between pairs", "; ").join(
        pattern % {"name": labels.get(key, key), "value": number(score)}
        for key, score in given.scores.items()
    )


def _review(review: Reviewer, kind: Any, at: Any, text: str, scores: str = "") -> Row:
    return {
        "institution": review.application.name.text,
        "kind": str(kind),
        "since": at,
        "text": text,
        "scores": scores,
    }


def tick_rows(user: User) -> Iterator[Row]:
    labels = ReviewGuide.objects.labels()
    for tick in Tick.objects.of_person(user.pk):
        point = in_language(labels[tick.key]).text if tick.key in labels else tick.key
        yield {
            "institution": tick.application.name.text,
            "point": point,
            "met": tick.is_met,
            "since": tick.at,
            "text": tick.remark,
        }
