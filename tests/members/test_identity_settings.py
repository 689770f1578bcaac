"""The page on which the secretariat settles an institution's own sign-in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from members.actions.identity_providers import (
    DomainTakenError,
    ProviderChangedError,
    settle_identity_provider,
)
from members.audit import described
from members.models import IdentityDomain, IdentityProvider
from members.sealing import SealBrokenError
from records.models import AuditEntry
from tests.factories import Cast, signed_in
from tests.identity_provider import Provider, running_provider
from tests.races import at_once

SECRET = "the secret of the client"
TYPED = {
    "issuer": "https://login.kr.example",
    "client_id": "majlis",
    "client_secret": SECRET,
    "domains": "KR.example\n@mofa.kr.example",
    "is_on": "on",
    "version": "0",
}


def page_of(cast: Cast) -> str:
    return f"/en/members/{cast.kr.pk}/sign-in/"


def settle(cast: Cast, **said: Any) -> IdentityProvider:
    return settle_identity_provider(
        **{
            "institution": cast.kr,
            "issuer": "https://login.kr.example",
            "client_id": "majlis",
            "client_secret": SECRET,
            "domains": ["kr.example"],
            "is_on": True,
            "version": 0,
            "actor": cast.dina,
            "mandate": cast.dina_mandate,
            **said,
        }
    )


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act="institution.sign_in_settled").order_by("number"))


def test_the_secretariat_settles_it_once(cast: Cast) -> None:
    client = signed_in(cast.dina)
    assert client.get(page_of(cast)).status_code == 200
    assert client.post(page_of(cast), TYPED).status_code == 302
    kept = IdentityProvider.objects.get()
    assert (kept.issuer, kept.client_id, kept.is_on, kept.version) == (
        "https://login.kr.example", "majlis", True, 1,
    )  # fmt: skip
    assert kept.domain_names == ["kr.example", "mofa.kr.example"]
    assert kept.client_secret == SECRET
    again = client.post(page_of(cast), {**TYPED, "client_secret": "", "version": "1"})
    assert again.status_code == 302
    assert IdentityProvider.objects.get().version == 1
    (entry,) = entries()
    assert entry.after == {
        "issuer": "https://login.kr.example",
        "client_id": "majlis",
        "email_domains": ["kr.example", "mofa.kr.example"],
        "is_on": True,
        "secret_changed": True,
    }
    (told,) = described([entry])
    assert {str(change.name): change.after for change in told.changes} == {
        "provider": "https://login.kr.example",
        "client ID": "majlis",
        "e-mail domains": "kr.example, mofa.kr.example",
        "in use": "yes",
        "client secret changed": "yes",
    }


def test_the_secret_is_kept_sealed_and_never_shown(cast: Cast, settings: Any) -> None:
    settle(cast)
    kept = IdentityProvider.objects.get()
    assert SECRET not in kept.sealed_secret
    page = signed_in(cast.dina).get(page_of(cast)).content.decode()
    assert SECRET not in page
    assert kept.sealed_secret not in page
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert kept.client_secret == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SealBrokenError):
        _ = kept.client_secret
    assert SECRET not in str([(e.before, e.after) for e in AuditEntry.objects.all()])


@pytest.mark.parametrize("who", ["amal", "bilal", "chloe"])
def test_nobody_else_settles_it(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    client = signed_in(user)
    assert client.get(page_of(cast)).status_code == 404
    assert client.post(page_of(cast), TYPED).status_code == 404
    assert client.post(f"{page_of(cast)}check/").status_code == 404
    with pytest.raises(PermissionDenied):
        settle(cast, actor=user, mandate=None)
    assert not IdentityProvider.objects.exists()


def test_the_password_is_asked_for_before_the_form_and_no_secret_waits_for_it(cast: Cast) -> None:
    client = signed_in(cast.dina, proved=False)
    asked = client.post(page_of(cast), TYPED)  # not without the form
    assert asked["Location"].startswith("/en/accounts/reauthenticate/")
    assert SECRET not in str(dict(client.session.items()))
    done = client.post(asked["Location"], {"password": "correct horse battery staple"})
    assert (done.status_code, done["Location"]) == (302, page_of(cast))
    assert client.get(page_of(cast)).status_code == 200
    assert not IdentityProvider.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
        late = client.post(page_of(cast), TYPED)
        assert late["Location"].startswith("/en/accounts/reauthenticate/")
        assert SECRET not in str(dict(client.session.items()))
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=True):
        assert client.post(page_of(cast), TYPED)["Location"] == page_of(cast)
    assert IdentityProvider.objects.get().client_secret == SECRET


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"issuer": "http://login.kr.example"}, "issuer"),
        ({"issuer": "https://10.0.0.1"}, "issuer"),
        ({"issuer": "https://login.kr.example?x=1"}, "issuer"),
        ({"client_secret": ""}, "client_secret"),
        ({"domains": ""}, "domains"),
        ({"domains": "kr"}, "domains"),
        ({"domains": "kr.example/x"}, "domains"),
        ({"domains": " ".join(f"d{n}.example" for n in range(21))}, "domains"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    cast: Cast, typed: dict[str, str], field: str
) -> None:
    answer = signed_in(cast.dina).post(page_of(cast), {**TYPED, **typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert SECRET not in answer.content.decode()
    assert not IdentityProvider.objects.exists()


def test_a_domain_is_of_one_institution(cast: Cast) -> None:
    settle(cast, institution=cast.ng, domains=["kr.example"])
    answer = signed_in(cast.dina).post(page_of(cast), TYPED)
    assert answer.status_code == 422
    assert "Bound to another institution already: kr.example" in answer.content.decode()
    with pytest.raises(DomainTakenError):
        settle(cast)
    settle(cast, institution=cast.ng, domains=["ng.example"], version=1)
    assert settle(cast).domain_names == ["kr.example"]


def test_who_comes_second_is_told(cast: Cast) -> None:
    settle(cast)
    with pytest.raises(ProviderChangedError):
        settle(cast, client_id="other")
    answer = signed_in(cast.dina).post(page_of(cast), {**TYPED, "client_id": "other"})
    assert answer.status_code == 409
    assert 'value="other"' in answer.content.decode()
    assert IdentityProvider.objects.get().client_id == "majlis"
    assert len(entries()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_bind_a_domain_once(cast: Cast) -> None:
    def bind(institution: Any) -> Any:
        return lambda: settle(cast, institution=institution)

    assert at_once(bind(cast.kr), bind(cast.ng)) == ["done", "taken"]
    assert IdentityDomain.objects.count() == 1


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


def test_the_provider_is_asked_what_it_is(cast: Cast, provider: Provider, settings: Any) -> None:
    settings.DEBUG = True
    check, client = f"{page_of(cast)}check/", signed_in(cast.dina)
    assert client.post(check).status_code == 404  # nothing is settled
    settle(cast, issuer=provider.issuer)

    def told(client: Client = client) -> str:
        answer = client.post(check)
        assert answer.status_code == 200
        return answer.content.decode()

    assert f"{provider.issuer}/oauth2/token" in told()
    IdentityProvider.objects.update(issuer=f"{provider.issuer}/")
    assert "calls itself otherwise" in told()
    IdentityProvider.objects.update(issuer=f"{provider.issuer}/nowhere")
    assert "gave no answer" in told()
    settings.DEBUG = False
    assert "Nothing was asked" in told()
