"""Signing in through the provider of one's own institution, where the second factor is required;
and Django's admin under our content policy.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.identity_provider import Provider, running_provider
from tests.portal.test_accounts import code_of
from tests.processes import DEMO_PASSWORD, OwnValkey, Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
KOREA = "head.kr@demo.example"
FOCAL = "focal.kr@demo.example"
WITHOUT_PASSWORD = f"""
from members.models import User
user = User.objects.get(email="{FOCAL}")
user.set_unusable_password()
user.save()
"""
TEN_MINUTES_LATER = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for key in Session.objects.values_list("pk", flat=True):
    session = SessionStore(key)
    for record in session.get("account_authentication_methods", []):
        record["at"] -= 600
    session.modified = True
    session.save()
"""


@pytest.fixture
def portal(
    collected_static: None, ground: Path, port: int, demo_database: str, own_valkey: OwnValkey
) -> Iterator[Portal]:
    """As a network runs it, but that the provider may be on this machine."""
    portal = Portal(
        ground / "strict",
        database_url=demo_database,
        redis_url=own_valkey.url,
        port=port,
        host="localhost",
        demo=True,
        DEBUG="1",
        SECOND_FACTOR_REQUIRED="1",
    )
    portal.start()
    yield portal
    portal.stop()
    shutil.rmtree(portal.directory)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


def make_second_factor(page: Page) -> str:
    """Nothing else is open before; returns a recovery code."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.goto(page.url + "totp/activate/")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button.button--primary")
    page.fill("[name=code]", code_of(page.locator("[data-key]").inner_text()))
    page.get_by_role("button", name="Use it from now on").click()
    return page.locator("[data-codes] code").first.inner_text()


def sign_in_there(page: Page, address: str) -> None:
    """From our sign-in page to the provider's, and back."""
    page.get_by_role("link", name="Sign in through your institution").click()
    page.fill("[name=email]", address)
    page.get_by_role("button", name="Go on").click()
    say_who(page)


def say_who(page: Page) -> None:
    """At the provider."""
    page.get_by_placeholder("sub").fill("amal")
    page.get_by_role("button", name="Authorize").click()


def settle_provider(office: Page, provider: Provider) -> None:
    """For Korea, by the secretariat; `office` is at the sign-in page."""
    office.fill("[name=login]", "secretariat@demo.example")
    office.fill("[name=password]", DEMO_PASSWORD)
    office.click("main button.button--primary")
    make_second_factor(office)
    office.goto(urljoin(office.url, "/en/members/?q=korea"))
    office.get_by_role("link", name="Korea Foundation", exact=True).click()
    office.get_by_role("link", name="The delegation").click()
    office.get_by_role("link", name="Sign-in of the institution").click()
    client = provider.register(office.locator("#callback").inner_text())
    office.get_by_label("Address of the provider").fill(provider.issuer)
    office.get_by_label("Client ID").fill(client["client_id"])
    office.get_by_label("Client secret").fill(client["client_secret"])
    office.get_by_label("E-mail domains").fill("demo.example")
    office.get_by_label("People of the institution sign in through it").check()
    office.get_by_role("button", name="Save").click()
    office.get_by_role("button", name="Ask the provider").click()
    expect(office.get_by_text("The provider answers")).to_be_visible()


def test_a_head_signs_in_through_their_own_provider(
    person: Callable[..., Person], portal: Portal, provider: Provider
) -> None:
    settle_provider(person().go("/accounts/login/"), provider)
    provider.say("amal", email=KOREA, email_verified=True)
    head = person()
    head.context.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())  # its style
    page = head.go("/accounts/login/?next=/en/rooms/")
    sign_in_there(page, KOREA)
    recovery = make_second_factor(page)
    page.goto(f"{portal.url}/en/accounts/sessions/")
    expect(page.locator("tbody tr")).to_have_count(1)

    portal.manage("technical_staff", "add", KOREA)
    assert head.context.request.get(f"{portal.url}/admin/").status == 404
    page.goto(f"{portal.url}/en/accounts/logout/")
    with page.expect_navigation():
        page.click("main button.button--primary")
    head.go("/accounts/login/?next=/en/rooms/")
    sign_in_there(page, KOREA)
    page.fill("[name=code]", recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")
    page.goto(f"{portal.url}/admin/members/mandate/")
    page.locator("#result_list tbody a").first.click()
    expect(page.locator("#content input[type=submit]")).to_have_count(0)
    expect(page.get_by_text("Capacity:")).to_be_visible()


def test_what_was_typed_is_done_after_the_proof_at_the_provider(
    person: Callable[..., Person], portal: Portal, provider: Provider
) -> None:
    settle_provider(person().go("/accounts/login/"), provider)
    provider.say("amal", email=FOCAL, email_verified=True)
    portal.manage("shell", "-c", WITHOUT_PASSWORD)
    focal = person()
    focal.context.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
    page = focal.go("/accounts/login/")
    sign_in_there(page, FOCAL)
    expect(page.locator(".shell--public")).to_have_count(0)

    page.goto(f"{portal.url}/en/members/?q=korea")
    page.get_by_role("link", name="Korea Foundation", exact=True).click()
    page.get_by_role("link", name="The delegation").click()
    page.locator("a[href*='/mandates/']").first.click()
    page.get_by_role("link", name="Suspend the mandate").click()
    portal.manage("shell", "-c", TEN_MINUTES_LATER)
    reason = "On leave until March; « en congé »، في إجازة."
    page.get_by_label("Reason").fill(reason)
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you? Sign in once more")
    expect(page.get_by_text("What you have entered is kept")).to_be_visible()
    page.get_by_role("button", name="To the sign-in of the institution").click()
    say_who(page)
    expect(page.get_by_text("The mandate is suspended, and its rights with it.")).to_be_visible()
    expect(page.get_by_text(reason)).to_be_visible()
    assert "/mandates/" in page.url
