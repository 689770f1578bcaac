"""Rights in the review of an application.

The secretariat ticks, assigns and reads the summary; reviewers read the dossier, note and
recommend. Whoever declares a conflict of interest has none of these rights any more.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.enums_reviews import OPEN_FOR_REVIEWERS, OPEN_FOR_TICKS
from members.models import Application, Mandate, Reviewer, User
from members.permissions.applications import (
    can_review,
    can_see_application,
    is_applicant,
    is_reading_reviewer,
    of_no_observer,
)
from members.permissions.people import Someone, running_mandates


class Assessment(NamedTuple):
    """An application as somebody reviews it."""

    application: Application
    reviewer: Reviewer | None  # the reader's own place among the reviewers
    of_office: bool  # whether the reader runs the review

    @property
    def may_read(self) -> bool:
        """Whether the dossier itself is shown: not to a reviewer with a conflict."""
        return self.of_office or (self.reviewer is not None and not self.reviewer.has_conflict)

    @property
    def may_tick(self) -> bool:
        return self.of_office and self.application.state in OPEN_FOR_TICKS

    @property
    def may_release(self) -> bool:
        """Whether a reviewer can be let go: also once the review is closed."""
        return self.of_office

    @property
    def may_declare(self) -> bool:
        """A conflict of interest: from the day one is asked."""
        return (
            self.reviewer is not None
            and not self.reviewer.has_conflict
            and self.application.state in OPEN_FOR_TICKS
        )

    @property
    def may_write(self) -> bool:
        """Whether the reader may note and recommend now."""
        return (
            self.reviewer is not None
            and not self.reviewer.has_conflict
            and self.application.state in OPEN_FOR_REVIEWERS
        )


def can_be_reviewer(user: Someone, application: Application) -> bool:
    """Whoever sits in the network, not as an observer or for one, and does not write the
    application.
    """
    return not is_applicant(user, application) and bool(of_no_observer(running_mandates(user)))


def reviewers_to_choose(application: Application) -> list[Mandate]:
    """One running mandate of each person who may be asked, by name; not who is asked already."""
    asked = set(Reviewer.objects.current().filter(application=application).values_list("user"))
    found: dict[int, Mandate] = {}
    for mandate in of_no_observer(list(Mandate.objects.running().for_display())):
        found.setdefault(mandate.user_id, mandate)
    free = [
        m for pk, m in found.items() if (pk,) not in asked and not is_applicant(m.user, application)
    ]
    return sorted(free, key=lambda mandate: mandate.user.name)


def out_of_reach(reviewers: Iterable[Reviewer]) -> set[int]:
    """Of those who are asked, the people who could not write any more: their mandates have ended or
    rest, or are an observer's by now. A successor does not review in their place: another is asked.
    """
    asked = {each.user_id for each in reviewers if not (each.ended_at or each.has_conflict)}
    held = Mandate.objects.running().filter(user__in=asked)
    return asked - {mandate.user_id for mandate in of_no_observer(list(held))}


def reviewing(user: Someone, application: Application) -> Reviewer | None:
    """The person's place among the reviewers of an application, a conflict declared or not."""
    if not isinstance(user, User) or not can_be_reviewer(user, application):
        return None
    return Reviewer.objects.current().find(application.pk, user.pk)


def assessment_of(user: Someone, application: Application) -> Assessment | None:
    """What the person has to do with its review; None for nothing."""
    reviewer = reviewing(user, application)
    of_office = can_review(user, application)
    if not of_office and reviewer is None:
        return None
    return Assessment(application, reviewer, of_office)


def access_assessment(user: Someone, pk: int) -> Assessment:
    """Raises Http404."""
    application = Application.objects.for_dossier().find(pk) if running_mandates(user) else None
    found = assessment_of(user, application) if application else None
    if found is None:
        raise Http404
    return found


def access_revisions(user: Someone, pk: int) -> Application:
    """What an application said since it was submitted: for who may see it, and for its reviewers
    while they read the dossier. Raises Http404.
    """
    application = Application.objects.for_dossier().find(pk)
    if application is None or not application.submitted_at:
        raise Http404
    if not (can_see_application(user, application) or is_reading_reviewer(user, application)):
        raise Http404
    return application


def access_assessment_of_office(user: Someone, pk: int) -> Assessment:
    """To be run. Raises Http404; PermissionDenied for reviewers."""
    found = access_assessment(user, pk)
    if not found.of_office:
        raise PermissionDenied
    return found


def access_own_review(user: Someone, pk: int) -> Assessment:
    """To be written in. Raises Http404; PermissionDenied for who is no reviewer, or has a
    conflict.
    """
    found = access_assessment(user, pk)
    if found.reviewer is None or found.reviewer.has_conflict:
        raise PermissionDenied
    return found
