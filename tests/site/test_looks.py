"""Every page of the portal in a browser: desk and phone, light and dark, in every language."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.e2e.conftest import browser_type_launch_args  # noqa: F401
from tests.site.eyes import Eyes
from tests.site.places import EVERYBODY, PEOPLE, Found
from tests.site.visit import Site

pytestmark = [pytest.mark.browser, pytest.mark.processes]
LANGUAGES = [language for language, _name in settings.LANGUAGES]
ALWAYS_A_PAGE = "ogu"
FILES = (  # no pages, or no page to look at
    "health",
    "members:application_document",
    "messaging:sync",
    "mfa_download_recovery_codes",
)


def worth_a_look(site: Site, who: str, language: str) -> Iterator[tuple[Found, str]]:
    """Each page, and of each refusal the first: they look alike."""
    refusals = set()
    for place, path in site.pages(who, language):
        letter = place.answers[who]
        if place.name in FILES:
            continue
        if letter in ALWAYS_A_PAGE:
            yield place, path
        elif letter in "nf" and letter not in refusals:
            refusals.add(letter)
            yield place, path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_looks_right(browser: Browser, site: Site, who: str, language: str) -> None:
    look_around(browser, site, who, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_few_see_looks_right(browser: Browser, site: Site, language: str) -> None:
    for who in PEOPLE.keys() - EVERYBODY:
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
