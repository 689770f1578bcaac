"""Passkeys, devices, and the letters that tell of them (the ceremony itself is in tests/e2e)."""

import json
from io import StringIO
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.people import create_person, end_mandate, end_session
from members.letters import as_html
from members.models import User
from members.second_factor import SecondFactorAdapter
from messaging.permissions import live_sessions
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast
from tests.portal.test_accounts import sign_in


def person(name: str, language: str = "en") -> User:
    return create_person(
        email=f"{name}@example.org", name=name.title(), password=PASSWORD, language=language
    )


@pytest.fixture
def amal(db: None) -> User:
    return person("amal", "ar")


@pytest.fixture
def client(amal: User) -> Client:
    """Amal's browser, who has just confirmed who she is."""
    client = Client()
    sign_in(client)
    client.post("/ar/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def acts(user: User) -> list[str]:
    entries = AuditEntry.objects.filter(actor_id=user.pk).order_by("number")
    return list(entries.values_list("act", flat=True))


def html_of(letter: Any) -> str:
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0].content)


# --- Passkeys -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("origins", "asked", "expected"),
    [
        (["https://portal.example.org"], "portal.example.org", "portal.example.org"),
        (["https://portal.example.org"], "elsewhere.example:8000", "portal.example.org"),
        (["http://127.0.0.1:8000", "http://localhost:8000"], "localhost:8000", "localhost"),
    ],
)
def test_a_passkey_is_of_an_origin_of_ours(
    settings: Any, origins: list[str], asked: str, expected: str
) -> None:
    settings.ORIGINS = origins
    settings.ALLOWED_HOSTS = ["*"]
    with context.request_context(RequestFactory().get("/", headers={"host": asked})):
        entity = SecondFactorAdapter().get_public_key_credential_rp_entity()
    assert entity == {"id": expected, "name": "Majlis – Global Public Diplomacy Network"}


def test_the_page_asks_the_device_without_a_script_in_it(client: Client) -> None:
    page = client.get(reverse("mfa_add_webauthn"))
    assert page.status_code == 200
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "testserver"
    assert "data-options=" in page.content.decode()


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "1", '"x"', '{"id": "x", "rawId": "x", "response": {}}',
     json.dumps({"id": "AA", "rawId": "AA", "type": "public-key",
                 "response": {"clientDataJSON": "e30", "attestationObject": "oA"}})],
)  # fmt: skip
def test_what_no_device_says_adds_no_passkey(client: Client, credential: str) -> None:
    url = reverse("mfa_add_webauthn")
    client.get(url)
    response = client.post(url, {"name": "Office", "credential": credential})
    assert response.status_code == 200
    assert 'value="Office"' in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "{}", "[]", '{"response": {"userHandle": "MQ"}}'])
