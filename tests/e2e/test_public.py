"""The public house in a browser: the map by keyboard, its weight, phones, no script, no token."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PATHS = ["/", "/members/", "/members/3/", "/calendar/", "/calendar/7/"]
PICTURES = ("image", "other")  # the map is a picture that the page refers to


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_map_is_walked_by_keyboard(person: Callable[..., Person], language: str) -> None:
    page = person(language=language).go("/members/")
    places = page.locator(".map__place")
    names = places.evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert len(names) == 13
    assert all(" — " in name for name in names)
    places.first.focus()
    for place in range(13):
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused == names[place]
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        expect(places.nth(place).locator(".map__name")).to_be_visible()
        if place < 12:
            expect(places.nth(place + 1).locator(".map__name")).to_be_hidden()
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.atlas__list') !== null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(names[-1].split(" — ")[1])


def test_the_smallest_country_can_be_hit(person: Callable[..., Person]) -> None:
    for viewport in ({"width": 1366, "height": 900}, {"width": 390, "height": 844}):
        page = person(viewport=viewport).go("/members/")
        reach = page.locator(".map__place[aria-label^=Singapore] .map__reach")
        box = reach.bounding_box()
        assert box is not None
        assert box["width"] >= 24 if viewport["width"] < 1000 else box["width"] >= 18
        reach.click()
        expect(page.locator("h1")).to_contain_text("Singapore International Foundation")


def test_a_map_has_its_own_left_and_right(person: Callable[..., Person]) -> None:
    def west_of(page: Page) -> float:
        portugal, korea = (page.locator(f"#shape-{code}").bounding_box() for code in ("PT", "KR"))
        assert portugal is not None
        assert korea is not None
        return korea["x"] - portugal["x"]

    english = west_of(person(language="en").go("/members/"))
    arabic = west_of(person(language="ar").go("/members/"))
    assert english == pytest.approx(arabic, abs=2)
    assert english > 0


@pytest.mark.parametrize("width", [320, 390, 1366, 2560])
def test_no_page_scrolls_sideways(person: Callable[..., Person], width: int) -> None:
    for language in ("ar", "fr"):
        someone = person(language=language, viewport={"width": width, "height": 900})
        for path in PATHS:
            page = someone.go(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_found(person: Callable[..., Person], scheme: str) -> None:
    found = []
    for language, width in (("ar", 390), ("en", 1366)):
        someone = person(
            language=language,
            viewport={"width": width, "height": 900},
            bypass_csp=True,
            color_scheme=scheme,
        )
        for path in PATHS:
            page = someone.go(path)
            for violation in Axe().run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    found.append((language, path, violation["id"], violation["nodes"][0]["html"]))
    assert found == []


def test_pages_work_without_a_script(person: Callable[..., Person]) -> None:
    page = person(
        language="ar", java_script_enabled=False, viewport={"width": 390, "height": 844}
    ).go("/")
    page.locator(".menu--page summary").click()
    page.locator(".menu--page a[href='/ar/members/']").click()
    page.locator("[name=q]").fill("كوريا")
    page.locator("form[role=search] button").click()
    expect(page.locator(".table--members tbody tr")).to_have_count(1)
    page.locator(".house-foot a[lang=fr]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".table--members tbody tr")).to_have_count(1)


def test_strangers_are_left_no_cookie_and_a_page_is_sent_once(
    person: Callable[..., Person],
) -> None:
    someone = person()
    for path in PATHS:
        someone.go(path)
    assert someone.context.cookies() == []
    statuses: list[int] = []
    someone.page.on(
        "response", lambda r: statuses.append(r.status) if r.url.endswith("/members/") else None
    )
    client = someone.context.new_cdp_session(someone.page)
    client.send("Network.enable")
    fresh: list[int] = []
    client.on("Network.responseReceivedExtraInfo", lambda event: fresh.append(event["statusCode"]))
    someone.go("/members/")
    assert statuses
    assert 304 in fresh


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_page_weighs_less_than_a_hundred_kilobytes(
    person: Callable[..., Person], language: str
) -> None:
    """As sent, with styles, scripts and fonts; before pictures."""
    for path in PATHS:
        someone = person(language=language)
        sent: dict[str, int] = {}

        def weigh(request: Request, sent: dict[str, int] = sent) -> None:
            kind = request.resource_type
            sizes: dict[str, Any] = dict(request.sizes())
            weight = int(sizes["responseBodySize"]) + int(sizes["responseHeadersSize"])
            sent[kind] = sent.get(kind, 0) + weight

        someone.page.on("requestfinished", weigh)
        someone.go(path).wait_for_load_state("networkidle")
        heavy = sum(weight for kind, weight in sent.items() if kind not in PICTURES)
        assert heavy < 100_000, (path, sent)


def test_who_verifies_too_many_files_is_told_to_wait(person: Callable[..., Person]) -> None:
    """Ten in a minute; where a minute begins between them, ten more."""
    page = person().go("/verify/")
    letter = {"name": "letter.json", "mimeType": "application/json", "buffer": b"{}"}
    told = page.get_by_role("main").get_by_role("alert")
    answers: list[int] = []
    while 429 not in answers and len(answers) < 21:
        page.locator("[name=file]").set_input_files(letter)  # type: ignore[arg-type]
        with page.expect_response("**/verify/") as answer:
            page.get_by_role("button", name="Verify", exact=True).click()
        expect(page.locator(".upload")).to_have_count(0)
        answers.append(answer.value.status)
    assert answers == [200] * (len(answers) - 1) + [429]
    assert len(answers) > 10
    expect(told).to_contain_text("Many files have come from your connection.")
