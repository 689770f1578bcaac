"""allauth's journeys, as this portal sets them up."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from members.actions.people import create_person
from members.adapter import LETTERS_A_DAY
from members.models import User
from tests.factories import PASSWORD

NEW_PASSWORD = "another long pass phrase"


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> None:
    """Nothing counted yet. Other tests share this Valkey: never empty it."""
    forget_limits(settings)


def forget_limits(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture
def amal(db: None) -> User:
    return create_person(email="amal@example.org", name="Amal", password=PASSWORD, language="ar")


def sign_in(client: Client, *, password: str = PASSWORD, email: str = "amal@example.org",
            ip: str = "127.0.0.1", url: str = "/en/accounts/login/") -> Any:  # fmt: skip
    return client.post(url, {"login": email, "password": password}, REMOTE_ADDR=ip)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def reset_link(letter: Any) -> str:
    found = re.search(r"http://testserver(/\S+/password/reset/key/\S+)", letter.body)
    assert found
    return found.group(1)


def test_signing_in_leads_home_in_the_persons_language(amal: User) -> None:
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/ar/")
    assert client.cookies["django_language"].value == "ar"
    assert UserSession.objects.filter(user=amal).count() == 1


def test_page_that_was_asked_for_comes_in_the_persons_language(amal: User) -> None:
    answer = sign_in(Client(), url="/en/accounts/login/?next=/en/settings/")
    assert answer["Location"] == "/ar/settings/"
    elsewhere = sign_in(Client(), url="/en/accounts/login/?next=https://elsewhere.example/")
    assert elsewhere["Location"] == "/ar/"


def test_person_without_a_language_stays_in_the_pages(db: None) -> None:
    create_person(email="amal@example.org", name="Amal", password=PASSWORD)
    assert sign_in(Client(), url="/fr/accounts/login/")["Location"] == "/fr/"


def test_bad_passwords_from_elsewhere_lock_nobody_out(amal: User) -> None:
    attacker = Client()
    answers = [sign_in(attacker, password=f"guess {n}", ip="203.0.113.9") for n in range(15)]
    assert not is_signed_in(attacker)
    assert "Too many" in answers[-1].content.decode()
    sign_in(attacker, ip="203.0.113.9")  # even the right one, from there
    assert not is_signed_in(attacker)
    person = Client()
    sign_in(person, ip="198.51.100.7")
    assert is_signed_in(person)


def without_tokens(answer: HttpResponse) -> str:
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"\w+@example\.org", "ADDRESS", html)


def test_login_does_not_tell_who_has_an_account(amal: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    settings.GUESSES_A_MINUTE = settings.GUESSES_AN_HOUR = 1000
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    amal.set_password(PASSWORD)
    amal.save()
    known, unknown = Client(), Client()
    pairs: list[tuple[float, float]] = []
    for _ in range(9):
        start = time.perf_counter()
        first = sign_in(known, password="wrong")
        middle = time.perf_counter()
        second = sign_in(unknown, email="nobody@example.org", password="wrong")
        pairs.append((middle - start, time.perf_counter() - middle))
        assert first.status_code == second.status_code == 200
        assert without_tokens(first) == without_tokens(second)
    known_time, unknown_time = (median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known_time / unknown_time < 2


def test_reset_answers_alike_and_writes_to_both(amal: User) -> None:
    """The letter to an unknown address makes both answers cost the same."""
    url = "/en/accounts/password/reset/"
    answers = [
        Client().post(url, {"email": email}) for email in ("amal@example.org", "nobody@example.org")
    ]
    assert [(a.status_code, a["Location"]) for a in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2
    assert [letter.to for letter in mail.outbox] == [["amal@example.org"], ["nobody@example.org"]]
    assert "/password/reset/key/" not in mail.outbox[1].body
    assert "by invitation" in mail.outbox[1].body
    assert all("<" not in letter.body for letter in mail.outbox)


def test_nobody_is_sent_letters_without_end_and_nobody_is_told(amal: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": None}
    known, unknown = Client(), Client()
    with time_machine.travel("2027-03-01 10:00:05Z", tick=False) as clock:
        for asked in range(LETTERS_A_DAY + 2):
            spelling = "AMAL@example.org" if asked % 2 else "amal@example.org"
            answers = [
                client.post("/en/accounts/password/reset/", {"email": email}, follow=True)
                for client, email in ((known, spelling), (unknown, "nobody@example.org"))
            ]
            assert answers[0].redirect_chain == answers[1].redirect_chain
            assert without_tokens(answers[0]) == without_tokens(answers[1])
            assert "the last one still holds" in answers[0].content.decode()
        written = [letter.to[0].lower() for letter in mail.outbox]
        assert written.count("amal@example.org") == LETTERS_A_DAY
        assert written.count("nobody@example.org") == LETTERS_A_DAY
        # What they say is so.
        last = [letter for letter in mail.outbox if letter.to[0].lower() == "amal@example.org"][-1]
        clock.shift(timedelta(days=2))
        assert Client().get(reset_link(last), follow=True).context["form"] is not None
        known.post("/en/accounts/password/reset/", {"email": "amal@example.org"})
        assert len(mail.outbox) == 2 * LETTERS_A_DAY + 1


def test_password_reset_speaks_the_persons_language_and_ends_old_sessions(amal: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    client = Client()
    client.post("/en/accounts/password/reset/", {"email": "amal@example.org"})
    link = reset_link(mail.outbox[0])
    assert link.startswith("/ar/")
    form_page = client.get(link)
    assert form_page.status_code == 302
    answer = client.post(
        form_page["Location"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert not UserSession.objects.filter(user=amal).exists()
    assert not Session.objects.filter(session_key=elsewhere.session.session_key).exists()
    assert not is_signed_in(Client())
    sign_in(client, password=NEW_PASSWORD)
    assert is_signed_in(client)
    assert client.get(link).status_code == 200  # used: the page says so and changes nothing


def test_password_change_signs_out_everywhere_and_writes_a_notice(amal: User) -> None:
    client, elsewhere = Client(), Client()
    sign_in(client)
    sign_in(elsewhere)
    answer = client.post(
        "/ar/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    assert not UserSession.objects.filter(user=amal).exists()
    for client_ in (client, elsewhere):
        assert client_.get("/ar/settings/").status_code == 302
    assert mail.outbox[-1].to == ["amal@example.org"]
    assert mail.outbox[-1].subject == "تغيّرت كلمة مروركم"


def test_sign_out_everywhere_kills_the_session_rows(amal: User) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    keys = [here.session.session_key, there.session.session_key]
    assert Session.objects.filter(session_key__in=keys).count() == 2
    assert here.get("/ar/settings/sessions/end/").status_code == 405
    answer = here.post("/ar/settings/sessions/end/")
    assert answer.status_code == 302
    assert not Session.objects.filter(session_key__in=keys).exists()
    assert not UserSession.objects.filter(user=amal).exists()
    for client in (here, there):
        assert client.get("/ar/settings/").status_code == 302


def test_signing_out_the_others_keeps_this_one(amal: User) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    assert here.get(reverse("usersessions_list")).status_code == 200
    assert here.post(reverse("usersessions_list")).status_code == 302
    assert here.get("/ar/settings/").status_code == 200
    assert there.get("/ar/settings/").status_code == 302


def test_nobody_registers_unasked(db: None) -> None:
    url = reverse("account_signup")
    answer = Client().get(url)
    assert answer.status_code == 200
    assert "by invitation" in answer.content.decode()
    refused = Client().post(
        url, {"email": "x@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert refused.status_code == 405
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_logout",
        "mfa_index",
        "account_reauthenticate",
        "usersessions_list",
        "members:settings",
    ],
)
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_account_pages_open(amal: User, name: str, language: str) -> None:
    client = Client()
    sign_in(client)
    url = reverse(name).replace("/en/", f"/{language}/", 1)
    answer = client.get(url)
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_deactivated_person_cannot_sign_in(amal: User) -> None:
    amal.is_active = False
    amal.save()
    client = Client()
    sign_in(client)
    assert not is_signed_in(client)


def test_new_address_counts_once_it_is_proved(amal: User) -> None:
    client = Client()
    sign_in(client)
    asked = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    answer = client.post(asked["Location"], {"password": PASSWORD})  # the address is a key: again
    assert answer.status_code == 302
    amal.refresh_from_db()
    assert amal.email == "amal@example.org"
    (letter,) = [m for m in mail.outbox if m.to == ["new@example.org"]]
    found = re.search(r"http://testserver(/\S+/confirm-email/\S+/)", letter.body)
    assert found
    client.post(found.group(1))
    amal.refresh_from_db()
    assert amal.email == "new@example.org"


def test_second_factor_guards_the_sign_in(amal: User, settings: Any) -> None:
    client = Client()
    sign_in(client)
    url = reverse("mfa_activate_totp")
    asked = client.get(url)
    assert asked.status_code == 302
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get(url)
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    answer = client.post(url, {"code": code_of(secret)})
    assert answer.status_code == 302
    forget_limits(settings)  # a code counts once
    again = Client()
    answer = sign_in(again)
    assert not is_signed_in(again)
    assert again.get(answer["Location"]).status_code == 200
    again.post(answer["Location"], {"code": "000000"})
    assert not is_signed_in(again)
    answer = again.post(answer["Location"], {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/ar/")
    assert is_signed_in(again)


def code_of(secret: str) -> str:
    """What an authenticator shows now (RFC 6238, six digits, thirty seconds)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
