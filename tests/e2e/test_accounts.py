"""Signing in as people do: with passkeys (a virtual authenticator), codes, several devices."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Person
from tests.portal.test_accounts import code_of
from tests.processes import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.processes]

KOREA, NIGERIA = "head.kr@demo.example", "head.ng@demo.example"


def give_authenticator(someone: Person) -> None:
    """A device with a fingerprint reader whose owner always agrees."""
    session = someone.context.new_cdp_session(someone.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def password_form(someone: Person) -> Page:
    page = someone.go("/accounts/login/")
    page.fill("[name=login]", KOREA)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button.button--primary")
    return page


def test_who_types_a_password_while_the_page_is_still_coming_types_on(
    person: Callable[..., Person],
) -> None:
    someone = person()
    held: list[Route] = []
    someone.context.route("**/accounts*.js", lambda route: held.append(route))
    page = someone.page
    with page.expect_request("**/accounts*.js"):
        page.goto(f"{someone.portal.url}/en/accounts/login/", wait_until="commit")
    field = page.locator("[name=password]")
    field.press_sequentially("drow")
    field.press("Home")
    expect(page.locator(".password__toggle")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".password__toggle")).to_have_count(1)
    page.keyboard.type("pass")
    expect(field).to_have_value("passdrow")


def confirm(page: Page) -> None:
    """Once more the password, before the sign-in is changed."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button.button--primary")


def sign_out(someone: Person) -> None:
    page = someone.go("/accounts/logout/")
    page.click("main button.button--primary")
    expect(page.locator(".shell--public")).to_be_visible()


def enter_code(page: Page, code: str) -> None:
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.fill("[name=code]", code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def is_signed_in(page: Page) -> None:
    expect(page.locator(".shell--public")).to_have_count(0)


def test_a_passkey_opens_the_account_with_the_password_and_without(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    give_authenticator(korea)
    page = korea.go("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.fill("[name=name]", "Office computer")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("[data-message]", has_text="The passkey was added.")).to_be_visible()
    expect(page.locator("[data-codes] code")).to_have_count(10)
    sign_out(korea)

    page = password_form(korea)
    page.get_by_role("button", name="Use a passkey").click()
    is_signed_in(page)
    sign_out(korea)

    page = korea.go("/accounts/login/?next=/en/settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_signed_in(page)
    assert page.url.endswith("/en/settings/")

    page = korea.go("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename").click()
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.fill("[name=name]", "Key ring")
    page.click("main button.button--primary")
    row = page.get_by_role("row", name=re.compile("Key ring"))
    expect(row).to_contain_text("without the password")
    row.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()
    sign_out(korea)
    is_signed_in(password_form(korea))


def test_whoever_has_no_passkey_here_is_told_so(person: Callable[..., Person]) -> None:
    someone = person()
    give_authenticator(someone)
    page = someone.go("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The device has not confirmed")


def test_codes_of_an_app_and_a_recovery_code_once(person: Callable[..., Person]) -> None:
    korea = person(KOREA)
    page = korea.go("/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.locator("[data-key]").inner_text()
    page.fill("[name=code]", code_of(secret))
    page.get_by_role("button", name="Use it from now on").click()
    first, second = page.locator("[data-codes] code").all_inner_texts()[:2]
    sign_out(korea)
    page = password_form(korea)
    enter_code(page, first)
    is_signed_in(page)
    sign_out(korea)
    page = password_form(korea)
    enter_code(page, first)
    expect(page.locator(".error-summary")).to_contain_text("Incorrect code.")
    enter_code(page, second)
    is_signed_in(page)


def test_a_password_can_be_looked_at_before_it_is_sent(person: Callable[..., Person]) -> None:
    page = person(language="ar").go("/accounts/login/")
    field = page.locator("[name=password]")
    page.get_by_role("button", name="إظهار كلمة المرور").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="إخفاء كلمة المرور").click()
    expect(field).to_have_attribute("type", "password")


def test_one_device_is_signed_out_from_another(person: Callable[..., Person]) -> None:
    office, phone = person(NIGERIA), person(NIGERIA)
    page = office.go("/accounts/sessions/")
    page.locator("tr", has_not_text="this device").get_by_role("button", name="Sign out").click()
    expect(page.locator("[data-message]", has_text="The device is signed out.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(phone.go("/settings/").get_by_role("heading", name="Sign in")).to_be_visible()
    is_signed_in(office.go("/settings/"))


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ar", 320, "dark"), ("fr", 1280, "light")]
)
def test_nothing_serious_is_found_on_the_way(
    person: Callable[..., Person], language: str, width: int, scheme: str
) -> None:
    """axe-core, and no page wider than its window, at each step that only this way reaches."""
    viewport = {"width": width, "height": 800}
    korea = person(KOREA, language, viewport=viewport, color_scheme=scheme, bypass_csp=True)
    give_authenticator(korea)
    found: list[tuple[str, str, str]] = []

    def look(page: Page) -> None:
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((page.url, violation["id"], violation["nodes"][0]["html"]))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((page.url, "scrolls sideways", ""))

    page = korea.go("/accounts/2fa/webauthn/add/")
    look(page)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button.button--primary")
    look(page)
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-codes]")
    look(page)
    paths = [
        "",
        "webauthn/",
        "totp/activate/",
        "recovery-codes/generate/",
        "webauthn/reauthenticate/",
    ]
    for path in paths:
        look(korea.go(f"/accounts/2fa/{path}"))
    for name in ("edit", "remove"):
        korea.go("/accounts/2fa/webauthn/").click(f"a[href*='/{name}/']")
        look(page)
    for path in ("sessions/", "email/", "password/change/", "logout/"):
        look(korea.go(f"/accounts/{path}"))
    look(korea.go("/offline/"))
    sign_out(korea)
    password_form(korea)
    look(page)
    assert found == []
