"""Browsers: the Chromium of this machine, as `make test` found it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.chromium import find_chromium
from tests.processes import DEMO_PASSWORD, OwnValkey, Portal

# Playwright runs its own loop in this thread, and Django would refuse the database beside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox"]}


expect.set_options(timeout=15_000)  # two cores, and a suite beside


class Person:
    """Someone at a browser of their own, signed in. `errors` is what its console complained of."""

    def __init__(self, portal: Portal, context: BrowserContext, language: str) -> None:
        self.portal = portal
        self.context = context
        self.language = language
        self.page = context.new_page()
        self.errors: list[str] = []
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        # A server that is down, and a refusal that the test provoked, are told in the console too.
        told = "WebSocket" in message.text or "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not told:
            self.errors.append(message.text)

    def sign_in(self, email: str) -> "Person":
        self.go("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page.locator(".shell--public")).to_have_count(0)
        choice = self.page.locator(f".languages button[lang={self.language}]:visible")
        if choice.count() and choice.get_attribute("aria-current") is None:
            choice.click()
            expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        return self

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.portal.url}/{self.language}{path}")
        return self.page


@pytest.fixture
def portal(
    portal_process: Callable[..., Portal], demo_database: str, own_valkey: OwnValkey
) -> Portal:
    """A running portal with the demo network and its worker."""
    portal = portal_process(database_url=demo_database, redis_url=own_valkey.url, demo=True)
    portal.start()
    portal.start_worker()
    return portal


@pytest.fixture
def person(browser: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """Makes people (e-mail, language, more for the browser's context), each in a browser apart."""
    people: list[Person] = []

    def make(email: str = "", language: str = "en", **options: Any) -> Person:
        context = browser.new_context(locale=language, **options)
        context.set_default_timeout(10_000)
        someone = Person(portal, context, language)
        people.append(someone)
        return someone.sign_in(email) if email else someone

    yield make
    for someone in people:
        someone.context.close()
        assert someone.errors == []
