"""Passwords and codes may be guessed so often and no more, and nobody is locked out by it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from members.actions.people import create_person
from members.guessing import CODES_A_DAY, CODES_AN_HOUR
from members.models import User
from members.throttle import network_of
from tests.factories import PASSWORD
from tests.portal.test_accounts import is_signed_in, sign_in

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"
AT = "2027-03-01 10:00:05Z"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def amal(db: None) -> User:
    return create_person(email="amal@example.org", name="Amal", password=PASSWORD, language="en")


@pytest.fixture
def secret(amal: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(amal, secret)
    RecoveryCodes.activate(amal)
    return secret


@pytest.fixture
def stranger(db: None) -> Client:
    """Whose own account came by an application, say; signed in from HERE."""
    create_person(email="mallory@example.org", name="Mallory", password=PASSWORD, language="en")
    client = Client(REMOTE_ADDR=HERE)
    sign_in(client, email="mallory@example.org", ip=HERE)
    return client


def right_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def wrong_code(secret: str, digits: int = 6) -> str:
    return "0" * digits if right_code(secret) != "000000" else "1" * digits


def say_code(client: Client, code: str, ip: str = HERE) -> str:
    address = reverse("mfa_authenticate")
    return str(client.post(address, {"code": code}, REMOTE_ADDR=ip).content.decode())


def activate(client: Client, *, ip: str = HERE) -> None:
    """An authenticator app of one's own: proved, and its code is right."""
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD}, REMOTE_ADDR=ip)
    address = reverse("mfa_activate_totp")
    assert client.get(address, REMOTE_ADDR=ip).status_code == 200
    code = right_code(client.session["mfa.totp.secret"])
    assert client.post(address, {"code": code}, REMOTE_ADDR=ip).status_code == 302


def guessed(count: int, ip: str = HERE) -> str:
    for n in range(count):
        answer = sign_in(Client(), password=f"guess {n}", ip=ip)
    return str(answer.content.decode())


def test_a_right_code_of_ones_own_gives_no_guesses_back(amal: User, stranger: Client) -> None:
    assert "Too many" not in guessed(9)
    activate(stranger)
    assert "Too many" not in guessed(1)
    assert "Too many" in guessed(1)
    stranger.post("/en/accounts/logout/")
    sign_in(stranger, email="mallory@example.org", ip=HERE)
    assert not is_signed_in(stranger)  # nor is the password looked at any more, from here


def test_neither_does_the_code_of_a_sign_in_nor_of_a_proof(
    amal: User, stranger: Client, clock: time_machine.Traveller
) -> None:
    activate(stranger)
    own = Authenticator.objects.get(user__email="mallory@example.org", type="totp").wrap()
    own_secret = own.instance.data["secret"]
    assert "Too many" not in guessed(9)
    clock.shift(31)  # a code counts once
    proof = {"code": right_code(own_secret)}
    address = reverse("mfa_reauthenticate")
    assert stranger.post(address, proof, REMOTE_ADDR=HERE).status_code == 302
    again = Client()
    sign_in(again, email="mallory@example.org", ip=HERE)
    codes = Authenticator.objects.get(user__email="mallory@example.org", type="recovery_codes")
    say_code(again, RecoveryCodes(codes).get_unused_codes()[0])
    assert is_signed_in(again)
    clock.move_to("2027-03-01 10:00:50Z")
    assert "Too many" not in guessed(1)
    assert "Too many" in guessed(1)


def test_nor_does_a_new_password_by_letter(amal: User, stranger: Client, mailoutbox: Any) -> None:
    from tests.portal.test_accounts import reset_link  # noqa: PLC0415  the page of the letter

    assert "Too many" not in guessed(10)
    client = Client(REMOTE_ADDR=HERE)
    client.post("/en/accounts/password/reset/", {"email": "mallory@example.org"})
    page = client.get(reset_link(mailoutbox[-1]), follow=True)
    new = "quite another long word"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert "Too many" in guessed(1)


def test_an_hour_of_guesses_is_counted_over_the_minutes(
    amal: User, stranger: Client, clock: time_machine.Traveller
) -> None:
    for minute in range(6):
        clock.move_to(f"2027-03-01 10:0{minute}:05Z")
        assert "Too many" not in guessed(10)
    activate(stranger, ip=ELSEWHERE)
    clock.move_to("2027-03-01 10:09:05Z")
    assert "Too many" in guessed(1)
    assert "Too many" not in guessed(1, ip=ELSEWHERE)
    clock.move_to("2027-03-01 11:00:05Z")
    assert "Too many" not in guessed(1)


def at_the_code(password: str = PASSWORD, ip: str = HERE) -> Client:
    client = Client()
    sign_in(client, password=password, ip=ip)
    assert not is_signed_in(client)
    return client


def test_codes_are_counted_by_account_wherever_they_come_from(
    amal: User, secret: str, clock: time_machine.Traveller
) -> None:
    known = at_the_code(ip=ELSEWHERE)
    say_code(known, right_code(secret), ELSEWHERE)
    assert is_signed_in(known)
    clock.shift(31)
    for n in range(CODES_AN_HOUR):
        ip = f"203.0.113.{n}"
        assert "Incorrect code" in say_code(at_the_code(ip=ip), wrong_code(secret), ip)
    stopped = at_the_code()
    assert "Too many wrong codes" in say_code(stopped, right_code(secret))
    assert not is_signed_in(stopped)
    # Its person gets in: with a recovery code, where they have signed in before, or anew.
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    elsewhere = at_the_code(ip="192.0.2.1")
    say_code(elsewhere, codes[0], "192.0.2.1")
    assert is_signed_in(elsewhere)
    known.post("/en/accounts/logout/")
    sign_in(known, ip=ELSEWHERE)
    say_code(known, right_code(secret), ELSEWHERE)
    assert is_signed_in(known)
    clock.shift(31)
    amal.set_password("quite another long word")
    amal.save()
    anew = at_the_code("quite another long word")
    say_code(anew, right_code(secret))
    assert is_signed_in(anew)


def test_neither_are_recovery_codes_guessed_without_end(amal: User, secret: str) -> None:
    for n in range(CODES_AN_HOUR):
        ip = f"203.0.113.{n}"
        assert "Incorrect code" in say_code(at_the_code(ip=ip), wrong_code(secret, 8), ip)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    stopped = at_the_code()
    assert "Too many wrong codes" in say_code(stopped, codes[0])
    say_code(stopped, right_code(secret))
    assert is_signed_in(stopped)


def test_codes_are_counted_over_the_day_too(
    amal: User, secret: str, clock: time_machine.Traveller
) -> None:
    for hour in range(CODES_A_DAY // CODES_AN_HOUR):
        clock.move_to(f"2027-03-01 1{hour}:00:05Z")
        for n in range(CODES_AN_HOUR):
            say_code(at_the_code(ip=f"203.0.113.{n}"), wrong_code(secret), f"203.0.113.{n}")
    clock.move_to("2027-03-01 20:00:05Z")
    assert "Too many wrong codes" in say_code(at_the_code(), right_code(secret))
    clock.move_to("2027-03-02 00:00:05Z")
    stopped = at_the_code()
    say_code(stopped, right_code(secret))
    assert is_signed_in(stopped)


def test_right_codes_are_not_counted(
    amal: User, secret: str, clock: time_machine.Traveller
) -> None:
    for _sign_in in range(CODES_AN_HOUR + 1):
        client = at_the_code()
        say_code(client, right_code(secret))
        assert is_signed_in(client)
        clock.shift(31)


def test_an_origin_of_ipv6_is_a_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("unix") == "unix"
