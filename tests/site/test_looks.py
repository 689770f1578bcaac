"""Every page of the portal in a browser: desk and phone, light and dark, in every language."""

import os

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.e2e.conftest import browser_type_launch_args  # noqa: F401
from tests.site.eyes import Eyes
from tests.site.places.place import EVERYBODY, PEOPLE
from tests.site.plan import planned
from tests.site.visit import Site

pytestmark = [pytest.mark.browser, pytest.mark.site, pytest.mark.processes]
LANGUAGES = [language for language, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY[::-1])  # who sees most first: the runs end together
def test_every_page_looks_right(browser: Browser, site: Site, who: str, language: str) -> None:
    look_around(browser, site, who, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_few_see_looks_right(browser: Browser, site: Site, language: str) -> None:
    for who in PEOPLE:
        if who not in EVERYBODY:
            look_around(browser, site, who, language)


def look_around(browser: Browser, site: Site, who: str, language: str) -> None:
    every = bool(os.environ.get("EVERY_LOOK"))
    eyes = Eyes(browser, site, who, language, every=every)
    for look in planned(site.places, every=every):
        if (look.who, look.language) != (who, language):
            continue
        if look.place.asks_password:
            site.visitor(who).give_password()
        eyes.look(look.path, look.ways)
        if look.sends:
            eyes.send_nothing(look.path, look.sends)
    eyes.context.close()
    assert eyes.faults == [], "\n".join(eyes.faults)
