"""The secretariat settles in which languages the network works, and takes it back."""

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAMES = "/settings/network/names/"


def settle(desk: Person, *codes: str) -> None:
    """The places one after another; those that are left over are empty."""
    page = desk.prove().go(NAMES)
    for place, code in enumerate([*codes, "", "", ""][:3], start=1):
        page.locator(f"[name=place_{place}]").select_option(code)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-message]")).to_have_count(1)
    for place, code in enumerate([*codes, "", "", ""][:3], start=1):
        expect(page.locator(f"[name=place_{place}]")).to_have_value(code)


def languages(links: Locator) -> list[str]:
    return [(each or "") for each in links.evaluate_all("all => all.map(each => each.lang)")]


def choices(page: Page) -> list[str]:
    fields = page.locator("main [name=language]")
    if fields.first.evaluate("each => each.tagName") == "SELECT":
        fields = fields.locator("option")
    found: list[str] = fields.evaluate_all("all => all.map(each => each.value)")
    return [value for value in found if value]


def letters(desk: Person) -> set[tuple[str, ...]]:
    """What is offered beside a letter, of all of them."""
    rows = desk.go("/settings/letters/").locator("main tbody tr")
    return {tuple(languages(row.locator("a bdi"))) for row in rows.all()}


def test_two_are_settled_and_all_follow_until_it_is_taken_back(
    person: Callable[..., Person], portal: Portal, demo_database: str
) -> None:
    desk = person("secretariat@demo.example")
    delegate = person("delegate.kr@demo.example")
    stranger = person(language="fr")
    assert letters(desk) == {("ar", "en", "fr")}
    assert choices(delegate.go("/settings/")) == ["ar", "en", "fr"]
    expect(stranger.go("/members/").locator("html")).to_have_attribute("lang", "fr")

    settle(desk, "ar", "en")
    assert letters(desk) == {("ar", "en", "fr")}  # Portugal and Mozambique read on in French
    left = desk.page.get_by_text("no longer offered")
    expect(left).to_have_count(desk.page.locator("main tbody tr").count())
    desk.page.set_viewport_size({"width": 320, "height": 800})
    assert not desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    with psycopg.connect(demo_database) as database:
        database.execute("UPDATE members_user SET language = 'en' WHERE language = 'fr'")
    assert letters(desk) == {("ar", "en")}
    page = stranger.go("/members/?q=a")
    expect(page).to_have_url(f"{portal.url}/ar/members/?q=a")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[hreflang=fr]")).to_have_count(0)
    page.goto(portal.url)  # their browser asks for French
    expect(page).to_have_url(f"{portal.url}/ar/")
    assert choices(delegate.go("/settings/")) == ["ar", "en"]
    desk.go("/settings/network/charter/new/")
    files = desk.page.locator("main input[type=file]")
    assert files.evaluate_all("all => all.map(each => each.name)") == ["file_ar", "file_en"]

    settle(desk)
    assert letters(desk) == {("ar", "en", "fr")}
    expect(stranger.go("/members/").locator("html")).to_have_attribute("lang", "fr")
    assert choices(delegate.go("/settings/")) == ["ar", "en", "fr"]
