"""Invitations that open no more: what they were for is gone, or their sender may not invite."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.actions.application_places import make_contact
from members.actions.handovers import schedule_handover
from members.actions.invitations import (
    HandedOverError,
    InvitationClosedError,
    accept_invitation,
    accept_invitation_as_new,
    invite_to_apply,
    invite_to_delegation,
    resend_invitation,
)
from members.actions.mandates import reinstate_mandate, suspend_mandate
from members.actions.people import create_person, end_mandate
from members.actions.succession import hand_over_mandate
from members.enums import Capacity
from members.enums_applying import ApplicationPlace
from members.models import Application, Invitation, Mandate, User
from members.permissions import is_secretariat
from members.permissions.invitations import why_closed
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in

OVER = "ended in the meantime, or passed to somebody else"
OUT = "may not invite at present"
FORM = {"name": "New", "language": "en", "password1": PASSWORD, "password2": PASSWORD}


def invited(cast: Cast, email: str = "new@example.org", **fields: Any) -> Invitation:
    return invite_to_delegation(
        **{
            "institution": cast.kr,
            "email": email,
            "name": "New",
            "language": "en",
            "capacity": Capacity.DELEGATE,
            "actor": cast.amal,
            **fields,
        }
    )


def handing_over(cast: Cast, email: str = "new@example.org") -> Invitation:
    """Korea's head is to pass to this address; the secretariat sends it."""
    return invited(cast, email, capacity=Capacity.HEAD, succeeds=cast.amal_mandate, actor=cast.dina)


def accepted(invitation: Invitation) -> User:
    return accept_invitation_as_new(
        invitation=invitation,
        token=invitation.token,
        name="New",
        password=PASSWORD,
        language="en",
    )


def link(invitation: Invitation) -> str:
    return reverse("members:invitation", args=[invitation.token])


def told(client: Client, invitation: Invitation, words: str, **form: Any) -> bool:
    """Whether the page and what is posted to it both say that it is closed, and why."""
    shown, posted = client.get(link(invitation)), client.post(link(invitation), form or FORM)
    return all(
        answer.status_code == 410 and words in answer.content.decode() for answer in (shown, posted)
    )


# --- A mandate that is to be handed over ----------------------------------------------------------


def test_a_new_person_is_told_that_there_is_nothing_to_hand_over(cast: Cast) -> None:
    invitation = handing_over(cast)
    assert Client().get(link(invitation)).status_code == 200
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    assert told(Client(), invitation, OVER)
    assert not User.objects.filter(email="new@example.org").exists()
    with pytest.raises(InvitationClosedError):
        accepted(invitation)


def test_whoever_has_an_account_is_told_so_too_and_not_that_it_was_accepted(cast: Cast) -> None:
    invitation = handing_over(cast, cast.bilal.email)
    deputy = make_user("deputy")
    make_mandate(deputy, cast.kr, Capacity.ADVISER)
    hand_over_mandate(handing=cast.amal_mandate, to=deputy, actor=cast.dina)
    for client in (signed_in(cast.bilal), Client()):
        assert told(client, invitation, OVER)
    assert "accepted already" not in Client().get(link(invitation)).content.decode()
    with pytest.raises(InvitationClosedError):
        accept_invitation(invitation=invitation, token=invitation.token, actor=cast.bilal)


def test_two_are_invited_to_succeed_and_the_first_does(cast: Cast) -> None:
    first, second = handing_over(cast), handing_over(cast, "other@example.org")
    accepted(first)
    first.refresh_from_db()
    assert (why_closed(first), why_closed(second)) == ("accepted", "mandate_over")
    assert told(Client(), second, OVER)


