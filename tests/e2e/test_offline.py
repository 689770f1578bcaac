"""Without a network: the page that says so, what the device keeps, and what it must not keep."""

import json
import re
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write
from tests.processes import DEMO_PASSWORD, Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

KOREA, NIGERIA, MEXICO = "head.kr@demo.example", "head.ng@demo.example", "contact.mx@demo.example"


def await_worker(page: Page) -> None:
    """Until the worker has the page: this one, or the next, if this was on its way when the worker
    claimed all that it found.
    """
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    if page.evaluate("navigator.serviceWorker.controller === null"):
        page.reload()
    assert page.evaluate("navigator.serviceWorker.controller !== null")


def kept(page: Page) -> list[str]:
    """The keys of what this device keeps of people's writing."""
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((key) => /^majlis\\.(draft|outbox)/.test(key))"
    )
    return found


# Whether the portal keeps this draft (its address is given) for the person.
KEPT = """async ([address, body]) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return (await answer.json()).body === body;
}"""


def aims(page: Page) -> Any:
    return page.locator("textarea[name=aims]")


def application(someone: Person, section: str = "reasons") -> Page:
    """A section of this person's application, begun now if there is none."""
    page = someone.go("/applications/")
    begun = page.locator("main table a")
    if begun.count():
        begun.first.click()
    else:
        page.locator(".empty form button").click()
    page.locator(f".sections a[href$='/{section}/']").click()
    expect(page.locator("form[data-keep-draft]")).to_be_visible()
    return page


def save(page: Page) -> None:
    page.locator("form[data-keep-draft] button[value=save]").click()


