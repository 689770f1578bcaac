"""Searching as people do: with the keyboard, in Arabic, from a phone; and the desk it begins on."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_delegate_searches_in_arabic_with_the_keyboard_alone(
    person: Callable[..., Person],
) -> None:
    someone = person("head.kr@demo.example", "ar")
    page = someone.page
    someone.go("/search/")
    field = page.locator("main [data-search]")
    field.focus()
    page.keyboard.type("والثقافه")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert field.input_value() == "والثقافه"
    mark = page.locator("mark").first
    expect(mark).to_contain_text(re.compile("الثقافي|ثقاف"))
    hit = page.locator(".hit", has=page.locator("mark")).first
    assert hit.locator("mark").first.evaluate("m => m.matches(':dir(rtl)')")

    link = page.locator(".hit__title a").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("a => a === document.activeElement"):
            break
    outline = link.evaluate("a => getComputedStyle(a).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/search/"))

    page.go_back()
    expect(page.locator(".hit").first).to_be_visible()
    assert page.locator("main [data-search]").input_value() == "والثقافه"


def test_a_message_of_a_room_is_found_and_opened_where_it_stands(
    person: Callable[..., Person],
) -> None:
    someone = person("head.kr@demo.example", "en", viewport={"width": 390, "height": 800})
    page = someone.page
    someone.go("/search/?q=secretariat&kind=messages")
    hit = page.locator(".hit__title a").first
    seq = (hit.get_attribute("href") or "").partition("#r")[2]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hit.click()
    expect(page.locator(f"#r{seq}")).to_be_in_viewport()


def test_the_results_have_no_serious_barrier(person: Callable[..., Person]) -> None:
    for email, language, path in (
        ("head.kr@demo.example", "ar", "/search/?q=الثقافة"),
        ("secretariat@demo.example", "en", "/"),
        ("focal.kr@demo.example", "fr", "/"),
        ("", "ar", "/search/?q=x"),
    ):
        someone = person(email, language)
        someone.go(path)
        found = Axe().run(someone.page).response["violations"]
        serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], (email, path)


@pytest.mark.parametrize(("language", "width"), [("ar", 320), ("en", 1366)])
def test_every_desk_fits_its_screen(
    person: Callable[..., Person], language: str, width: int
) -> None:
    for email in ("secretariat", "head.kr", "focal.kr", "delegate.kr", "observer", "contact.mx"):
        someone = person(
            f"{email}@demo.example", language, viewport={"width": width, "height": 800}
        )
        page = someone.go("/")
        expect(page.locator("main h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), email
        field = page.locator("header [data-search]")  # framed on all sides, whatever is typed
        assert field.evaluate("field => getComputedStyle(field).borderWidth") == "1px"
        direction = page.locator("html").get_attribute("dir")
        assert direction == ("rtl" if language == "ar" else "ltr")
