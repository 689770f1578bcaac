"""What one is told of: chosen in a room and on its page, in Arabic, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PAGE = "/settings/notifications/"


def test_level_and_rhythm_are_chosen_and_kept(person: Callable[..., Person]) -> None:
    someone = person("head.kr@demo.example", "ar", **PHONE)
    someone.go("/rooms/")  # a phone has the languages in its menu
    page = enter(someone)
    menu = page.locator(".room-level")
    menu.locator("summary").click()
    expect(menu.locator("[aria-current]")).to_have_text("الإشارات إليّ والبيانات")
    box = menu.locator(".menu__panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    menu.get_by_role("button", name="جميع الرسائل").click()
    expect(page.locator("[data-message]")).to_contain_text("تغيّر ما تُشعَرون به")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.locator("[aria-current]")).to_have_text("جميع الرسائل")
    title = page.locator("h1").inner_text()

    menu.locator("a").click()
    expect(page).to_have_url(re.compile(f"/ar{PAGE}$"))
    level = page.get_by_label(title, exact=True)
    expect(level).to_have_value("all")
    level.select_option("nothing")
    page.locator("form:has([name^=room_]) button").click()
    expect(page.get_by_label(title, exact=True)).to_have_value("nothing")

    page.get_by_label("مرة في اليوم", exact=True).check()
    page.locator("[name=daily_hour]").select_option("6")
    page.locator("[name=quiet_from]").select_option("22:00")
    page.locator("form:has([name=rhythm]) button").click()
    expect(page.locator(".error-summary")).to_contain_text("لا بد لساعات الهدوء من بداية ونهاية")
    page.locator("[name=quiet_until]").select_option("07:00")
    page.get_by_label("الجمعة").check()
    page.locator("form:has([name=rhythm]) button").click()
    expect(page.locator("[data-message]")).to_be_visible()
    expect(page.get_by_label("مرة في اليوم", exact=True)).to_be_checked()
    expect(page.locator("[name=quiet_from]")).to_have_value("22:00")
    expect(page.get_by_label("الجمعة")).to_be_checked()


def test_page_says_how_it_stands_with_this_browser_and_asks_nothing_unasked(
    person: Callable[..., Person],
) -> None:
    """Chromium has no push service here: what the page says of it is what can be looked at."""
    someone = person("head.kr@demo.example")
    asked = "Notification.requestPermission = async () => (window.asked = true, 'default')"
    someone.context.add_init_script(asked)
    page = someone.go(PAGE)
    push = page.locator("[data-push]")
    state, button = push.locator("[data-push-state]"), push.locator("[data-push-add] button")
    if page.evaluate("Notification.permission") == "denied":  # as headless browsers have it
        expect(push).to_have_attribute("data-state", "blocked")
        expect(state).to_contain_text("blocked in this browser")
        expect(button).to_be_hidden()
    someone.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', {get: () => 'default'})"
    )
    page.reload()
    expect(push).to_have_attribute("data-state", "off")
    expect(state).to_have_text("This device is not told.")
    assert page.evaluate("window.asked") is None
    button.click()
    wait_until(lambda: page.evaluate("window.asked"))
    expect(push).to_have_attribute("data-state", "off")  # the person did not agree
    someone.context.add_init_script("delete window.PushManager")
    page.reload()
    expect(push).to_have_attribute("data-state", "unsupported")
    expect(button).to_be_hidden()
