"""What passkeys open, and what only looks like one."""

import json
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories import PASSWORD
from tests.portal.authenticator import Device
from tests.portal.test_accounts import is_signed_in, sign_in
from tests.portal.test_second_factor import acts, person

LOGIN = "/en/accounts/2fa/webauthn/login/"


@pytest.fixture
def amal(db: None) -> User:
    return person("amal")


@pytest.fixture
def client(amal: User) -> Client:
    client = Client()
    sign_in(client)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def add(client: Client, device: Device, **lies: Any) -> Any:
    url = reverse("mfa_add_webauthn")
    options = client.get(url).context["js_data"]["creation_options"]
    plain = json.loads(json.dumps(options, default=dict))
    data = {"name": "Office", "credential": json.dumps(device.make(plain, **lies))}
    return client.post(url, {**data, "passwordless": "on"})


@pytest.fixture
def device(client: Client) -> Device:
    device = Device()
    assert add(client, device).status_code == 302
    return device


def alone(client: Client, device: Device, *, next: str = "", **lies: Any) -> Any:
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    return client.post(
        LOGIN, {"credential": json.dumps(device.answer(options, **lies)), "next": next}
    )


def test_a_passkey_is_added_once_and_told(client: Client, amal: User, device: Device) -> None:
    assert [str(each) for each in Authenticator.objects.filter(type="webauthn")] == ["Office"]
    assert Authenticator.objects.filter(type="recovery_codes").count() == 1
    assert acts(amal)[-1] == "person.second_factor_added"
    assert mail.outbox[-1].subject == "A passkey was added"


def test_it_opens_the_account_alone_and_leads_where_one_was_going(
    amal: User, device: Device
) -> None:
    client = Client()
    response = alone(client, device, next="/en/settings/")
    assert (response.status_code, response["Location"]) == (302, "/en/settings/")
    assert is_signed_in(client)
    elsewhere = alone(Client(), device, next="https://evil.example/")
    assert elsewhere["Location"] == "/en/"


@pytest.mark.parametrize(
    "lies",
    [
        {"forged": True},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver"},
        {"user": b"zz"},
        {"user": b""},
        {"user": b"\xff"},
    ],
)
def test_what_is_not_true_opens_nothing(amal: User, device: Device, lies: dict[str, Any]) -> None:
    client = Client()
    response = alone(client, device, **lies)
    assert response["Location"] == "/en/accounts/login/"
    assert not is_signed_in(client)
    assert "This passkey was not accepted." in client.get(response["Location"]).content.decode()


def test_a_passkey_opens_no_other_account(amal: User, device: Device) -> None:
    bilal = person("bilal")
    client = Client()
    alone(client, device, user=user_pk_to_url_str(bilal).encode())
    assert not is_signed_in(client)


def test_an_answer_counts_once(amal: User, device: Device) -> None:
    client = Client()
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]
    answer = {"credential": json.dumps(device.answer(options))}
    client.post(LOGIN, answer)
    assert is_signed_in(client)
    again = Client()
    again.post(LOGIN, answer)
    assert not is_signed_in(again)


def test_a_removed_passkey_and_a_closed_account_open_nothing(
    client: Client, amal: User, device: Device
) -> None:
    amal.is_active = False
    amal.save(update_fields=["is_active"])
    stranger = Client()
    alone(stranger, device)
    assert not is_signed_in(stranger)
    amal.is_active = True
    amal.save(update_fields=["is_active"])
    Authenticator.objects.all().delete()
    alone(stranger, device)
    assert not is_signed_in(stranger)


def test_the_password_alone_is_not_enough_any_more(amal: User, device: Device) -> None:
    client = Client()
    asked = sign_in(client)
    assert not is_signed_in(client)
    page = client.get(asked["Location"])
    options = json.loads(json.dumps(page.context["js_data"]["request_options"], default=dict))
    url = reverse("mfa_authenticate")
    refused = client.post(url, {"credential": json.dumps(device.answer(options, forged=True))})
    assert "This passkey was not accepted." in refused.content.decode()
    assert not is_signed_in(client)
    options = json.loads(json.dumps(refused.context["js_data"]["request_options"], default=dict))
    client.post(url, {"credential": json.dumps(device.answer(options))})
    assert is_signed_in(client)


def test_a_refused_confirmation_is_asked_for_again(amal: User, device: Device) -> None:
    client = Client()
    alone(client, device)
    asked = client.get(reverse("mfa_add_webauthn"))
    url = reverse("mfa_reauthenticate_webauthn")
    assert asked["Location"].startswith(url)
    page = client.get(asked["Location"])
    assert "With the password" in page.content.decode()
    options = json.loads(json.dumps(page.context["js_data"]["request_options"], default=dict))
    wrong = {"credential": json.dumps(device.answer(options, forged=True))}
    refused = client.post(asked["Location"], wrong)
    assert refused.status_code == 422
    assert "This passkey was not accepted." in refused.content.decode()
    options = json.loads(json.dumps(refused.context["js_data"]["request_options"], default=dict))
    right = {"credential": json.dumps(device.answer(options))}
    assert client.post(asked["Location"], right)["Location"] == reverse("mfa_add_webauthn")


def test_a_passkey_made_elsewhere_is_not_added(client: Client) -> None:
    response = add(client, Device(), origin="https://evil.example")
    assert "This passkey was not accepted." in response.content.decode()
    assert not Authenticator.objects.exists()
