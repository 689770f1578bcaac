"""Who is mentioned, and what waits, in every tab."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def shown(page: Page, what: str) -> str:
    badge = page.locator(f".side [data-count={what}]")
    return badge.inner_text().split("\n")[0].strip() if badge.is_visible() else ""


def test_counts_come_to_every_tab_and_go_with_what_is_read_in_another(
    person: Callable[..., Person],
) -> None:
    ng, kr = person("head.ng@demo.example"), person("head.kr@demo.example", "ar")
    room = enter(ng)
    room.evaluate("scrollTo(0, document.body.scrollHeight)")
    home = ng.context.new_page()
    home.goto(f"{ng.portal.url}/en/")
    title = home.title()
    others = ng.context.new_page()
    others.goto(f"{ng.portal.url}/en/rooms/")
    before = home.locator(".side [data-figure]").last.inner_text()
    expect(home).to_have_title(re.compile(rf"^(\({before}\) )?{re.escape(title)}$"))

    # The reader is elsewhere: the room's tab is gone.
    address = room.url
    room.goto(f"{ng.portal.url}/en/members/")
    talk = enter(kr)
    write(talk, "@[نيجيريا] صباح الخير")
    refused = talk.locator(".message--pending [role=alert]")
    expect(refused).to_contain_text("نيجيريا")
    talk.get_by_role("button", name="تجاهل").click()
    field = talk.locator("[name=body]")
    expect(field).to_have_value("@[نيجيريا] صباح الخير")

    # By the list, with the keyboard alone.
    field.fill("")
    field.press_sequentially("ما رأي @المعهد الوطني")
    options = talk.locator("[role=option]")
    expect(options.first).to_contain_text("المعهد الوطني للتوجيه الثقافي")
    field.press("ArrowDown")
    field.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(talk.locator("[role=listbox]")).to_be_hidden()
    expect(field).to_have_value(re.compile(r"^ما رأي @\[.*المعهد الوطني للتوجيه الثقافي.*\] $"))
    field.press_sequentially("في البند الثاني؟")
    field.press("Enter")
    expect(talk.locator(".message--pending")).to_have_count(0)
    expect(talk.locator(".message").last.locator("bdi.mention")).to_contain_text("@")
    expect(talk.locator(".message--calls")).to_have_count(0)

    for page in (home, others, room):
        badge = page.locator(".side [data-count=mentions]")
        expect(badge).to_have_text(re.compile("^@1"), timeout=3_000)
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    row = others.locator(
        ".rooms__item", has=others.locator(f"a[href='/en{address.split('/en')[1]}']")
    )
    expect(row.locator("[data-count=mentions]")).to_be_visible()

    # Read in another tab.
    room.goto(address)
    line = room.locator(".message--calls")
    expect(line).to_contain_text("mentions you")
    expect(line.locator(".mention--mine")).to_have_count(1)
    line.scroll_into_view_if_needed()
    for page in (home, others, room):
        expect(page.locator(".side [data-count=mentions]")).to_be_hidden(timeout=5_000)
    expect(row.locator("[data-count=unread]")).to_be_hidden()


def test_a_room_shows_who_is_there_and_who_is_writing(person: Callable[..., Person]) -> None:
    kr = enter(person("head.kr@demo.example", "ar"))
    now = kr.locator("[data-presence]")
    expect(now).to_contain_text("1")
    ng = person("head.ng@demo.example")
    room = enter(ng)
    expect(room.locator("[data-presence]")).to_have_text(re.compile(r"now: 2 of \d+$"))
    expect(now).to_contain_text("2")
    expect(room.locator(".readers__dot")).to_have_count(2)
    writing = room.locator("[data-writing]")
    kr.locator("[name=body]").press_sequentially("صباح")
    expect(writing).to_have_text(re.compile("Korea.* is writing…"))
    expect(kr.locator("[data-writing]")).to_be_hidden()
    expect(writing).to_be_hidden(timeout=8_000)
    room.goto(f"{ng.portal.url}/en/")
    expect(now).to_contain_text("1")
