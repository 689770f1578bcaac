"""A sign-in from a browser that was not seen before; and the proof that grave acts ask for."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members import emails_sign_ins
from members.models import KnownBrowser, Membership, User
from tests.factories import PASSWORD, Cast, signed_in
from tests.files import upload

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def amal(cast: Cast) -> User:
    """Whose account is a day old."""
    for user in (cast.amal, cast.bilal):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    User.objects.filter(pk=cast.amal.pk).update(
        created_at=timezone.now() - timedelta(days=1), language="en"
    )
    cast.amal.refresh_from_db()
    return cast.amal


def sign_in(client: Client, user: User) -> None:
    answer = client.post(
        "/en/accounts/login/",
        {"login": user.email, "password": PASSWORD},
        headers={"user-agent": FIREFOX},
    )
    assert answer.status_code == 302, answer.content.decode()


def letters() -> int:
    return ProcrastinateJob.objects.filter(task_name="members.send_sign_in_letter").count()


def test_a_new_browser_is_told_once(amal: User) -> None:
    browser, other = Client(), Client()
    for _again in range(2):
        sign_in(browser, amal)
        browser.post("/en/accounts/logout/")
    assert letters() == 1
    sign_in(other, amal)
    assert letters() == 2
    cookie = browser.cookies["known_browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert not KnownBrowser.objects.filter(digest__contains=cookie.value).exists()


def test_whoever_has_just_made_the_account_is_not_told_of_it(cast: Cast, amal: User) -> None:
    sign_in(Client(), cast.bilal)
    assert letters() == 0
    sign_in(Client(), cast.bilal)
    assert letters() == 1


def test_two_people_at_one_browser_are_told_each_of_their_own(cast: Cast, amal: User) -> None:
    User.objects.update(created_at=timezone.now() - timedelta(days=1))
    browser = Client()
    for person in (amal, cast.bilal, amal):
        sign_in(browser, person)
        browser.post("/en/accounts/logout/")
    assert letters() == 2


def test_a_token_that_is_not_ours_is_replaced(amal: User) -> None:
    browser = Client()
    browser.cookies["known_browser"] = "short"
    sign_in(browser, amal)
    assert len(browser.cookies["known_browser"].value) == 43


def test_the_letter_says_the_browser_and_the_time_and_leads_to_the_devices(amal: User) -> None:
    with time_machine.travel("2027-03-01T21:30:00Z", tick=False):
        seen = KnownBrowser.objects.create(user=amal, digest="x", browser="Firefox, Linux")
    User.objects.filter(pk=amal.pk).update(time_zone="Asia/Seoul")
    emails_sign_ins.send_sign_in_letter.func(browser_id=seen.pk)
    [letter] = mail.outbox
    assert letter.to == ["amal@example.org"]
    for words in ("Firefox, Linux", "2 March 2027", "Asia/Seoul", reverse("usersessions_list")):
        assert words in str(letter.body)


def test_nothing_of_the_person_is_in_the_log(amal: User, caplog: Any) -> None:
    sign_in(Client(), amal)
    assert "amal@" not in caplog.text
    [job] = ProcrastinateJob.objects.filter(task_name="members.send_sign_in_letter")
    assert job.args == {"browser_id": KnownBrowser.objects.get().pk}


# --- Grave acts -----------------------------------------------------------------------------------


def standing(cast: Cast) -> tuple[str, dict[str, Any]]:
    url = reverse("members:change_standing", args=[cast.kr.pk, "suspension"])
    current = Membership.objects.current().get(institution=cast.kr)
    return url, {
        "standing": current.pk,
        "since": timezone.now().date().isoformat(),
        "reason": "Dues unpaid",
    }


def give_password(client: Client, asked: str) -> Any:
    return client.post(asked, {"password": PASSWORD})


def test_a_grave_act_waits_for_the_password_and_is_then_done_as_it_was_written(cast: Cast) -> None:
    client = signed_in(cast.dina, proved=False)
    url, form = standing(cast)
    asked = client.post(url, form)
    assert asked.status_code == 302
    assert "/reauthenticate/" in asked["Location"]
    assert Membership.objects.current().get(institution=cast.kr).state == "active"
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
    assert give_password(client, asked["Location"]).status_code == 302
    done = Membership.objects.current().get(institution=cast.kr)
    assert (done.state, done.reason) == ("suspended", "Dues unpaid")


def test_an_act_with_files_is_not_done_without_them(cast: Cast) -> None:
    client = signed_in(cast.dina, proved=False)
    url, form = standing(cast)
    asked = client.post(url, {**form, "documents": upload()})
    assert "/reauthenticate/" in asked["Location"]
    answer = give_password(client, asked["Location"])
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert Membership.objects.current().get(institution=cast.kr).state == "active"


@pytest.mark.parametrize("name", ["end_mandate", "suspend_mandate", "hand_over_mandate"])
def test_so_do_acts_on_a_mandate_of_others(cast: Cast, name: str) -> None:
    url = reverse(f"members:{name}", args=[cast.amal_mandate.pk])
    client = signed_in(cast.dina, proved=False)
    for answer in (client.get(url), client.post(url, {"when": "now", "reason": "Why"})):
        assert answer.status_code == 302
        assert "/reauthenticate/" in answer["Location"]
    cast.amal_mandate.refresh_from_db()
    assert (cast.amal_mandate.ends_at, cast.amal_mandate.suspended_at) == (None, None)
    assert signed_in(cast.dina).get(url).status_code == 200


def test_a_stranger_is_not_asked_but_refused(cast: Cast) -> None:
    url = reverse("members:suspend_mandate", args=[cast.amal_mandate.pk])
    assert signed_in(cast.chloe, proved=False).get(url).status_code == 404


def test_the_proof_is_good_for_minutes_alone(cast: Cast) -> None:
    client = signed_in(cast.dina)
    url = reverse("members:suspend_mandate", args=[cast.amal_mandate.pk])
    assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert client.get(url).status_code == 302
