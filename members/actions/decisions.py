"""What is prepared for the decision on an application, and what follows from it."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.applications import WrongStateError, lock_application
from members.actions.checklists import StaleError
from members.enums import ApplicationState as State
from members.models import Application, DecisionTerms, Mandate, User
from members.permissions.applications import can_review
from records.actions import append_audit_entry
from records.reading import written_date


class TooEarlyError(WrongStateError):
    """The institution was declined, and the day to try again has not come."""

    def __init__(self, application: Application, day: date) -> None:
        super().__init__(application)
        self.message = _(
            "An application of this institution was declined. It can be submitted again from "
            "%(day)s."
        ) % {"day": written_date(day)}
        self.params = None
        self.code = "too_early"


@transaction.atomic
def save_terms(
    *,
    application: Application,
    conditions: str,
    reasons: str,
    not_before: date | None,
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> DecisionTerms | None:
    """What the applicant is told with the next decision; `seen` is the version that was changed
    (0: none). Until it is decided. What stands already makes no version.

    Raises PermissionDenied, WrongStateError, StaleError.
    """
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    if application.state != State.ON_AGENDA:
        raise WrongStateError(application)
    terms = DecisionTerms.objects.of(application.pk) or DecisionTerms(application=application)
    if (terms.conditions, terms.reasons, terms.not_before) == (conditions, reasons, not_before):
        return terms if terms.pk else None
    if terms.version != seen:
        raise StaleError
    before = _plain(terms)
    terms.conditions, terms.reasons, terms.not_before = conditions, reasons, not_before
    terms.version, terms.by = seen + 1, actor
    terms.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.terms_prepared",
        thing=application,
        before=before if seen else {},
        after=_plain(terms),
    )
    return terms


def _plain(terms: DecisionTerms) -> dict[str, Any]:
    """For the audit log."""
    return {
        "version": terms.version,
        "conditions": terms.conditions,
        "reasons": terms.reasons,
        "not_before": terms.not_before.isoformat() if terms.not_before else None,
    }


def require_not_too_early(application: Application) -> None:
    """For the action that submits. Raises TooEarlyError."""
    terms = DecisionTerms.objects.barring(application)
    if terms is not None and terms.not_before is not None:
        raise TooEarlyError(application, terms.not_before)
