"""An admission that comes to nothing: withdrawn by the applicant, or let lapse."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from members.actions import applicants
from members.actions import applications as review
from members.actions.applications import WrongStateError
from members.actions.charters import send_charter
from members.actions.erasure import erase_account
from members.emails import application_letter
from members.enums import ApplicationState as State
from members.enums import MembershipAct, MembershipState
from members.models import Application, Institution, Mandate, User
from members.permissions.memberships import acts_open
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import application_in, checked, told
from tests.members.test_grave_acts import done_after_the_proof
from tests.races import at_once

AFTER_ADMISSION = (State.ADMITTED, State.CHARTER_SIGNED)


@pytest.fixture
def contact(db: None) -> User:
    return make_user("contact")


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def url(name: str, application: Application) -> str:
    return reverse(f"members:{name}", args=[application.pk])


def is_over(application: Application, reason: str) -> bool:
    """Whether its institution is no candidate any more, and nobody is told that it ever was one."""
    institution = application.institution
    assert institution
    candidate, ended = institution.memberships.order_by("pk")
    assert (candidate.state, candidate.until) == (MembershipState.CANDIDATE, ended.since)
    assert (ended.state, ended.act, ended.reason) == (
        MembershipState.WITHDRAWN,
        MembershipAct.CANDIDACY_END,
        reason,
    )
    assert (ended.joined_on, acts_open(institution, ended)) == (None, [])
    public = reverse("members:institution", args=[institution.pk])
    assert not Institution.objects.public().filter(pk=institution.pk).exists()
    assert Client().get(public).status_code == 404
    return ended.until is None


@pytest.mark.parametrize("state", AFTER_ADMISSION)
def test_the_applicant_gives_up_the_seat(cast: Cast, contact: User, state: State) -> None:
    application = application_in(state, cast, contact)
    letters = len(told(application))
    withdrawn = applicants.withdraw_application(
        application=application, reason="The ministry says no.", actor=contact
    )
    assert withdrawn.state == State.WITHDRAWN
    assert is_over(withdrawn, "The ministry says no.")
    assert told(application)[letters:] == [
        ("withdrawn", contact.pk),
        ("secretariat_withdrawn", cast.dina.pk),
    ]
    letter = application_letter("secretariat_withdrawn", withdrawn, cast.dina)
    assert letter.quote == "The ministry says no."
    with pytest.raises(WrongStateError):
        applicants.withdraw_application(application=application, actor=contact)
    with pytest.raises(WrongStateError):
        review.activate_application(application=application, **by(cast))
    with pytest.raises(WrongStateError):
        send_charter(application=application, upload=checked(), **by(cast))
    erase_account(actor=contact)
    assert verify_audit_log() is None


@pytest.mark.parametrize("state", AFTER_ADMISSION)
def test_the_secretariat_lets_it_lapse(cast: Cast, contact: User, state: State) -> None:
    application = application_in(state, cast, contact)
    lapse: dict[str, Any] = {"application": application, "reason": "No answer.", "seen": state}
    letters = len(told(application))
    for actor in (contact, cast.amal):
        with pytest.raises(PermissionDenied):
            review.let_admission_lapse(**lapse, actor=actor, mandate=None)
    lapsed = review.let_admission_lapse(**lapse, **by(cast))
    assert (lapsed.state, lapsed.is_closed) == (State.LAPSED, True)
    assert is_over(lapsed, "No answer.")
    assert told(application)[letters:] == [("lapsed", contact.pk)]
    assert application_letter("lapsed", lapsed, contact).quote == "No answer."
    entry = AuditEntry.objects.about(application)[0]
    assert (entry.act, entry.after["reason"]) == ("application.lapsed", "No answer.")
    with pytest.raises(WrongStateError):
        review.let_admission_lapse(**lapse, **by(cast))
    page = signed_in(contact).get(url("application", application)).content.decode()
    assert "Why the admission has lapsed" in page
    assert "No answer." in page
    assert "Admission lapsed" in page  # in what has happened
    erase_account(actor=contact)


@pytest.mark.parametrize("state", list(State))
def test_only_an_admission_lapses(cast: Cast, contact: User, state: State) -> None:
    application = application_in(state, cast, contact)
    if state in AFTER_ADMISSION:
        return
    refused = PermissionDenied if application.submitted_at is None else WrongStateError
    with pytest.raises(refused):
        review.let_admission_lapse(
            application=application, reason="No answer.", seen=state, **by(cast)
        )


def test_a_charter_that_came_meanwhile_is_not_overlooked(cast: Cast, contact: User) -> None:
    application = application_in(State.CHARTER_SIGNED, cast, contact)
    with pytest.raises(WrongStateError):
        review.let_admission_lapse(
            application=application, reason="No charter.", seen=State.ADMITTED, **by(cast)
        )
    page = signed_in(cast.dina).post(
        url("let_admission_lapse", application), {"reason": "No charter.", "seen": "admitted"}
    )
    assert page.status_code == 409
    assert "No charter." in page.content.decode()  # to be copied


def test_over_http_after_a_proof(cast: Cast, contact: User) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    page = url("let_admission_lapse", application)
    assert signed_in(contact).get(page).status_code == 403
    assert signed_in(cast.amal).get(page).status_code == 404
    client = signed_in(cast.dina)
    assert client.get(page).status_code == 200
    assert client.post(page, {"seen": "admitted"}).status_code == 422
    typed = {"seen": "admitted", "reason": "No answer."}
    stands = lambda: Application.objects.get(pk=application.pk).state  # noqa: E731
    done_after_the_proof(cast.dina, page, typed, stands)
    assert stands() == State.LAPSED
    assert client.get(page).status_code == 409
    assert client.post(page, typed).status_code == 409
    other = application_in(State.ADMITTED, cast, contact)
    page = url("withdraw_application", other)
    assert "It gives up the seat" in signed_in(contact).get(page).content.decode()
    stands = lambda: Application.objects.get(pk=other.pk).ended_because  # noqa: E731
    done_after_the_proof(contact, page, {"reason": "No money."}, stands)
    assert stands() == "No money."


@pytest.mark.django_db(transaction=True)
def test_activation_withdrawal_and_lapse_at_once(transactional_db: None) -> None:
    """One wins, the others are told, nothing is half done."""
    cast = Cast()
    for number in range(3):
        contact = make_user(f"contact{number}")
        signed = application_in(State.CHARTER_SIGNED, cast, contact)
        by_dina: dict[str, Any] = {"application": signed, **by(cast)}
        ends = at_once(
            lambda by_dina=by_dina: review.activate_application(**by_dina),
            lambda by_dina=by_dina: review.let_admission_lapse(
                reason="No answer.", seen=State.CHARTER_SIGNED, **by_dina
            ),
            lambda a=signed, c=contact: applicants.withdraw_application(application=a, actor=c),
        )
        assert ends == ["done", "wrong_state", "wrong_state"]
        signed.refresh_from_db()
        assert signed.institution
        became = signed.institution.memberships.current().get().state
        is_active = signed.state == State.ACTIVE
        assert became == (MembershipState.ACTIVE if is_active else MembershipState.WITHDRAWN)
        assert Mandate.objects.filter(user=contact).exists() == is_active
    assert verify_audit_log() is None
