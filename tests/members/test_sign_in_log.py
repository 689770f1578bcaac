"""The audit log knows how people came in, were refused, and changed what lets them in."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import sign_ins
from members.actions.people import create_person, reset_second_factor
from members.audit import described
from members.emails_sign_ins import send_code_letter
from members.models import KnownBrowser, User
from members.tasks_sign_ins import note_refused_sign_in, tell_of_refusal
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import PASSWORD, signed_in
from tests.portal.authenticator import Device
from tests.portal.test_accounts import is_signed_in, reset_link, sign_in
from tests.portal.test_passkeys import add, alone

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "quite another long word"


@pytest.fixture(autouse=True)
def no_limits() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def amal(db: None) -> User:
    return create_person(email="amal@example.org", name="Amal", password=PASSWORD, language="en")


def log(act: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.page(act=act))


def do_jobs() -> int:
    """The refusals that wait, as the worker does them; returns how many there were."""
    waiting = ProcrastinateJob.objects.filter(task_name="members.note_refused_sign_in")
    jobs = [job.args for job in waiting.order_by("id")]
    waiting._raw_delete(waiting.db)  # the model is read-only
    for args in jobs:
        note_refused_sign_in(**args)
    return len(jobs)


def with_a_second_factor(user: User) -> list[str]:
    """Returns the recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return list(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes())


def test_a_sign_in_says_how_and_with_what(amal: User) -> None:
    client = Client(headers={"user-agent": FIREFOX})
    sign_in(client)
    (entry,) = log("person.signed_in")
    assert (entry.actor_id, entry.object_id) == (amal.pk, amal.pk)
    assert entry.after == {"ways": ["password"], "browser": "Firefox, Linux"}
    client.post("/en/accounts/logout/")
    codes = with_a_second_factor(amal)
    sign_in(client)
    assert len(log("person.signed_in")) == 1  # at the code nobody is in
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    entry = log("person.signed_in")[0]
    assert entry.after["ways"] == ["password", "recovery_codes"]
    (said,) = described([entry])
    assert str(said.act) == "signed in"
    assert [change.after for change in said.changes] == [
        "password, recovery code",
        "Firefox, Linux",
    ]
    assert verify_audit_log() is None


def test_a_passkey_alone(amal: User) -> None:
    key = Device()
    assert add(signed_in(amal), key).status_code == 302
    client = Client()
    alone(client, key)
    assert is_signed_in(client)
    assert log("person.signed_in")[0].after["ways"] == ["webauthn"]


def test_a_password_that_is_changed_or_set_by_a_letter(amal: User, mailoutbox: Any) -> None:
    client = signed_in(amal)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    (entry,) = log("person.password_changed")
    assert (entry.actor_id, entry.before, entry.after) == (amal.pk, {}, {})
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": amal.email})
    page = stranger.get(reset_link(mailoutbox[-1]), follow=True)
    again = {"password1": PASSWORD, "password2": PASSWORD}
    stranger.post(page.request["PATH_INFO"], again)
    assert [entry.actor_id for entry in log("person.password_reset")] == [amal.pk]
    refused = signed_in(amal)
    refused.post(reverse("account_change_password"), {**form, "oldpassword": "not it"})
    assert len(log("person.password_changed")) == 1


def test_an_address_that_is_changed_without_either_address(amal: User, mailoutbox: Any) -> None:
    client = signed_in(amal)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert log("person.address_changed") == []
    found = re.search(r"http://testserver(/\S+/confirm-email/\S+)", mailoutbox[-1].body)
    assert found
    client.post(found[1])
    assert EmailAddress.objects.get(user=amal, primary=True).email == "new@example.org"
    (entry,) = log("person.address_changed")
    assert (entry.actor_id, entry.before, entry.after) == (amal.pk, {}, {})


def test_who_takes_off_a_second_factor_is_not_its_person(amal: User) -> None:
    with_a_second_factor(amal)
    reset_second_factor(user=amal)
    assert [entry.actor_id for entry in log("person.signed_out_everywhere")] == [None]
    signed_in(amal).post(reverse("members:sign_out_everywhere"))
    assert log("person.signed_out_everywhere")[0].actor_id == amal.pk


