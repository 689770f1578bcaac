"""A delegate takes a calendar address, and its delegation's page tells who comes, unasked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]
COLLEAGUE = "Delegate"


def test_an_address_for_ones_calendar_and_a_page_that_tells_who_is_there(
    person: Callable[..., Person], portal: Portal
) -> None:
    delegate = person("head.kr@demo.example")
    page = delegate.prove().go("/settings/")
    main = page.get_by_role("main")
    main.get_by_role("link", name="An address by which").click()
    main.get_by_role("button", name="Make my address").click()
    address = main.locator("#address").inner_text()
    assert address.endswith(".ics")
    path = address.partition("/en/")[2]
    stranger = person()
    answer = stranger.context.request.get(f"{portal.url}/en/{path}")
    assert (answer.status, answer.text()[:15]) == (200, "BEGIN:VCALENDAR")
    main.get_by_role("button", name="Have no address any more").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Settings")
    assert stranger.context.request.get(f"{portal.url}/en/{path}").status == 404

    page = delegate.go("/members/")
    page.locator("main a[href*='/delegation/'], nav a[href*='/delegation/']").first.click()
    line = page.locator("[data-presence-address]")
    colleague = page.locator("tr", has_text=COLLEAGUE).locator("[data-present-user]")
    expect(colleague).to_be_hidden()
    person("delegate.kr@demo.example", "ar")

    def told() -> bool:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # not after 30 s
        return "2 people of the delegation are present now." in line.inner_text()

    wait_until(told, what="the page that tells who is there")
    expect(colleague).to_be_visible()
