"""Applications that a person writes, and what they gave as a reviewer of others'."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from members.models import (
    Application,
    Declaration,
    Recommendation,
    Reviewer,
    ReviewGuide,
    ReviewNote,
    User,
)
from portal.data_export.files import documents_of, name_in_archive
from records.reading import number

Row = dict[str, Any]
_CONFLICT = pgettext_lazy("of a reviewer", "conflict of interest")
_NOTE = pgettext_lazy("of a reviewer", "note")


def application_rows(user: User) -> Iterator[Row]:
    for application in Application.objects.of_applicant(user.pk).order_by("pk"):
        yield {
            "institution": application.name.text,
            "state": str(application.get_state_display()),
            "since": application.created_at,
        }


def review_rows(user: User) -> Iterator[Row]:
    """What the person gave as a reviewer; what others said of an application is not theirs."""
    for review in Reviewer.objects.own(user.pk):
        if review.has_conflict:
            yield _review(review, _CONFLICT, review.conflict_at, review.conflict_reason)
    for note in ReviewNote.objects.of_author(user.pk):
        yield _review(note.reviewer, _NOTE, note.at, note.body)
    recommended = list(Recommendation.objects.of_author(user.pk))
    guides = ReviewGuide.objects.by_version(given.guide_version for given in recommended)
    for given in recommended:
        scores = _scores(given, guides[given.guide_version])
        yield _review(given.reviewer, given.get_advice_display(), given.at, given.reasons, scores)


def _scores(given: Recommendation, guide: ReviewGuide) -> str:
    """Each score under the criterion it was given for, as that was put then."""
    labels = {each.key: each.label.text for each in guide.scales}
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return pgettext("between pairs", "; ").join(
        pattern % {"name": labels.get(key, key), "value": number(score)}
        for key, score in given.scores.items()
    )


def declaration_rows(user: User) -> Iterator[Row]:
    for declared in Declaration.objects.of_person(user.pk):
        yield {
            "institution": declared.application.name.text,
            "name": declared.name,
            "capacity": declared.capacity,
            "since": declared.at,
            "text": declared.words,
        }


def _review(review: Reviewer, kind: Any, at: Any, text: str, scores: str = "") -> Row:
    return {
        "institution": review.application.name.text,
        "kind": str(kind),
        "since": at,
        "text": text,
        "scores": scores,
    }


def document_rows(user: User) -> Iterator[Row]:
    for document, _file in documents_of(user):
        yield {
            "file": name_in_archive(document),
            "kind": str(document.get_kind_display()),
            "since": document.created_at,
        }
