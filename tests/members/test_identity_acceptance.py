"""An invitation accepted through the institution's own provider, and who signed up so proving again
who they are.
"""

import time
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions.invitations import (
    invite_to_delegation,
    resend_invitation,
    revoke_invitation,
)
from members.actions.people import create_person
from members.enums import Capacity
from members.http import PROVED_KEY
from members.models import IdentityProvider, Institution, Invitation, Mandate, User
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import PASSWORD, Cast
from tests.identity_provider import Provider
from tests.members.test_identity_sign_in import (
    bound,
    korea,
    provider,
    text,
    this_machine,
    way_on,
)
from tests.portal.test_accounts import is_signed_in

__all__ = ["korea", "provider", "this_machine"]  # fixtures
EMAIL = "new@kr.example"


def invite(cast: Cast, institution: Institution | None = None) -> Invitation:
    return invite_to_delegation(
        institution=institution or cast.kr,
        email=EMAIL,
        name="New Delegate",
        language="fr",
        capacity=Capacity.DELEGATE,
        actor=cast.dina,
    )


@pytest.fixture
def invited(cast: Cast, korea: IdentityProvider, provider: Provider) -> Invitation:
    provider.say("new", email="New@KR.example", email_verified=True, name="Another Name")
    return invite(cast)


def page(invitation: Invitation) -> str:
    return reverse("members:invitation", args=[invitation.token])


def go(client: Client, invitation: Invitation) -> str:
    """By the button; where the provider is."""
    return way_on(client.post(f"{page(invitation)}institution/"))


def back(client: Client, provider: Provider, url: str, subject: str = "new") -> HttpResponse:
    there = urlsplit(provider.sign_in(url, subject))
    return client.get(f"{there.path}?{there.query}")


def test_the_way_back_makes_the_account_and_accepts(
    invited: Invitation, provider: Provider
) -> None:
    client = Client()
    shown = text(client.get(page(invited)))
    assert "Accept with the sign-in of" in shown
    url = go(client, invited)
    asked = parse_qs(urlsplit(url).query)
    assert set(asked) >= {"state", "nonce", "code_challenge"}
    assert invited.token not in url + str(dict(client.session.items()))
    answer = back(client, provider, url)
    assert (answer.status_code, answer["Location"]) == (302, "/fr/")
    user = User.objects.get(email=EMAIL)
    assert (user.name, user.language, user.has_usable_password()) == ("New Delegate", "fr", False)
    assert client.session["_auth_user_id"] == str(user.pk)
    mandate = Mandate.objects.get(user=user)
    assert (mandate.institution, mandate.capacity) == (invited.institution, Capacity.DELEGATE)
    assert AuditEntry.objects.get(act="invitation.accepted").actor_id == user.pk
    again = Client().get(page(invited))
    assert (again.status_code, "accepted already" in text(again)) == (410, True)
    # From now on they sign in by it.
    other = Client()
    there = other.post("/en/accounts/institution/", {"email": EMAIL})
    assert back(other, provider, way_on(there)).status_code == 302
    assert is_signed_in(other)


def test_another_address_makes_no_account(invited: Invitation, provider: Provider) -> None:
    provider.say("else", email="else@kr.example", email_verified=True)
    client = Client()
    answer = back(client, provider, go(client, invited), "else")
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "another e-mail address than the one that is meant" in text(answer)
    assert page(invited) in text(answer)  # to begin again
    provider.say("new", email=EMAIL, email_verified=False)
    unproved = back(client, provider, go(client, invited))
    assert "did not confirm" in text(unproved)
    assert not User.objects.filter(email__endswith="kr.example").exists()
    assert Invitation.objects.get().closed_because == ""


def test_what_closes_meanwhile_is_told(cast: Cast, invited: Invitation, provider: Provider) -> None:
    client, url = Client(), ""
    for words, status, close in (
        ("has expired", 410, lambda: expire(invited)),
        ("There is no such invitation", 404, lambda: resend(cast, invited)),
        ("was called back", 410, lambda: revoke_invitation(invitation=invited, actor=cast.dina)),
    ):
        resend(cast, invited)
        invited.refresh_from_db()
        url = go(client, invited)
        close()
        answer = back(client, provider, url)
        assert (answer.status_code, words in text(answer)) == (status, True)
    invited.refresh_from_db()
    assert client.post(f"{page(invited)}institution/")["Location"] == page(invited)
    assert not is_signed_in(client)
    assert not User.objects.filter(email=EMAIL).exists()


