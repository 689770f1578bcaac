"""What is told in a page while one looks at something else: politely, once, in one page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_mention_is_told_once_in_one_of_the_pages_and_not_where_the_room_is_in_view(
    person: Callable[..., Person],
) -> None:
    office = enter(person("secretariat@demo.example"))
    korea = person("head.kr@demo.example", "ar")
    korea.go("/rooms/")
    korea.page.set_viewport_size({"width": 390, "height": 844})
    nigeria = person("head.ng@demo.example")
    one = nigeria.go("/members/")
    two = nigeria.context.new_page()
    two.goto(f"{nigeria.portal.url}/en/meetings/")
    for page in (one, two, korea.page):  # they hear what waits
        expect(page.locator(".badge--count[data-count=unread]:visible").first).to_be_visible()
        page.wait_for_timeout(1500)

    write(office, "@[all] The agenda is final.")
    told = korea.page.locator(".toast")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("التعاون في القضايا الثقافية")
    expect(korea.page.locator("[data-announce]")).to_contain_text("أُشير إليكم")
    one.wait_for_timeout(1500)
    assert one.locator(".toast").count() + two.locator(".toast").count() == 1
    assert office.locator(".toast").count() == 0  # who wrote it
    teller = one if one.locator(".toast").count() else two
    assert teller.evaluate("document.activeElement === document.body")  # nobody is interrupted

    # It leads there, can be dismissed, and goes by itself.
    told.get_by_role("button").click()
    korea.page.mouse.move(5, 5)  # it stays while one is at it
    expect(told).to_have_count(0)
    teller.locator(".toast a").click()
    expect(teller.locator(".message", has_text="The agenda is final.")).to_be_in_viewport()
    expect(teller.locator("[data-room]")).to_have_attribute("data-connection", "live")
    other = two if teller is one else one
    write(office, "@[all] Please confirm.")
    expect(teller.locator(".message", has_text="Please confirm.")).to_be_visible()
    expect(told).to_have_count(1)
    other.wait_for_timeout(2000)
    for page in (one, two):
        assert page.locator(".toast").count() == 0
    expect(told).to_have_count(0, timeout=20_000)
