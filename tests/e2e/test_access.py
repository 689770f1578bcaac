"""axe-core over the pages that people live in, in both directions, on desk and phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = {
    "": [
        "/news/",
        "/news/5/",
        "/about/",
        "/about/charter/",
        "/how-to-apply/",
        "/contact/",
        "/privacy/",
        "/",
        "/members/",
        "/apply/",
        "/accounts/login/",
        "/accounts/password/reset/",
    ],
    "head.kr@demo.example": [
        "/",
        "/rooms/",
        "/rooms/1/",
        "/members/1/",
        "/meetings/",
        "/settings/",
    ],
    "secretariat@demo.example": [
        "/",
        "/applications/",
        "/audit-log/",
        "/meetings/new/",
        "/news/",
        "/news/5/edit/",
        "/news/4/pictures/",
        "/news/6/publication/",
        "/pages/",
        "/pages/charter/edit/",
    ],
    "contact.mx@demo.example": ["/", "/applications/"],
}


@pytest.mark.parametrize(("language", "viewport"), [("ar", PHONE), ("en", DESK)])
def test_nothing_serious_is_found(
    person: Callable[..., Person], language: str, viewport: dict[str, int]
) -> None:
    found = []
    for email, paths in PAGES.items():
        someone = person(email, language, viewport=viewport, bypass_csp=True)
        for path in paths:
            page = someone.go(path)
            for violation in Axe().run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    found.append((email, path, violation["id"], violation["nodes"][0]["html"]))
            too_wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            if too_wide:
                found.append((email, path, "scrolls sideways", ""))
    assert found == []