def expire(invitation: Invitation) -> None:
    now = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=now - timedelta(seconds=1))


def resend(cast: Cast, invitation: Invitation) -> None:
    resend_invitation(invitation=invitation, actor=cast.dina)


def test_it_is_offered_where_the_address_is_the_institutions_own(
    cast: Cast, korea: IdentityProvider, provider: Provider
) -> None:
    elsewhere = invite(cast, cast.ng)
    bound(cast, provider, cast.ng, ["ng.example"])
    client = Client()
    assert "Accept with the sign-in" not in text(client.get(page(elsewhere)))
    assert client.post(f"{page(elsewhere)}institution/")["Location"] == page(elsewhere)
    own = invite(cast)
    IdentityProvider.objects.update(is_on=False)
    assert "Accept with the sign-in" not in text(client.get(page(own)))
    IdentityProvider.objects.update(is_on=True)
    create_person(email=EMAIL, name="Known", password=PASSWORD)
    shown = text(client.get(page(own)))  # signs in through it, then accepts with one click
    assert f"/en/accounts/institution/{cast.kr.pk}/?next={page(own)}" in shown
    assert client.post(f"{page(own)}institution/")["Location"] == page(own)


def test_an_account_made_meanwhile_signs_in_and_accepts(
    invited: Invitation, provider: Provider
) -> None:
    client = Client()
    url = go(client, invited)
    create_person(email=EMAIL, name="Known", password=PASSWORD)
    assert back(client, provider, url)["Location"] == page(invited)
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_come_back_at_once_one_comes_in(
    invited: Invitation, provider: Provider
) -> None:
    ways = []
    for number in range(50):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        there = urlsplit(provider.sign_in(go(client, invited), "new"))
        ways.append((client, f"{there.path}?{there.query}"))
    start, answers, errors = Barrier(len(ways)), list[tuple[int, bool]](), list[Exception]()

    def come(client: Client, url: str) -> None:
        try:
            start.wait(30)
            answer = client.get(url)
            answers.append((answer.status_code, "accepted already" in text(answer)))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=come, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(answers) == [(302, False)] + [(410, True)] * 49
    assert Mandate.objects.get(user__email=EMAIL).institution == invited.institution
    assert AuditEntry.objects.filter(act="invitation.accepted").count() == 1
    assert verify_audit_log() is None


# --- Without a password afterwards ----------------------------------------------------------------
def later(client: Client) -> None:
    """Their sign-in is ten minutes old."""
    session = client.session
    session["account_authentication_methods"][-1]["at"] = time.time() - 600
    session.save()


def forget_proof(client: Client) -> None:
    session = client.session
    session[PROVED_KEY] -= 600
    session.save()


def test_a_grave_act_asks_the_provider_again(invited: Invitation, provider: Provider) -> None:
    provider.say("else", email="else@kr.example", email_verified=True)
    client = Client()
    back(client, provider, go(client, invited))
    user, act = User.objects.get(email=EMAIL), "/en/accounts/password/set/"
    assert client.get(act).status_code == 200  # just signed in
    later(client)
    confirm = "/en/accounts/institution/confirmation/"
    assert client.get(act)["Location"] == f"{confirm}?{urlencode({'next': act})}"
    shown = client.get(f"{confirm}?next={act}")
    assert "Is it you? Sign in once more" in text(shown)
    url = way_on(client.post(confirm, {"next": act}))
    assert parse_qs(urlsplit(url).query)["prompt"] == ["login"]
    refused = back(client, provider, url, "else")
    assert refused.status_code == 403
    assert client.get(act).status_code == 302
    url = way_on(client.post(confirm, {"next": act}))
    assert back(client, provider, url)["Location"] == act
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(act).status_code == 200
    forget_proof(client)
    IdentityProvider.objects.update(is_on=False)
    assert client.get(act)["Location"].startswith("/en/accounts/password/reset/")
    client.post("/en/accounts/password/reset/", {"email": EMAIL})
    assert EMAIL in mail.outbox[-1].to