# --- The page ------------------------------------------------------------------------------------
def test_without_a_network_the_page_says_so_in_the_readers_language(
    person: Callable[..., Person], portal: Portal
) -> None:
    korea = person(KOREA, "ar")
    await_worker(korea.go("/members/"))
    korea.context.set_offline(True)
    page = korea.go("/meetings/")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text("لا يوجد اتصال")
    expect(page.locator("[lang=en]", has_text="The portal cannot be reached")).to_be_visible()
    expect(page.locator("[lang=fr]", has_text="Le portail ne peut")).to_be_visible()
    assert "demo.example" not in page.content()
    korea.context.set_offline(False)  # and it comes back by itself, where it was going
    expect(page).to_have_url(f"{portal.url}/ar/meetings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("الاجتماعات")


def test_a_server_that_is_gone_is_told_as_well(
    person: Callable[..., Person], portal: Portal
) -> None:
    korea = person(KOREA)
    await_worker(korea.go("/"))
    portal.kill()
    page = korea.go("/rooms/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    portal.start()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")


def test_nothing_personal_is_cached(person: Callable[..., Person]) -> None:
    korea = person(KOREA)
    for path in ("/", "/rooms/", "/settings/", "/accounts/sessions/", "/members/"):
        await_worker(korea.go(path))
    enter(korea)
    cached = korea.page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    const response = await cache.match(request);
                    const type = response.headers.get("Content-Type");
                    const text = /html|javascript/.test(type) ? await response.text() : "";
                    found.push([new URL(request.url).pathname, text]);
                }
            }
            return found;
        }"""
    )
    paths = {path for path, _text in cached if not path.startswith("/static/")}
    assert paths == {f"/{language}/offline/" for language in ("ar", "en", "fr")}
    assert len(cached) > 15
    for path, text in cached:
        assert "demo.example" not in text, path
        assert "Head of delegation (Korea)" not in text, path


# --- Installable ---------------------------------------------------------------------------------
def test_the_portal_can_be_installed(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], portal: Portal
) -> None:
    with tempfile.TemporaryDirectory() as profile:  # windows apart from it count as private
        context = browser_type.launch_persistent_context(profile, **browser_type_launch_args)
        page = context.pages[0]
        page.goto(f"{portal.url}/ar/")
        await_worker(page)
        session = context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert (manifest["lang"], manifest["dir"], manifest["start_url"]) == ("ar", "rtl", "/ar/")
        assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        context.close()


# --- Drafts --------------------------------------------------------------------------------------
def test_a_draft_survives_leaving_and_is_gone_once_it_was_taken(
    person: Callable[..., Person],
) -> None:
    mexico = person(MEXICO)
    page = application(mexico)
    before = aims(page).input_value()
    aims(page).fill("To learn from one another.")
    mexico.go("/members/")
    page = application(mexico)
    expect(page.get_by_text("Restored: what you had not sent")).to_be_visible()
    expect(aims(page)).to_have_value("To learn from one another.")
    page.get_by_role("button", name="Discard").click()
    expect(aims(page)).to_have_value(before)
    assert kept(page) == []

    page = application(mexico, "institution")
    page.locator("[name=acronym]").fill("ITLT")
    page.locator("[name=website]").fill("no address")
    save(page)
    expect(page.locator(".error-summary")).to_be_visible()
    mexico.go("/members/")
    page = application(mexico, "institution")  # what was refused is not lost either
    expect(page.locator("[name=acronym]")).to_have_value("ITLT")
    page.locator("[name=website]").fill("https://example.org/")
    save(page)
    expect(page.locator(".messages .notice--success")).to_be_visible()
    assert kept(page) == []


def test_a_draft_survives_a_session_that_ended(
    person: Callable[..., Person], portal: Portal
) -> None:
    mexico = person(MEXICO)
    page = application(mexico)
    aims(page).fill("Written for an hour.")
    mexico.context.clear_cookies(name="sessionid")
    with page.expect_navigation():
        save(page)
    page.goto(f"{portal.url}/en/accounts/login/?next={re.sub('.*/en/', '/en/', page.url)}")
    assert kept(page) != []
    mexico.sign_in(MEXICO)
    page = application(mexico)
    expect(aims(page)).to_have_value("Written for an hour.")


def test_a_form_that_is_sent_without_a_network_is_kept_and_listed(
    person: Callable[..., Person],
) -> None:
    mexico = person(MEXICO)
    page = application(mexico)
    await_worker(page)
    address = page.url
    aims(page).fill("To be heard.")
    mexico.context.set_offline(True)
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.locator("[data-kept-list]")).to_contain_text("To be heard.")
    mexico.context.set_offline(False)
    expect(page).to_have_url(address)
    expect(aims(page)).to_have_value("To be heard.")  # and was not sent again unasked
    expect(page.get_by_text("Restored: what you had not sent")).to_be_visible()


def test_what_is_typed_in_a_room_waits_and_is_gone_when_sent(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    page = enter(korea)
    page.locator("[name=body]").fill("Not quite ready")
    korea.go("/members/")
    page.go_back()
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("Not quite ready")
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    page.wait_for_function(KEPT, arg=[f"{page.url}draft/", "Not quite ready"])
    write(page, "Ready")
    expect(page.locator(".message").last).to_contain_text("Ready")
    expect(page.locator(".message--pending")).to_have_count(0)
    assert kept(page) == []
    page.wait_for_function(KEPT, arg=[f"{page.url}draft/", ""])
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("")


def test_two_tabs_lose_nothing(person: Callable[..., Person]) -> None:
    mexico = person(MEXICO)
    one = application(mexico)
    other = mexico.context.new_page()
    other.goto(one.url)
    aims(one).fill("from the first")
    one.wait_for_timeout(500)
    aims(other).fill("from the second")
    other.wait_for_timeout(500)
    one.close()
    other.close()
    page = mexico.page = mexico.context.new_page()
    page = application(mexico)
    expect(aims(page)).to_have_value("from the second")  # the last typed
    page.get_by_role("button", name="Show another version").click()
    expect(aims(page)).to_have_value("from the first")
    page.get_by_role("button", name="Show another version").click()
    expect(aims(page)).to_have_value("from the second")


def test_signing_out_says_what_is_lost_and_leaves_nothing(person: Callable[..., Person]) -> None:
    korea = person(KOREA)
    page = enter(korea)
    page.locator("[name=body]").fill("For nobody else's eyes")
    page.wait_for_timeout(500)
    page.locator("details.menu:visible > summary", has_text="Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("[data-kept-list]")).to_contain_text("For nobody else's eyes")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.locator(".shell--public")).to_be_visible()
    assert kept(page) == []


def test_whoever_signs_in_next_finds_nothing_of_the_one_before(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    page = enter(korea)
    page.locator("[name=body]").fill("For nobody else's eyes")
    page.wait_for_timeout(500)
    korea.context.clear_cookies(name="sessionid")
    korea.sign_in(NIGERIA)
    assert kept(page) == []
    page = enter(korea)
    expect(page.locator("[name=body]")).to_have_value("")


def test_passwords_are_not_kept(person: Callable[..., Person]) -> None:
    korea = person(KOREA)
    page = korea.go("/accounts/password/change/")
    page.fill("[name=oldpassword]", DEMO_PASSWORD)
    korea.go("/")
    assert DEMO_PASSWORD not in page.evaluate("JSON.stringify(localStorage)")
