"""Browsers: the Chromium of this machine, as `make test` found it."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)

from tests.chromium import find_chromium
from tests.processes import (
    DEMO,
    DEMO_PASSWORD,
    OwnValkey,
    Portal,
    create_database,
    demo_template,
    drop_database,
    free_port,
)
from tests.warm import Warm

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

    def arrive(self, email: str) -> "Person":
        """At home, signed in, and the forms for it sent without being looked at."""
        entrance = f"{self.portal.url}/{self.language}/accounts/login/"
        answer = self._post(entrance, entrance, login=email, password=DEMO_PASSWORD)
        home = f"/{self.language}/"
        if answer.headers["location"] != home:  # they read another language
            at = f"{self.portal.url}{answer.headers['location']}"
            choice = f"{self.portal.url}/language/"
            answer = self._post(at, choice, language=self.language, next=home)
        self.go("/")
        expect(self.page.locator(".shell--public")).to_have_count(0)
        return self

    def prove(self) -> "Person":
        """The password once more, as grave acts ask for it."""
        asks = f"{self.portal.url}/{self.language}/accounts/reauthenticate/"
        self._post(asks, asks, password=DEMO_PASSWORD)
        return self

    def _post(self, at: str, to: str, **form: str) -> APIResponse:
        """A form that stands on the page `at`."""
        answer = self.post(at, to, **form)
        assert answer.status == 302, (to, answer.status)
        return answer

    def post(self, at: str, to: str, **form: str) -> APIResponse:
        """Anything, with the key to forms that the page `at` gives; the answer as it is."""
        page = self.context.request.get(at).text()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page
        return self.context.request.post(
            to,
            form={**form, "csrfmiddlewaretoken": token[1]},
            headers={"origin": self.portal.url},
            max_redirects=0,
        )

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.portal.url}/{self.language}{path}")
        return self.page


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """Where the portals of a process stand, one after another, each from nothing. They have all
    their addresses in common, so what is loaded for the first serves the others.
    """
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    yield directory
    Warm.leave()
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def port() -> int:
    return free_port()


@pytest.fixture
def demo_database(ground: Path) -> Iterator[str]:
    name = f"{DEMO}_{ground.name.lower().replace('-', '_')}"
    yield create_database(name, demo_template())
    drop_database(name)


@pytest.fixture
def own_valkey(ground: Path) -> Iterator[OwnValkey]:
    valkey = OwnValkey(ground)
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def portal(
    collected_static: None, ground: Path, port: int, demo_database: str, own_valkey: OwnValkey
) -> Iterator[Portal]:
    """A running portal with the demo network, without its worker (see `worker`).

    At `localhost`: a passkey is bound to a host's name, and 127.0.0.1 is none.
    """
    directory = ground / "portal"
    portal = Portal(
        directory,
        database_url=demo_database,
        redis_url=own_valkey.url,
        port=port,
        host="localhost",
        demo=True,
        warm=True,
    )
    portal.start()
    yield portal
    portal.stop()
    print(f"--- {portal.log}\n{portal.log.read_text(errors='replace')[-20_000:]}")
    shutil.rmtree(directory)


@pytest.fixture
def worker(portal: Portal) -> None:
    """For tests that wait for a letter, a file or whatever else is done in the background."""
    portal.start_worker()


@pytest.fixture
def person(browser: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """Makes people (e-mail, language, more for the browser's context), each in a browser apart."""
    people: list[Person] = []

    def make(email: str = "", language: str = "en", **options: Any) -> Person:
        context = browser.new_context(locale=language, **options)
        context.set_default_timeout(10_000)
        someone = Person(portal, context, language)
        people.append(someone)
        return someone.arrive(email) if email else someone

    yield make
    for someone in people:
        someone.context.close()
        assert someone.errors == []