def test_what_no_device_says_opens_no_account(amal: User, credential: str) -> None:
    client = Client()
    url = "/en/accounts/2fa/webauthn/login/"
    options = client.get(url, headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    response = client.post(url, {"credential": credential})
    assert response["Location"] == "/en/accounts/login/"
    assert "_auth_user_id" not in client.session
    page = client.get(response["Location"]).content.decode()
    assert "This passkey was not accepted." in page


def make_passkey(user: User, name: str = "Office") -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_nobody_touches_anothers_passkey(client: Client, name: str) -> None:
    theirs = make_passkey(person("bilal"))
    url = reverse(name, args=[theirs.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Office"


def test_a_passkey_is_renamed_in_one_line(client: Client, amal: User) -> None:
    own = make_passkey(amal)
    url = reverse("mfa_edit_webauthn", args=[own.pk])
    assert client.post(url, {"name": "  "}).status_code == 200
    assert client.post(url, {"name": "x" * 61}).status_code == 200
    assert client.post(url, {"name": "حاسوب\u202e \n المكتب"}).status_code == 302
    own.refresh_from_db()
    assert own.data["name"] == "حاسوب المكتب"


def test_the_last_passkey_takes_the_codes_along_and_is_told(client: Client, amal: User) -> None:
    own = make_passkey(amal)
    Authenticator.objects.create(
        user=amal, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0}
    )
    client.post(reverse("mfa_remove_webauthn", args=[own.pk]))
    assert not Authenticator.objects.exists()
    assert acts(amal)[-1] == "person.second_factor_removed"
    assert mail.outbox[-1].subject == "حُذف مفتاح مرور"
    assert '<html lang="ar" dir="rtl">' in html_of(mail.outbox[-1])


def test_a_list_of_passkeys_costs_the_same(
    client: Client, amal: User, django_assert_num_queries: Any
) -> None:
    url = reverse("mfa_list_webauthn")
    make_passkey(amal)
    client.get(url)
    with django_assert_num_queries(4) as first:
        client.get(url)
    for name in ("Phone", "Key ring"):
        make_passkey(amal, name)
    with django_assert_num_queries(len(first.captured_queries)):
        assert "Key ring" in client.get(url).content.decode()


def test_an_address_is_changed_where_there_is_a_second_factor(client: Client, amal: User) -> None:
    make_passkey(amal)
    url = reverse("account_email")
    response = client.post(url, {"email": "new@example.org", "action_add": ""})
    assert response.status_code == 302
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


# --- Who lost everything --------------------------------------------------------------------------
def test_a_second_factor_is_taken_off_by_hand(client: Client, amal: User) -> None:
    make_passkey(amal)
    out = StringIO()
    call_command("reset_second_factor", "amal@example.org", stdout=out)
    assert "Taken off" in out.getvalue()
    assert not Authenticator.objects.exists()
    assert client.get("/ar/settings/").status_code == 302
    entry = AuditEntry.objects.get(act="person.second_factor_reset")
    assert (entry.actor_id, entry.object_id) == (None, amal.pk)
    call_command("reset_second_factor", "amal@example.org", stdout=out)
    assert "There was none." in out.getvalue()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")


# --- Devices --------------------------------------------------------------------------------------
def test_one_device_is_signed_out_and_the_others_stay(client: Client, amal: User) -> None:
    other = Client()
    sign_in(other)
    session = UserSession.objects.get(session_key=other.session.session_key)
    url = reverse("members:end_session", args=[session.pk])
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == reverse("usersessions_list")
    assert other.get("/ar/settings/").status_code == 302
    assert client.get("/ar/settings/").status_code == 200
    assert acts(amal)[-1] == "person.signed_out_device"
    assert client.post(url).status_code == 404  # it is gone
    end_session(session=session, actor=amal)
    assert acts(amal).count("person.signed_out_device") == 1


def test_nobody_signs_out_anothers_device(client: Client, amal: User) -> None:
    bilal, theirs = person("bilal"), Client()
    sign_in(theirs, email="bilal@example.org")
    session = UserSession.objects.get(user=bilal)
    assert client.post(reverse("members:end_session", args=[session.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        end_session(session=session, actor=amal)
    assert theirs.get("/en/settings/").status_code == 200


# --- Letters --------------------------------------------------------------------------------------
def test_a_letter_says_the_same_as_text_and_as_html(amal: User) -> None:
    Client().post("/en/accounts/password/reset/", {"email": "amal@example.org"})
    (letter,) = mail.outbox
    html = html_of(letter)
    assert letter.extra_headers["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in html
    assert letter.subject in html
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    assert f'<a href="{link}" dir="ltr">{link}</a>' in html


def test_markup_in_a_letter_stays_text() -> None:
    html = as_html("<s>", "Dear <b>Amal</b>,\n\nwrite to a@example.org from 192.0.2.1\n\n--\n<i>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<s>" not in html
    assert '>a@example.org</a> from <bdi dir="ltr">192.0.2.1</bdi>' in html


def test_a_letter_to_a_stranger_does_not_name_who_asked(client: Client) -> None:
    client.post("/ar/accounts/password/reset/", {"email": "stranger@example.org"})
    assert "Amal" not in mail.outbox[-1].body


def test_a_notice_greets_its_reader_and_nobody_else(amal: User) -> None:
    client = Client()
    client.post("/en/accounts/password/reset/", {"email": "amal@example.org"})
    assert "Amal" in mail.outbox[-1].body


# --- Too often ------------------------------------------------------------------------------------
def test_too_many_attempts_are_told_in_words(amal: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _ in range(2):
        answer = Client().post("/ar/accounts/password/reset/", {"email": "amal@example.org"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "محاولات كثيرة" in page


# --- Where it is required -------------------------------------------------------------------------


def factor_of(user: User, type: str = "totp") -> Authenticator:
    return Authenticator.objects.create(user=user, type=type, data={})


def test_heads_and_the_secretariat_come_no_further_without_one(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    to_set_up = {"amal": True, "dina": True, "chloe": False}  # a delegate is offered one
    for name, owes in to_set_up.items():
        browser = Client()
        browser.force_login(getattr(cast, name))
        for address in ("/en/", "/en/rooms/", "/en/members/", "/en/settings/"):
            answer = browser.get(address)
            assert (name, address, answer.status_code) == (name, address, 302 if owes else 200)
            assert not owes or answer["Location"] == "/en/accounts/2fa/"
        page = browser.get("/en/accounts/2fa/")
        assert ("Your capacity asks for a second factor" in page.content.decode()) == owes


def test_what_leads_to_one_is_open_and_what_is_sent_elsewhere_does_nothing(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    browser = Client()
    browser.force_login(cast.amal)
    assert browser.post("/en/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert browser.get("/en/accounts/2fa/totp/activate/").status_code == 200
    assert browser.post("/language/", {"language": "ar", "next": "/en/accounts/2fa/"}).headers[
        "Location"
    ] == ("/ar/accounts/2fa/")
    sent = {"name": "Amal A", "language": "en", "time_zone": "UTC"}
    assert browser.post("/en/settings/", sent)["Location"] == "/en/accounts/2fa/"
    cast.amal.refresh_from_db()
    assert cast.amal.name == "Amal"
    assert browser.get("/en/no-such-page/").status_code == 404
    browser.post("/en/accounts/logout/")
    assert browser.get("/en/").status_code == 200
    assert "_auth_user_id" not in browser.session


def test_a_factor_opens_the_portal_and_recovery_codes_alone_do_not(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    browser = Client()
    browser.force_login(cast.amal)
    factor_of(cast.amal, "recovery_codes")
    assert browser.get("/en/").status_code == 302
    for type in ("totp", "webauthn"):
        factor = factor_of(cast.amal, type)
        assert browser.get("/en/").status_code == 200
        factor.delete()
    assert browser.get("/en/").status_code == 302
    factor_of(cast.bilal)  # another's opens nothing
    assert browser.get("/en/").status_code == 302
    end_mandate(ending=cast.amal_mandate, actor=cast.dina, mandate=cast.dina_mandate)
    assert browser.get("/en/").status_code == 200


def test_in_a_demonstration_nobody_is_asked(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    browser = Client()
    browser.force_login(cast.amal)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/en/settings/").status_code == 200
    assert not [query for query in captured if "mfa_authenticator" in str(query["sql"])]
    assert live_sessions([browser.session.session_key]).keys() == {browser.session.session_key}


def test_a_session_opens_no_socket_before_there_is_one(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    keys = {}
    for name in ("amal", "bilal", "chloe"):
        browser = Client()
        browser.force_login(getattr(cast, name))
        keys[name] = browser.session.session_key
    factor_of(cast.bilal)
    with CaptureQueriesContext(connection) as captured:
        living = live_sessions(keys.values())
    assert living == {keys["bilal"]: cast.bilal, keys["chloe"]: cast.chloe}
    assert len(captured) == 3