def test_refusals_are_logged_once_an_hour_and_only_of_accounts(amal: User) -> None:
    with time_machine.travel("2027-03-01 10:00:05Z", tick=False) as clock:
        for _guess in range(3):
            sign_in(Client(), password="not it")
            sign_in(Client(), password="not it", email="nobody@example.org")
            sign_in(Client(), password="not it", email="AMAL@example.org")
        assert log("person.sign_in_refused") == []  # the answer does not wait for it
        assert do_jobs() == 2  # one for each address, whether it has an account or not
        (entry,) = log("person.sign_in_refused")
        assert (entry.actor_id, entry.object_id, entry.after) == (None, amal.pk, {})
        cache.clear()  # what Valkey forgot, the log knows
        sign_in(Client(), password="not it")
        assert do_jobs() == 1
        assert len(log("person.sign_in_refused")) == 1
        clock.shift(timedelta(hours=1, minutes=1))
        sign_in(Client(), password="not it")
        do_jobs()
    assert len(log("person.sign_in_refused")) == 2


def test_known_and_unknown_addresses_cost_the_same(amal: User) -> None:
    asked = []
    for email in (amal.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            tell_of_refusal(email)
        asked.append([query["sql"].split(" ")[0] for query in queries])
    assert asked[0] == asked[1] != []


def test_a_wrong_proof_of_who_is_in_is_no_refused_sign_in(amal: User) -> None:
    signed_in(amal, proved=False).post("/en/accounts/reauthenticate/", {"password": "not it"})
    assert do_jobs() == 0


def test_nobody_fills_the_log(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_ins, "REFUSALS_AN_HOUR", 2)
    people = [
        create_person(email=f"p{n}@example.org", name=f"P{n}", password=None) for n in range(3)
    ]
    for user in people:
        note_refused_sign_in(user_id=user.pk, by="password")
    assert len(log("person.sign_in_refused")) == 2
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        note_refused_sign_in(user_id=people[0].pk, by="password")
        assert len(log("person.sign_in_refused")) == 2
        note_refused_sign_in(user_id=people[2].pk, by="password")
    assert len(log("person.sign_in_refused")) == 3


def test_a_wrong_code_is_logged_but_not_in_ones_own_browser(amal: User) -> None:
    own = Client()
    sign_in(own)
    assert KnownBrowser.objects.filter(user=amal).count() == 1
    own.post("/en/accounts/logout/")
    with_a_second_factor(amal)
    sign_in(own)
    own.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert do_jobs() == 0
    stranger = Client()
    sign_in(stranger)
    for _guess in range(3):
        stranger.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert do_jobs() == 3
    assert [entry.actor_id for entry in log("person.code_refused")] == [None]
    assert log("person.sign_in_refused") == []


def code_letters() -> int:
    return ProcrastinateJob.objects.filter(task_name="members.send_code_letter").count()


def test_who_has_their_password_known_is_told_once_an_hour(amal: User) -> None:
    with time_machine.travel("2027-03-01 10:00:05Z", tick=False) as clock:
        for _guess in range(2):
            note_refused_sign_in(user_id=amal.pk, by="code")
        assert code_letters() == 1
        note_refused_sign_in(user_id=amal.pk, by="password")
        assert code_letters() == 1  # of that nobody is told: anybody can guess
        clock.shift(timedelta(hours=1, minutes=1))
        note_refused_sign_in(user_id=amal.pk, by="code")
    assert code_letters() == 2


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Somebody knows your password", "They did not get in"),
        ("ar", "كلمة مروركم معروفة لغيركم", "لم يتمكن من الدخول"),
        ("fr", "Quelqu’un connaît votre mot de passe", "n’est pas entré"),
    ],
)
def test_the_letter_in_each_language(
    amal: User, mailoutbox: Any, language: str, subject: str, words: str
) -> None:
    User.objects.filter(pk=amal.pk).update(language=language, time_zone="Asia/Qatar")
    with time_machine.travel("2027-03-01 10:00:05Z", tick=False):
        note_refused_sign_in(user_id=amal.pk, by="code")
    send_code_letter(user_id=amal.pk)
    (letter,) = mailoutbox
    assert letter.subject == subject
    assert words in letter.body
    assert "(Asia/Qatar)" in letter.body
    assert f"/{language}/accounts/password/reset/" in letter.body
    User.objects.filter(pk=amal.pk).update(is_active=False)
    send_code_letter(user_id=amal.pk)
    assert len(mailoutbox) == 1
