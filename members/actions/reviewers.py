"""Who reviews an application, what they note and recommend."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions.applications import WrongStateError, lock_application
from members.actions.checklists import StaleError
from members.enums_reviews import BEST_SCORE, OPEN_FOR_REVIEWERS, OPEN_FOR_TICKS, Advice
from members.models import (
    Application,
    Mandate,
    Recommendation,
    Reviewer,
    ReviewGuide,
    ReviewNote,
    User,
)
from members.permissions.applications import can_review
from members.permissions.reviews import can_be_reviewer, reviewing
from members.tasks_reviews import tell_assigner, tell_office_of_all, tell_reviewer
from records.actions import append_audit_entry


@transaction.atomic
def assign_reviewer(
    *,
    application: Application,
    user: User,
    due_on: date | None = None,
    actor: User,
    mandate: Mandate | None,
) -> Reviewer:
    """Ask a person to review, until a day or without one. Safe to repeat. Who was released
    from it comes back with what they gave, and with their declared conflict.

    Raises PermissionDenied, WrongStateError, ValidationError("cannot_review").
    """
    application = _lock_for_office(application, actor)
    if not can_be_reviewer(user, application):
        raise ValidationError(
            _("This person cannot review this application."), code="cannot_review"
        )
    reviewer = Reviewer.objects.find(application.pk, user.pk)
    if reviewer is not None and reviewer.ended_at is None:
        return reviewer
    if reviewer is None:
        reviewer = Reviewer.objects.create(
            application=application, user=user, assigned_by=actor, due_on=due_on
        )
    else:
        reviewer.ended_at, reviewer.assigned_by = None, actor
        reviewer.due_on, reviewer.reminded_on = due_on, None
        reviewer.save(update_fields=["ended_at", "assigned_by", "due_on", "reminded_on"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="reviewer.assigned",
        thing=application,
        after={"user": user.pk, **({"due_on": due_on.isoformat()} if due_on else {})},
    )
    tell_reviewer(reviewer, "assigned")
    return reviewer


@transaction.atomic
def change_review_day(
    *,
    application: Application,
    user: User,
    due_on: date | None,
    actor: User,
    mandate: Mandate | None,
) -> Reviewer:
    """Ask for the recommendation until another day, or without one. Safe to repeat.

    Raises PermissionDenied, WrongStateError, ValidationError("no_reviewer").
    """
    application = _lock_for_office(application, actor)
    reviewer = Reviewer.objects.find(application.pk, user.pk)
    if reviewer is None or reviewer.ended_at is not None or reviewer.has_conflict:
        raise ValidationError(
            _("This person does not review this application."), code="no_reviewer"
        )
    before = reviewer.due_on
    if before == due_on:
        return reviewer
    reviewer.due_on, reviewer.reminded_on = due_on, None
    reviewer.save(update_fields=["due_on", "reminded_on"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="reviewer.day_changed",
        thing=application,
        before={"user": user.pk, "due_on": before.isoformat() if before else ""},
        after={"user": user.pk, "due_on": due_on.isoformat() if due_on else ""},
    )
    return reviewer


@transaction.atomic
def release_reviewer(
    *, application: Application, user: User, actor: User, mandate: Mandate | None
) -> None:
    """Ask a person no longer: from now they read nothing of it. What they gave stays. Also once
    the review is closed: who was asked reads on until then.

    Safe to repeat. Raises PermissionDenied.
    """
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    reviewer = Reviewer.objects.find(application.pk, user.pk)
    if reviewer is None or reviewer.ended_at is not None:
        return
    reviewer.ended_at = timezone.now()
    reviewer.save(update_fields=["ended_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="reviewer.released",
        thing=application,
        before={"user": user.pk},
    )
    if not reviewer.has_conflict:  # then they had left it themselves
        tell_reviewer(reviewer, "released")
        _tell_if_all_have_given(application, but_for=reviewer)


@transaction.atomic
def declare_conflict(
    *, application: Application, reason: str, actor: User, mandate: Mandate | None
) -> Reviewer:
    """The reviewer's own: from now they read neither notes nor recommendations, and give none.

    What they had recommended counts no longer. Safe to repeat: the first reason stays. Raises
    PermissionDenied, WrongStateError.
    """
    application = lock_application(application)
    reviewer = reviewing(actor, application)
    if reviewer is None:
        raise PermissionDenied
    if reviewer.has_conflict:
        return reviewer
    if application.state not in OPEN_FOR_TICKS:
        raise WrongStateError(application)
    reviewer.conflict_reason, reviewer.conflict_at = reason, timezone.now()
    reviewer.save(update_fields=["conflict_reason", "conflict_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="reviewer.conflict_declared",
        thing=application,
        after={"user": actor.pk},
    )
    tell_assigner(reviewer)
    _tell_if_all_have_given(application, but_for=reviewer)
    return reviewer


@transaction.atomic
def write_note(
    *,
    application: Application,
    body: str,
    client_id: UUID,
    actor: User,
    mandate: Mandate | None,
) -> ReviewNote:
    """For the other reviewers. The same `client_id` again is the same note.

    Raises PermissionDenied, WrongStateError, and ValidationError for it with another text.
    """
    application, reviewer = _lock_for_reviewer(application, actor)
    note, new = ReviewNote.objects.get_or_create(
        reviewer=reviewer, client_id=client_id, defaults={"body": body}
    )
    if note.body != body:
        raise ValidationError(_("This note was sent before, with another text."), code="sent")
    if new:  # that there is one, and nothing of it: the whole office reads the log
        append_audit_entry(actor=actor, mandate=mandate, act="reviewer.noted", thing=application)
    return note


@transaction.atomic
def give_recommendation(
    *,
    application: Application,
    advice: str,
    membership_class: str = "",
    reasons: str,
    scores: dict[str, int],
    guide_version: int,
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> Recommendation:
    """The reviewer's own; given again, a further version. `seen` is the version that they changed
    (0: none), `guide_version` the criteria that they scored by.

    What stands already is not given twice. Raises PermissionDenied, WrongStateError, StaleError,
    ValidationError ("criteria": they were changed meanwhile).
    """
    application, reviewer = _lock_for_reviewer(application, actor)
    guide = ReviewGuide.objects.current()
    if guide.version != guide_version:
        raise ValidationError(
            _("The criteria were changed meanwhile. Look at them again."), code="criteria"
        )
    if scores.keys() - {each.key for each in guide.scales} or any(
        not 0 <= score <= BEST_SCORE for score in scores.values()
    ):
        raise ValueError("scores that the form never makes")
    given = Recommendation(
        reviewer=reviewer,
        advice=Advice(advice),
        membership_class=membership_class if advice == Advice.ADMIT_AS else "",
        reasons=reasons,
        scores=scores,
        guide_version=guide.version,
    )
    last = reviewer.recommendations.order_by("version").last()
    if last is not None and last.said == given.said:
        return last
    if (last.version if last else 0) != seen:
        raise StaleError
    given.version = seen + 1
    given.save(force_insert=True)
    append_audit_entry(  # never what: whoever has not given their own reads the log too
        actor=actor,
        mandate=mandate,
        act="reviewer.recommended",
        thing=application,
        before={"version": seen} if seen else {},
        after={"version": given.version},
    )
    if last is None and Reviewer.objects.have_all_given(application.pk):
        tell_office_of_all(application)
    return given


def _tell_if_all_have_given(application: Application, *, but_for: Reviewer) -> None:
    """Where nobody is awaited any more once this one is not: then it was this one."""
    if (
        application.state in OPEN_FOR_REVIEWERS
        and not but_for.recommendations.exists()
        and Reviewer.objects.have_all_given(application.pk)
    ):
        tell_office_of_all(application)


def _lock_for_office(application: Application, actor: User) -> Application:
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    if application.state not in OPEN_FOR_TICKS:
        raise WrongStateError(application)
    return application


def _lock_for_reviewer(application: Application, actor: User) -> tuple[Application, Reviewer]:
    application = lock_application(application)
    reviewer = reviewing(actor, application)
    if reviewer is None or reviewer.has_conflict:
        raise PermissionDenied
    if application.state not in OPEN_FOR_REVIEWERS:
        raise WrongStateError(application)
    return application, reviewer