def test_it_is_listed_as_closed_is_not_sent_again_and_another_may_be(cast: Cast) -> None:
    invitation = handing_over(cast)
    client = signed_in(cast.dina)
    page = reverse("members:delegation", args=[cast.kr.pk])
    resend = reverse("members:resend_invitation", args=[invitation.pk])
    assert resend in client.get(page).content.decode()
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    listed = client.get(page).content.decode()
    assert "the mandate it hands over has ended or passed on" in listed
    assert resend not in listed
    assert "has ended or passed on" in client.post(resend, follow=True).content.decode()
    with pytest.raises(HandedOverError):
        resend_invitation(invitation=invitation, actor=cast.dina)
    assert "badge--warning" in client.get("/en/").content.decode()
    answer = client.post(
        reverse("members:invite", args=[cast.kr.pk]),
        {"email": invitation.email, "name": "New", "language": "en", "capacity": "head"},
    )
    assert answer.status_code == 302
    again = Invitation.objects.exclude(pk=invitation.pk).get()
    assert why_closed(again) == ""
    assert accepted(again)


def test_the_list_costs_the_same_for_more(cast: Cast, django_assert_num_queries: Any) -> None:
    client, page = signed_in(cast.dina), reverse("members:delegation", args=[cast.kr.pk])
    handing_over(cast)
    invited(cast, "b@example.org")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    handing_over(cast, "c@example.org")
    for name in ("d", "e"):
        invited(cast, f"{name}@example.org", actor=cast.dina)
    with django_assert_num_queries(len(few)):
        client.get(page)


# --- A place in an application --------------------------------------------------------------------


def place(application: Application, email: str, actor: User | None, kind: str) -> Invitation:
    return invite_to_apply(
        application=application, email=email, name="N", language="en", place=kind, actor=actor
    )


@pytest.fixture
def application(cast: Cast) -> Application:
    return Application.objects.create(contact=make_user("contact"))


@pytest.mark.parametrize("kind", [ApplicationPlace.EDITOR, ApplicationPlace.CONTACT])
def test_a_place_that_its_inviter_may_give_no_more(
    cast: Cast, application: Application, kind: str
) -> None:
    contact = application.contact
    assert contact is not None
    ways = [place(application, who, contact, kind) for who in ("n@example.org", cast.bilal.email)]
    assert [why_closed(each) for each in ways] == ["", ""]
    make_contact(application, cast.chloe, actor=cast.chloe, by_contact=False)
    assert told(Client(), ways[0], OUT)
    assert told(signed_in(cast.bilal), ways[1], OUT)
    people = reverse("members:application_people", args=[application.pk])
    assert "The link does not open any more" in signed_in(cast.chloe).get(people).content.decode()


def test_an_application_that_has_its_contact(cast: Cast) -> None:
    application = Application.objects.create()
    sent = [place(application, who, None, "") for who in ("n@example.org", cast.bilal.email)]
    accepted(sent[0])
    assert told(signed_in(cast.bilal), sent[1], "Somebody else is the contact person")
    assert User.objects.get(email="n@example.org")


# --- What is closed for nobody else's reason ------------------------------------------------------


def test_an_address_that_got_an_account_meanwhile_is_led_to_sign_in(cast: Cast) -> None:
    invitation = invited(cast)
    client = Client()
    client.get(link(invitation))
    create_person(email="new@example.org", name="New", password=PASSWORD)
    assert client.get(link(invitation)).status_code == 200
    assert Mandate.objects.filter(user__email="new@example.org").count() == 0
    assert Invitation.objects.get().expires_at > timezone.now()


# --- Who stands for it ----------------------------------------------------------------------------


def test_a_head_who_was_ended_lets_nobody_in_any_more(cast: Cast) -> None:
    invitation, known = invited(cast), invited(cast, cast.bilal.email)
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    assert told(Client(), invitation, OUT)
    assert told(signed_in(cast.bilal), known, OUT)
    with pytest.raises(InvitationClosedError):
        accepted(invitation)
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_suspended_head_lets_nobody_in_until_reinstated(cast: Cast) -> None:
    invitation = invited(cast)
    suspend_mandate(suspending=cast.amal_mandate, reason="Called back.", actor=cast.dina)
    assert why_closed(invitation) == "inviter_out"
    reinstate_mandate(suspended=cast.amal_mandate, actor=cast.dina)
    assert why_closed(invitation) == ""
    assert accepted(invitation)


