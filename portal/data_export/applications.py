"""Applications that a person writes, and what they gave as a reviewer of others'."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import pgettext_lazy

from members.models import Application, Recommendation, Reviewer, ReviewNote, User
from portal.data_export.files import documents_of, name_in_archive

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
    for given in Recommendation.objects.of_author(user.pk):
        yield _review(given.reviewer, given.get_advice_display(), given.at, given.reasons)


def _review(review: Reviewer, kind: Any, at: Any, text: str) -> Row:
    return {
        "institution": review.application.name.text,
        "kind": str(kind),
        "since": at,
        "text": text,
    }


def document_rows(user: User) -> Iterator[Row]:
    for document, _file in documents_of(user):
        yield {
            "file": name_in_archive(document),
            "kind": str(document.get_kind_display()),
            "since": document.created_at,
        }
