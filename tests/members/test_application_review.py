"""What the secretariat and the assembly do: allowed, refused, repeated."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from members import signals
from members.actions import applicants
from members.actions import applications as actions
from members.actions.applications import WrongStateError
from members.enums import APPLICATION_TRANSITIONS, Capacity, MembershipState
from members.enums import ApplicationState as State
from members.models import Application, Institution, Mandate, User
from members.permissions.applications import DECISIONS
from members.tasks import TOLD_TO_SECRETARIAT
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast, make_user
from tests.members.applications import EXPLANATION, application_in, told


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact", language="ar")


Step = Callable[[Application, dict[str, Any]], object]
STEPS: dict[str, tuple[Step, str]] = {
    "start_review": (
        lambda a, by: actions.start_review(application=a, **by),
        State.UNDER_REVIEW,
    ),
    "request_information": (
        lambda a, by: actions.request_information(application=a, question="Which?", **by),
        State.INFORMATION_REQUESTED,
    ),
    "recommend": (
        lambda a, by: actions.recommend_application(
            application=a, favourable=True, reasons="Good.", incomplete_because="By post.", **by
        ),
        State.RECOMMENDED,
    ),
    "not_recommend": (
        lambda a, by: actions.recommend_application(
            application=a, favourable=False, reasons="Not yet.", incomplete_because="By post.", **by
        ),
        State.NOT_RECOMMENDED,
    ),
    "place": (
        lambda a, by: actions.place_application_on_agenda(application=a, **by),
        State.ON_AGENDA,
    ),
    "admit": (
        lambda a, by: actions.decide_application(
            application=a, to=State.ADMITTED, explanation=EXPLANATION, **by
        ),
        State.ADMITTED,
    ),
    "defer": (
        lambda a, by: actions.decide_application(
            application=a, to=State.DEFERRED, explanation=EXPLANATION, **by
        ),
        State.DEFERRED,
    ),
    "decline": (
        lambda a, by: actions.decide_application(
            application=a, to=State.DECLINED, explanation=EXPLANATION, **by
        ),
        State.DECLINED,
    ),
    "activate": (
        lambda a, by: actions.activate_application(application=a, **by),
        State.ACTIVE,
    ),
}


@pytest.mark.parametrize("state", [s for s in State if s != State.DRAFT])
def test_each_step_is_taken_where_the_table_allows_it_and_nowhere_else(
    cast: Cast, contact: User, state: State
) -> None:
    by = {"actor": cast.dina, "mandate": cast.dina_mandate}
    for name, (step, to) in STEPS.items():
        application = application_in(state, cast, contact)
        if application.submitted_at is None:  # withdrawn as a draft: not the secretariat's
            with pytest.raises(PermissionDenied):
                step(application, by)
            continue
        letters = len(told(application))
        again = (state, name) == (State.CHARTER_SIGNED, "admit")  # to be signed again: no decision
        if to not in APPLICATION_TRANSITIONS[state] or again:
            with pytest.raises(WrongStateError):
                step(application, by)
            assert len(told(application)) == letters, name
            continue
        step(application, by)
        application.refresh_from_db()
        assert application.state == to
        told_to = 2 if to in TOLD_TO_SECRETARIAT else 1
        assert len(told(application)) == letters + told_to, name
        entry = AuditEntry.objects.about(application)[0]
        assert entry.before == {"state": state}
        assert entry.after["state"] == to
        assert (entry.actor_id, entry.mandate_id) == (cast.dina.pk, cast.dina_mandate.pk)
        if to not in APPLICATION_TRANSITIONS[to] and (state, name) != (
            State.INFORMATION_REQUESTED,
            "start_review",
        ):
            with pytest.raises(WrongStateError):  # the double click
                step(application, by)
            assert len(told(application)) == letters + told_to, name
    assert verify_audit_log() is None


@pytest.mark.parametrize("name", list(STEPS))
@pytest.mark.parametrize("who", ["stranger", "contact"])
def test_only_the_secretariat_reviews(cast: Cast, contact: User, name: str, who: str) -> None:
    step, to = STEPS[name]
    state = next(s for s in State if to in APPLICATION_TRANSITIONS[s] and s != State.DRAFT)
    if (who, name) == ("contact", "start_review"):
        state = State.SUBMITTED
    application = application_in(state, cast, contact)
    by = (
        {"actor": cast.chloe, "mandate": cast.chloe_mandate}
        if who == "stranger"
        else {"actor": contact, "mandate": None}
    )
    with pytest.raises(PermissionDenied):
        step(application, by)
    application.refresh_from_db()
    assert application.state == state


@pytest.mark.parametrize("name", list(STEPS))
def test_nobody_reviews_their_own_application(cast: Cast, contact: User, name: str) -> None:
    """Conflict of interest: dina is of the secretariat and the contact of this one."""
    step, to = STEPS[name]
    state = next(s for s in State if to in APPLICATION_TRANSITIONS[s] and s != State.DRAFT)
    application = application_in(state, cast, contact)
    Application.objects.filter(pk=application.pk).update(contact=cast.dina)
    with pytest.raises(PermissionDenied):
        step(application, {"actor": cast.dina, "mandate": cast.dina_mandate})


def test_decision_is_nobodys_click(cast: Cast, contact: User) -> None:
    application = application_in(State.ON_AGENDA, cast, contact)
    for to in DECISIONS:
        with pytest.raises(PermissionDenied):
            actions.change_state(
                application=application, to=to, actor=cast.dina, mandate=cast.dina_mandate
            )
    with pytest.raises(ValueError, match="no decision"):
        actions.decide_application(
            application=application,
            to=State.ACTIVE,
            actor=cast.dina,
            mandate=cast.dina_mandate,
            explanation=EXPLANATION,
        )


def test_review_goes_on_without_the_answer(cast: Cast, contact: User) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    resumed = actions.start_review(
        application=application, actor=cast.dina, mandate=cast.dina_mandate
    )
    assert resumed.state == State.UNDER_REVIEW
    assert resumed.open_request is None
    assert told(application)[-1] == ("review_resumed", contact.pk)
    with pytest.raises(WrongStateError):
        applicants.answer_information_request(application=application, answer="x", actor=contact)
    actions.request_information(
        application=resumed, question="And now?", actor=cast.dina, mandate=cast.dina_mandate
    )


def test_admission_makes_a_candidate_and_announces_it(cast: Cast, contact: User) -> None:
    heard: list[tuple[Institution, str]] = []

    def hear(institution: Institution, membership: Any, **_: Any) -> None:
        heard.append((institution, membership.state))

    signals.member_admitted.connect(hear)
    try:
        application = application_in(State.ADMITTED, cast, contact)
    finally:
        signals.member_admitted.disconnect(hear)
    institution = application.institution
    assert institution is not None
    assert institution.names == application.institution_names
    assert str(institution.country) == "MX"
    assert heard == [(institution, MembershipState.CANDIDATE)]
    assert "معهد الشوون" in institution.search_text
    assert application.decision == EXPLANATION
    assert application.decided_at
    assert not Mandate.objects.filter(user=contact).exists()


def test_activation_seats_the_institution_and_its_focal_point(cast: Cast, contact: User) -> None:
    heard: list[str] = []

    def member(**_: Any) -> None:
        heard.append("member")

    def mandated(mandate: Mandate, **_: Any) -> None:
        assert Mandate.objects.running().filter(pk=mandate.pk).exists()
        heard.append("mandate")

    signals.member_activated.connect(member)
    signals.mandate_started.connect(mandated)
    try:
        application = application_in(State.ACTIVE, cast, contact)
    finally:
        signals.member_activated.disconnect(member)
        signals.mandate_started.disconnect(mandated)
    assert heard == ["member", "mandate"]
    institution = application.institution
    assert institution is not None
    current = institution.memberships.current().get()
    assert (current.state, current.membership_class) == (MembershipState.ACTIVE, "full")
    mandate = Mandate.objects.running().get(user=contact)
    assert (mandate.institution, mandate.capacity) == (institution, Capacity.FOCAL_POINT)
    assert institution in Institution.objects.in_directory()
    assert verify_audit_log() is None


def test_deferred_and_refused_applications_make_no_member(cast: Cast, contact: User) -> None:
    for state in (State.DEFERRED, State.DECLINED):
        assert application_in(state, cast, contact).institution is None


def test_deferred_application_comes_back_to_the_agenda(cast: Cast, contact: User) -> None:
    application = application_in(State.DEFERRED, cast, contact)
    actions.place_application_on_agenda(
        application=application, actor=cast.dina, mandate=cast.dina_mandate
    )
    admitted = actions.decide_application(
        application=application,
        to=State.ADMITTED,
        actor=cast.dina,
        mandate=cast.dina_mandate,
        explanation=EXPLANATION,
    )
    assert admitted.state == State.ADMITTED