def test_sent_again_by_somebody_who_may_it_opens(cast: Cast) -> None:
    invitation = invited(cast)
    focal = make_user("focal")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    client = signed_in(focal)
    page = client.get(reverse("members:delegation", args=[cast.kr.pk])).content.decode()
    assert "who sent it may not invite at present" in page
    assert "The invitation does not open any more" in client.get("/en/").content.decode()
    client.post(reverse("members:resend_invitation", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert (invitation.invited_by, invitation.sent_again_by) == (cast.amal, focal)
    assert accepted(invitation)


def test_it_can_be_sent_anew_where_the_old_one_is_dead(cast: Cast) -> None:
    invitation = invited(cast)
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    again = invited(cast, actor=cast.dina)
    assert again.pk != invitation.pk
    assert invited(cast, actor=cast.dina) == again
    assert accepted(again)


def test_under_a_successor_it_goes_on_and_under_theirs(cast: Cast) -> None:
    invitation = invited(cast)
    deputy, third = make_user("deputy"), make_user("third")
    for user in (deputy, third):
        make_mandate(user, cast.kr, Capacity.ADVISER)
    first = hand_over_mandate(handing=cast.amal_mandate, to=deputy, actor=cast.dina)
    assert why_closed(invitation) == ""
    last = hand_over_mandate(handing=first, to=third, actor=cast.dina)
    assert why_closed(invitation) == ""
    end_mandate(ending=last, actor=cast.dina)
    assert why_closed(invitation) == "inviter_out"


def test_an_earlier_successor_does_not_stand_for_what_was_sent_later(cast: Cast) -> None:
    deputy = make_user("deputy")
    make_mandate(deputy, cast.kr, Capacity.ADVISER)
    hand_over_mandate(handing=cast.amal_mandate, to=deputy, actor=cast.dina)
    back = make_mandate(cast.amal, cast.kr, Capacity.FOCAL_POINT)
    invitation = invited(cast)
    end_mandate(ending=back, actor=cast.dina)
    assert why_closed(invitation) == "inviter_out"


def passed_on(cast: Cast, *, ending: list[Mandate]) -> None:
    """The presidency is Nigeria's from now on."""
    clerk = make_user("clerk")
    make_mandate(clerk, cast.ng, Capacity.DELEGATE)
    at = timezone.now() + timedelta(days=2)
    schedule_handover(
        institution=cast.ng,
        takes_effect_at=at,
        ending=ending,
        beginning=[clerk],
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


@pytest.mark.parametrize("ends", [True, False])
def test_the_offices_invitations_outlive_its_handover(cast: Cast, ends: bool) -> None:
    invitation = invited(cast, actor=cast.dina)
    own = invited(
        cast, "own@example.org", institution=cast.qa, capacity="secretariat", actor=cast.dina
    )
    passed_on(cast, ending=[cast.dina_mandate] if ends else [])
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert not is_secretariat(cast.dina)
        assert why_closed(invitation) == ""
        assert why_closed(own) == "inviter_out"  # a secretariat that is one no more
        assert accepted(invitation)


def test_who_was_dismissed_from_the_office_lets_nobody_in(cast: Cast) -> None:
    colleague = make_user("colleague")
    held = make_mandate(colleague, cast.qa, Capacity.SECRETARIAT)
    invitation = invited(cast, actor=colleague, capacity=Capacity.HEAD)
    end_mandate(ending=held, actor=cast.dina)
    assert told(Client(), invitation, OUT)
    resend_invitation(invitation=invitation, actor=cast.dina)
    assert accepted(Invitation.objects.get(pk=invitation.pk))


def test_what_the_portal_sent_needs_nobody(cast: Cast) -> None:
    assert why_closed(invited(cast, actor=None)) == ""
