"""Who is let in through an institution's own provider, by a real one."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from members.actions.identity_providers import settle_identity_provider
from members.actions.people import create_person
from members.enums import Capacity
from members.models import IdentityProvider, Invitation, Mandate, User
from tests.factories import PASSWORD, Cast, make_mandate
from tests.identity_provider import Provider, running_provider
from tests.portal.test_accounts import forget_limits, is_signed_in, without_tokens

ADDRESS = "/en/accounts/institution/"
SEEN = {"email": "amal@kr.example", "email_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def this_machine(settings: Any) -> None:
    settings.DEBUG = True  # the provider is on it
    forget_limits(settings)


@pytest.fixture
def amal(cast: Cast) -> User:
    """Heads the delegation of Korea, with an address of its own."""
    amal = create_person(email="amal@kr.example", name="Amal", password=PASSWORD, language="fr")
    make_mandate(amal, cast.kr)
    return amal


@pytest.fixture
def korea(cast: Cast, provider: Provider) -> IdentityProvider:
    return bound(cast, provider, cast.kr, ["kr.example"])


def bound(cast: Cast, provider: Provider, institution: Any, domains: list[str]) -> IdentityProvider:
    callback = f"http://testserver/accounts/oidc/{institution.pk}/callback/"
    return settle_identity_provider(
        institution=institution,
        issuer=provider.issuer,
        domains=domains,
        is_on=True,
        version=0,
        actor=cast.dina,
        mandate=cast.dina_mandate,
        **provider.register(callback),
    )


def way_on(answer: HttpResponse) -> str:
    """Where the page sends people."""
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found
    return unescape(found[1])


def come_back(
    client: Client, provider: Provider, subject: str = "one", *, language: str = "en", **form: str
) -> HttpResponse:
    """By the address, to the provider and back."""
    there = client.post(f"/{language}/accounts/institution/", {"email": "who@kr.example", **form})
    back = urlsplit(provider.sign_in(way_on(there), subject))
    return client.get(f"{back.path}?{back.query}")


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


# --- Let in ---------------------------------------------------------------------------------------
def test_a_delegate_is_signed_in_as_by_password(
    cast: Cast, amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", email="Amal@KR.example", email_verified=True, name="Another Name")
    client = Client()
    there = client.post(ADDRESS, {"email": "amal@kr.example"})
    asked = parse_qs(urlsplit(way_on(there)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked) >= {"state", "nonce", "code_challenge"}
    assert asked["redirect_uri"] == [f"http://testserver/accounts/oidc/{cast.kr.pk}/callback/"]
    assert "login_hint" not in asked
    assert korea.client_secret not in way_on(there)
    answer = come_back(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, "/fr/")
    assert client.session["_auth_user_id"] == str(amal.pk)
    assert client.get("/fr/accounts/sessions/").status_code == 200
    amal.refresh_from_db()
    assert (amal.name, amal.known_browsers.count()) == ("Amal", 1)
    for table in (SocialAccount, SocialApp, SocialToken):  # allauth's own stay empty
        assert table.objects.count() == 0


def test_one_comes_to_the_page_that_was_asked_for(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", **SEEN)
    answer = come_back(Client(), provider, next="/fr/members/")
    assert answer["Location"] == "/fr/members/"
    elsewhere = come_back(Client(), provider, next="https://evil.example/")
    assert elsewhere["Location"] == "/fr/"


def test_the_institutions_own_link_leads_there(
    cast: Cast, amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", **SEEN)
    client = Client()
    link = f"/ar/accounts/institution/{cast.kr.pk}/"
    assert client.get(link).status_code == 200
    back = urlsplit(provider.sign_in(way_on(client.post(link)), "one"))
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/fr/"
    assert client.get(f"/en/accounts/institution/{cast.ng.pk}/").status_code == 404


def test_the_second_factor_is_asked_for_here(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    Authenticator.objects.create(user=amal, type="totp", data={"secret": "x" * 32})
    provider.say("one", **SEEN)
    client = Client()
    assert come_back(client, provider)["Location"] == "/en/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    kept = str(dict(client.session.items()))
    assert amal.password not in kept
    assert "token" not in kept
    IdentityProvider.objects.update(is_on=False)
    assert client.get("/en/accounts/2fa/authenticate/").status_code == 200


def test_an_open_invitation_to_the_institution_lets_in_too(
    cast: Cast, korea: IdentityProvider, provider: Provider
) -> None:
    person = create_person(email="new@kr.example", name="New", password=PASSWORD)
    provider.say("new", email="new@kr.example", email_verified=True)
    client = Client()
    assert come_back(client, provider, "new").status_code == 403
    invited = Invitation(
        email=person.email, institution=cast.kr, capacity=Capacity.DELEGATE, language="en"
    )
    invited.renew()
    invited.save()
    assert come_back(client, provider, "new").status_code == 302
    assert is_signed_in(client)


# --- Kept out -------------------------------------------------------------------------------------
def test_known_and_unknown_addresses_are_answered_alike(
    cast: Cast, amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    """Nobody, one who sat there once, and one who sits elsewhere: the same page."""
    create_person(email="elsewhere@kr.example", name="Else", password=PASSWORD)
    make_mandate(User.objects.get(email="elsewhere@kr.example"), cast.ng)
    left = create_person(email="left@kr.example", name="Left", password=PASSWORD)
    Mandate.objects.filter(pk=make_mandate(left, cast.kr).pk).update(ends_at=timezone.now())
    gone = create_person(email="gone@kr.example", name="Gone", password=PASSWORD)
    make_mandate(gone, cast.kr)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    pages = set()
    for name in ("nobody", "elsewhere", "left", "gone"):
        provider.say(name, email=f"{name}@kr.example", email_verified=True)
        client = Client()
        answer = come_back(client, provider, name)
        assert (answer.status_code, is_signed_in(client)) == (403, False)
        pages.add(without_tokens(answer))
    assert len(pages) == 1
    assert User.objects.filter(email="nobody@kr.example").count() == 0


UNPROVED, ELSEWHERE = "did not confirm", "not of its own domains"


def test_what_the_provider_may_not_say_is_refused(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    for words, claims in (
        (UNPROVED, {"email": "amal@kr.example", "email_verified": False}),
        (UNPROVED, {"email": "amal@kr.example"}),
        (UNPROVED, {"email": "amal@kr.example", "email_verified": "true"}),
        (UNPROVED, {"email": ["amal@kr.example"], "email_verified": True}),
        (UNPROVED, {"email_verified": True}),
        (ELSEWHERE, {"email": "dina@example.org", "email_verified": True}),
        (ELSEWHERE, {"email": "x@ng.example@kr.example.evil", "email_verified": True}),
    ):
        provider.say("one", **claims)
        client = Client()
        answer = come_back(client, provider)
        assert (answer.status_code, is_signed_in(client)) == (403, False)
        assert words in text(answer)


def test_another_institutions_provider_says_nothing_of_others(
    cast: Cast, amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    """Nigeria's own provider names Korea's head."""
    bound(cast, provider, cast.ng, ["ng.example"])
    provider.say("one", **SEEN)
    client = Client()
    there = client.post(ADDRESS, {"email": "bilal@ng.example"})
    back = urlsplit(provider.sign_in(way_on(there), "one"))
    answer = client.get(f"{back.path}?{back.query}")
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    # Nor is what began with one provider ended at the way back from another.
    there = client.post(ADDRESS, {"email": "bilal@ng.example"})
    back = urlsplit(provider.sign_in(way_on(there), "one"))
    swapped = back.path.replace(f"/{cast.ng.pk}/", f"/{cast.kr.pk}/")
    answer = client.get(f"{swapped}?{back.query}")
    assert (answer.status_code, is_signed_in(client)) == (403, False)


def test_a_way_back_counts_once_and_in_one_browser(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", **SEEN)
    client = Client()
    there = client.post(ADDRESS, {"email": "amal@kr.example"})
    back = urlsplit(provider.sign_in(way_on(there), "one"))
    thief = Client()
    assert thief.get(f"{back.path}?{back.query}").status_code == 403
    assert not is_signed_in(thief)
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 403


def test_what_goes_wrong_is_told_in_the_readers_language(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", **SEEN)
    client = Client()
    there = client.post("/fr/accounts/institution/", {"email": "amal@kr.example"})
    asked = parse_qs(urlsplit(way_on(there)).query)
    back = urlsplit(provider.sign_in(way_on(there), "one", action="deny"))
    # This provider forgets the state, which the standard has it send back here as well.
    cancelled = client.get(f"{back.path}?{back.query}&state={asked['state'][0]}")
    assert (cancelled.status_code, cancelled["Content-Language"]) == (200, "fr")
    assert not is_signed_in(client)
    korea.client_secret = "not the one"
    korea.save()
    failed = come_back(client, provider, language="fr")
    assert (failed.status_code, failed["Content-Language"]) == (502, "fr")


def test_a_nonce_of_another_sign_in_is_refused(
    amal: User, korea: IdentityProvider, provider: Provider
) -> None:
    provider.say("one", **SEEN)
    client = Client()
    url = way_on(client.post(ADDRESS, {"email": "amal@kr.example"}))
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    back = urlsplit(provider.sign_in(url.replace(nonce, "of-another"), "one"))
    assert "was not begun in this browser" in text(client.get(f"{back.path}?{back.query}"))
    assert not is_signed_in(client)


def test_a_provider_that_is_off_or_away_lets_nobody_in(
    cast: Cast, amal: User, korea: IdentityProvider, provider: Provider, settings: Any
) -> None:
    client = Client()
    IdentityProvider.objects.update(issuer="http://127.0.0.1:9")
    assert client.post(ADDRESS, {"email": "amal@kr.example"}).status_code == 502
    IdentityProvider.objects.update(issuer=provider.issuer)
    settings.DEBUG = False  # then nothing on this machine is asked
    assert client.post(ADDRESS, {"email": "amal@kr.example"}).status_code == 502
    settings.DEBUG = True
    provider.say("one", **SEEN)
    url = way_on(client.post(ADDRESS, {"email": "amal@kr.example"}))
    IdentityProvider.objects.update(is_on=False)
    back = urlsplit(provider.sign_in(url, "one"))
    assert client.get(f"{back.path}?{back.query}").status_code == 404
    assert client.post(ADDRESS, {"email": "amal@kr.example"}).status_code == 422
    assert not is_signed_in(client)


def test_the_sign_in_page_names_it_where_there_is_one(cast: Cast, korea: IdentityProvider) -> None:
    client = Client()
    way = 'href="/en/accounts/institution/?next=/en/rooms/"'
    page = client.get("/en/accounts/login/?next=/en/rooms/").content.decode()
    assert way in page
    IdentityProvider.objects.update(is_on=False)
    assert "/accounts/institution/" not in client.get("/en/accounts/login/").content.decode()


@pytest.mark.usefixtures("one_moment")
def test_it_is_asked_so_often_and_no_more(cast: Cast) -> None:
    answers = [Client().post(ADDRESS, {"email": "a@b.example"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


def test_pages_of_allauth_for_accounts_of_others_are_not_there(db: None) -> None:
    for path in ("3rdparty/", "3rdparty/signup/", "social/signup/", "oidc/1/login/"):
        assert Client().get(f"/en/accounts/{path}").status_code == 404
