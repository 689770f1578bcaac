"""An application's way from step to step: review, agenda, decision, activation.

What its contact does to it is in `members.actions.applicants`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members import signals
from members.actions.application_revisions import keep_first_revision
from members.actions.completeness import close_checklist
from members.actions.institutions import change_membership, create_institution, end_candidacy
from members.actions.people import lock_account, start_mandate
from members.enums import (
    APPLICATION_ACTS,
    APPLICATION_TRANSITIONS,
    Capacity,
    MembershipClass,
    MembershipState,
)
from members.enums import ApplicationState as State
from members.models import (
    Application,
    DecisionTerms,
    InformationRequest,
    Institution,
    Mandate,
    RequestedItem,
    User,
    network_today,
)
from members.network import first_language
from members.permissions.applications import DECISIONS, can_decide, can_move, can_review
from members.permissions.people import is_secretariat
from members.tasks import defer_letters
from records.actions import append_audit_entry
from records.languages import in_language


class WrongStateError(ValidationError):
    """The application's state does not allow this (any more): done already, or overtaken."""

    def __init__(self, application: Application) -> None:
        super().__init__(
            _("This cannot be done now: the state of this application is “%(state)s”."),
            code="wrong_state",
            params={"state": application.get_state_display()},
        )


def lock_application(application: Application) -> Application:
    """The application as it stands now, its row held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contact", "institution")
        .get(pk=application.pk)
    )


@transaction.atomic
def change_state(
    *, application: Application, to: str, actor: User, mandate: Mandate | None, note: str = ""
) -> Application:
    """Take one step: lock, read the transition table, check the right, log, write to who is told.

    `note` goes to the audit log. Raises PermissionDenied, also for a decision (that is
    `decide_application`'s, after a vote), and WrongStateError, also when it is repeated.
    """
    application = lock_application(application)
    if not can_move(actor, application, to):
        raise PermissionDenied
    require_step(application, to)
    return move(application, to=to, actor=actor, mandate=mandate, after={"note": note})


def require_step(application: Application, to: str) -> None:
    """Raises WrongStateError unless the transition table allows `to` from here."""
    if to not in APPLICATION_TRANSITIONS[application.state]:
        raise WrongStateError(application)


def move(
    application: Application,
    *,
    to: str,
    actor: User,
    mandate: Mandate | None,
    after: dict[str, Any] | None = None,
    act: str = "",
    letter: str = "",
    request: InformationRequest | None = None,
) -> Application:
    """The end of every step: row, audit entry, letters. For actions that hold the row's lock and
    have checked right and state. `letter` names another letter than the state's own.
    """
    before = application.state
    now = timezone.now()
    application.state, application.state_since = to, now
    if to == State.SUBMITTED:
        application.submitted_at = now
    if to in (State.ADMITTED, State.DECLINED) and before != State.CHARTER_SIGNED:
        application.decided_at = now
    application.search_text = application.searchable()
    application.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act or APPLICATION_ACTS[to],
        thing=application,
        before={"state": before},
        after={"state": to, **{k: v for k, v in (after or {}).items() if v}},
    )
    if application.submitted_at:  # of a draft that was dropped, nobody is told
        defer_letters(application, letter=letter or to, request=request)
    return application


@transaction.atomic
def start_review(*, application: Application, actor: User, mandate: Mandate | None) -> Application:
    """Begin the review, or take it up again after a deferral or a negative recommendation.

    Raises PermissionDenied, WrongStateError.
    """
    if application.state == State.INFORMATION_REQUESTED:
        return resume_review(application=application, actor=actor, mandate=mandate)
    return change_state(
        application=application, to=State.UNDER_REVIEW, actor=actor, mandate=mandate
    )


@transaction.atomic
def request_information(
    *,
    application: Application,
    question: str,
    items: Sequence[tuple[str, str]] = (),
    due_on: date | None = None,
    actor: User,
    mandate: Mandate | None,
) -> InformationRequest:
    """Ask the applicant. `items`: parts of the application by name, and what of each; `due_on`:
    the last day for the answer, as the network has days. Raises PermissionDenied, WrongStateError.
    """
    application = _lock_for_review(application, actor, State.INFORMATION_REQUESTED)
    keep_first_revision(application)
    request = InformationRequest.objects.create(
        application=application, asked_by=actor, question=question, due_on=due_on
    )
    RequestedItem.objects.bulk_create(
        RequestedItem(request=request, position=position, about=about, question=asked)
        for position, (about, asked) in enumerate(items)
    )
    move(
        application,
        to=State.INFORMATION_REQUESTED,
        actor=actor,
        mandate=mandate,
        after={
            "question": question,
            "due_on": due_on.isoformat() if due_on else "",
            "items": [about for about, _asked in items],
        },
        request=request,
    )
    return request


@transaction.atomic
def resume_review(*, application: Application, actor: User, mandate: Mandate | None) -> Application:
    """Go on without the answer that was asked for. Raises PermissionDenied, WrongStateError."""
    application = _lock_for_review(application, actor, State.UNDER_REVIEW)
    if application.state != State.INFORMATION_REQUESTED:
        raise WrongStateError(application)
    close_request(application, answer="")
    return move(
        application,
        to=State.UNDER_REVIEW,
        actor=actor,
        mandate=mandate,
        act="application.review_resumed",
        letter="review_resumed",
    )


def close_request(
    application: Application, *, answer: str, answers: Mapping[int, str] | None = None
) -> InformationRequest:
    """Write the answer into the open request, and `answers` into its items, by their numbers.

    For actions that hold the application's lock.
    """
    request = application.information_requests.select_for_update(no_key=True).get(answered_at=None)
    request.answer, request.answered_at = answer, timezone.now()
    request.save(update_fields=["answer", "answered_at"])
    for item in request.items.all():
        item.answer = (answers or {}).get(item.pk, "")
        item.save(update_fields=["answer"])
    return request


@transaction.atomic
def recommend_application(
    *,
    application: Application,
    favourable: bool,
    reasons: str,
    incomplete_because: str = "",
    proposed_class: str = "",
    class_reason: str = "",
    actor: User,
    mandate: Mandate | None,
) -> Application:
    """Close the review with the secretariat's opinion: every point of the checklist met, or a
    reason given. `proposed_class`: what the assembly is asked instead of the class that is sought,
    with the reason, which the applicant is told.

    Raises PermissionDenied, WrongStateError, IncompleteReviewError.
    """
    to = State.RECOMMENDED if favourable else State.NOT_RECOMMENDED
    application = _lock_for_review(application, actor, to)
    said = close_checklist(application, reason=incomplete_because, actor=actor)
    application.recommendation = reasons
    proposes = proposed_class not in ("", application.membership_class)
    application.proposed_class = MembershipClass(proposed_class) if proposes else ""
    application.proposed_class_reason = class_reason if proposes else ""
    said |= {"proposed_class": str(application.proposed_class)}
    said |= {"class_reason": application.proposed_class_reason}
    application = move(
        application, to=to, actor=actor, mandate=mandate, after={"reasons": reasons, **said}
    )
    if proposes:
        defer_letters(application, letter="class_proposed")
    return application


@transaction.atomic
def place_application_on_agenda(
    *, application: Application, actor: User, mandate: Mandate | None
) -> Application:
    """Hand the question to the assembly, which calls this when it makes the agenda item.

    Raises PermissionDenied, WrongStateError.
    """
    return change_state(application=application, to=State.ON_AGENDA, actor=actor, mandate=mandate)


@transaction.atomic
def decide_application(
    *,
    application: Application,
    to: str,
    actor: User,
    mandate: Mandate | None,
    explanation: dict[str, str],
    decision: str = "",
    membership_class: str = "",
) -> Application:
    """Write down what a vote decided: admitted, deferred or declined, and why, per language.
    `decision`: where it was, in words, for the history of the membership. `membership_class`: the
    one that was put to the vote, where it was kept with it.

    For the assembly's certification alone, inside its transaction: nobody decides by a click.
    Admission makes the institution and its candidate membership (`member_admitted`).
    Raises PermissionDenied, WrongStateError.
    """
    if to not in DECISIONS:
        raise ValueError(f"{to} is no decision")
    application = lock_application(application)
    if not can_decide(actor, application):
        raise PermissionDenied
    if application.state != State.ON_AGENDA:
        raise WrongStateError(application)
    application.decision = explanation
    terms = DecisionTerms.objects.of(application.pk) or DecisionTerms(application=application)
    terms.state, terms.explanation, terms.told_at = to, explanation, timezone.now()
    terms.save()
    if to == State.ADMITTED:
        application.admitted_class = membership_class or application.class_asked
        # Where the president has released it, the portal itself makes what follows from it.
        office: dict[str, Any] = {"actor": None, "mandate": None}
        if is_secretariat(actor):
            office = {"actor": actor, "mandate": mandate}
        institution = create_institution(
            names=application.institution_names,
            acronym=application.acronym,
            country=str(application.country.code or "") if application.country else "",
            kind=application.kind,
            website=application.website,
            **office,
        )
        membership = change_membership(
            institution=institution,
            membership_class=MembershipClass(application.admitted_class),
            state=MembershipState.CANDIDATE,
            since=network_today(),
            reason=in_language(explanation, first_language()).text,
            decision=decision,
            recorded_by=actor,
            **office,
        )
        application.institution = institution
        signals.member_admitted.send(Institution, institution=institution, membership=membership)
    return move(
        application,
        to=to,
        actor=actor,
        mandate=mandate,
        after={"explanation": explanation, "class": str(application.admitted_class)},
    )


@transaction.atomic
def let_admission_lapse(
    *, application: Application, reason: str, seen: str, actor: User, mandate: Mandate | None
) -> Application:
    """An admitted institution does not take its seat. `seen`: the state that the actor has read,
    for a signed charter may have come meanwhile. Raises PermissionDenied, WrongStateError.
    """
    application = _lock_for_review(application, actor, State.LAPSED)
    if application.state != seen:
        raise WrongStateError(application)
    return end(application, to=State.LAPSED, reason=reason, actor=actor, mandate=mandate)


def end(
    application: Application, *, to: str, reason: str, actor: User, mandate: Mandate | None
) -> Application:
    """Withdrawn, or lapsed: the end of the step, and of the candidacy where it was admitted. For
    actions that hold the application's lock and have checked right and state.
    """
    if application.institution is not None:  # its lock comes before the log's head
        end_candidacy(application.institution, reason=reason, actor=actor, mandate=mandate)
    application.ended_because = reason
    return move(application, to=to, actor=actor, mandate=mandate, after={"reason": reason})


@transaction.atomic
def activate_application(
    *, application: Application, actor: User, mandate: Mandate | None
) -> Application:
    """The signed charter was checked: from today a member, its contact the focal point.

    Sends `member_activated` and (by `start_mandate`) `mandate_started`. Raises PermissionDenied,
    WrongStateError, and AccountClosedError where the contact's is.
    """
    application = _lock_for_review(application, actor, State.ACTIVE)
    institution, contact = application.institution, application.contact
    if institution is None or contact is None:
        raise WrongStateError(application)
    # Before the log's head.
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    lock_account(contact)
    admitted = institution.memberships.current().first()
    with translation.override(first_language()):
        reason = _("The network has admitted it, and it has signed the charter.")
    membership = change_membership(
        institution=institution,
        membership_class=MembershipClass(
            application.admitted_class or application.membership_class
        ),
        state=MembershipState.ACTIVE,
        since=network_today(),
        reason=reason,
        decision=admitted.decision if admitted else "",
        actor=actor,
        mandate=mandate,
    )
    signals.member_activated.send(Institution, institution=institution, membership=membership)
    start_mandate(
        user=contact,
        institution=institution,
        capacity=Capacity.FOCAL_POINT,
        actor=actor,
        mandate=mandate,
    )
    return move(application, to=State.ACTIVE, actor=actor, mandate=mandate)


def _lock_for_review(application: Application, actor: User, to: str) -> Application:
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    require_step(application, to)
    return application
