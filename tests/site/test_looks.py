"""Every page of the portal in a browser: desk and phone, light and dark, in every language."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.e2e.conftest import browser_type_launch_args  # noqa: F401
from tests.site.eyes import Eyes
from tests.site.places import EVERYBODY, PEOPLE, Found
from tests.site.visit import Site

pytestmark = [pytest.mark.browser, pytest.mark.site, pytest.mark.processes]
LANGUAGES = [language for language, _name in settings.LANGUAGES]
FILES = (  # no pages, or no page to look at
    "favicon",
    "health",
    "picture",
    "robots",
    "security_txt",
    "service_worker",
    "signed_heads",
    "signing_keys",
    "sitemap",
    "members:application_document",
    "messaging:counts",
    "messaging:draft",
    "messaging:people",
    "messaging:pins",
    "messaging:attachment",
    "messaging:attachment_preview",
    "messaging:standing",
    "messaging:sync",
    "messaging:transcript",
    "mfa_download_recovery_codes",
    "portal:calendar_feed",
    "portal:calendar_meeting_feed",
    "portal:figures",
    "portal:manifest",
    "portal:news_feed",
)


def worth_a_look(site: Site, who: str, language: str) -> Iterator[tuple[Found, str]]:
    """Every page; its further states in one language each, by turns; of each refusal the first.

    (`test_pages` reads all of them in all languages.)
    """
    seen: Counter[str] = Counter()
    for place, path in site.pages(who, language):
        letter = place.answers[who]
        if place.name in FILES or letter not in "ogunf":
            continue
        kind = letter if letter in "nf" else place.name
        seen[kind] += 1
        further = seen[kind] - 2
        if further < 0 or (kind != letter and LANGUAGES[further % len(LANGUAGES)] == language):
            yield place, path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_looks_right(browser: Browser, site: Site, who: str, language: str) -> None:
    look_around(browser, site, who, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_few_see_looks_right(browser: Browser, site: Site, language: str) -> None:
    for who in PEOPLE:
        if who not in EVERYBODY:
            look_around(browser, site, who, language)


def look_around(browser: Browser, site: Site, who: str, language: str) -> None:
    eyes = Eyes(browser, site, who, language)
    for place, path in worth_a_look(site, who, language):
        if place.asks_password:
            site.visitor(who).give_password()
        eyes.look(path)
        eyes.send_nothing(path)
    eyes.context.close()
    assert eyes.faults == [], "\n".join(eyes.faults)
