"""A running portal full of scenery, and visitors that ask it as a browser does, without one."""

import hashlib
import hmac
import http.client
import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from base64 import b32decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from portal.embedded import ROOT
from tests.processes import (
    DEMO,
    DEMO_PASSWORD,
    OwnValkey,
    Portal,
    collect_static,
    create_database,
    demo_template,
    drop_database,
)
from tests.site.page import Page
from tests.site.places import Found
from tests.site.places.place import PEOPLE

LETTERS = {200: "o", 403: "f", 404: "n", 405: "m", 409: "c", 410: "g", 422: "u", 401: "i"}
TRUSTED_FOR = 240  # seconds; allauth asks for the password again after 300


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_page(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html") and bool(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def letter(self) -> str:
        """As the tables of rights have it."""
        if self.status != 302:
            return LETTERS.get(self.status, str(self.status))
        return "l" if "/accounts/login/" in self.headers["location"] else "r"


class Visitor:
    """Somebody with a connection and cookies of their own."""

    def __init__(self, site: "Site", who: str) -> None:
        self.site, self.who = site, who
        self.connection = http.client.HTTPConnection("127.0.0.1", site.portal.port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.trusted_at = -1e9  # signing in does not count

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def follow(self, path: str) -> Answer:
        """As `get`, and on to where it leads."""
        answer = self.get(path)
        for _step in range(5):
            if answer.status not in (301, 302):
                return answer
            answer = self.get(answer.headers["location"])
        raise AssertionError(f"{path} leads in a circle")

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        """With the token of the last page that had one."""
        return self._ask("POST", path, {**data, "csrfmiddlewaretoken": self.token})

    def sign_in(self) -> "Visitor":
        address, _like = PEOPLE[self.who]
        if not address:
            return self
        if self.who == "guarded":
            return self._guard()
        self.get("/en/accounts/login/")
        answer = self.post("/en/accounts/login/", {"login": address, "password": DEMO_PASSWORD})
        assert answer.status == 302, (self.who, answer.status)
        self.get("/en/")  # the greeting is shown, once
        return self

    def give_password(self) -> None:
        """So that the pages that ask for it again open."""
        if PEOPLE[self.who][0] and time.monotonic() - self.trusted_at > TRUSTED_FOR:
            self.get("/en/accounts/reauthenticate/")
            answer = self.post("/en/accounts/reauthenticate/", {"password": DEMO_PASSWORD})
            assert answer.status == 302, (self.who, answer.status)
            self.trusted_at = time.monotonic()

    def _guard(self) -> "Visitor":
        """Sign in, and set up the second factor."""
        self.get("/en/accounts/login/")
        address, _like = PEOPLE[self.who]
        self.post("/en/accounts/login/", {"login": address, "password": DEMO_PASSWORD})
        self.give_password()
        page = self.get("/en/accounts/2fa/totp/activate/")
        secret = re.search(r"data-key>([A-Z2-7]{16,})<", page.text)
        assert secret, page
        answer = self.post("/en/accounts/2fa/totp/activate/", {"code": code_of(secret.group(1))})
        assert answer.status == 302, answer.text
        return self

    def _ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Answer:
        headers = {"cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        body = None
        if data is not None:
            body = urlencode(data)
            headers |= {
                "content-type": "application/x-www-form-urlencoded",
                "origin": self.site.portal.url,
            }
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except ConnectionError:  # the server had closed it meanwhile: a new one is opened
            self.connection.close()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        answer = Answer(
            response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        )
        if answer.status >= 500:  # never right, and only the log says why
            why = self.site.portal.log.read_text(errors="replace")[-6_000:]
            raise AssertionError(f"{method} {path} as {self.who}: {answer.status}\n{why}")
        for cookie in response.headers.get_all("set-cookie", []):
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.is_page and (
            token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
        ):
            self.token = token.group(1)
        return answer


def code_of(secret: str) -> str:
    """What an authenticator shows now (RFC 6238, six digits, thirty seconds)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class Site:
    """The portal, its places, and who visits them, each signed in once."""

    def __init__(self, portal: Portal, places: list[Found]) -> None:
        self.portal, self.places = portal, places
        self._visitors: dict[str, Visitor] = {}

    def visitor(self, who: str) -> Visitor:
        if who not in self._visitors:
            self._visitors[who] = Visitor(self, who).sign_in()
        return self._visitors[who]

    def leave(self) -> None:
        for visitor in self._visitors.values():
            visitor.connection.close()

    def pages(self, who: str, language: str) -> Iterator[tuple[Found, str]]:
        """Where `who` goes in this language, with the path."""
        for place in self.places:
            if who in place.answers and language in place.paths:
                yield place, place.paths[language]


@contextmanager
def running_site(**environment: str) -> Iterator[Site]:
    """A portal of its own, with the demo network and the scenery, for as long as needed."""
    collect_static()
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    valkey = OwnValkey(directory)
    name = f"{DEMO}_{uuid4().hex[:12]}"
    portal = Portal(
        directory / "portal",
        database_url=create_database(name, demo_template()),
        redis_url=valkey.url,
        demo=True,
        **environment,
    )
    valkey.start()
    try:
        portal.start()
        site = Site(portal, _arranged(portal))
        try:
            yield site
        finally:
            site.leave()
    finally:
        portal.stop()
        drop_database(name)
        valkey.stop()
        shutil.rmtree(directory)


def _arranged(portal: Portal) -> list[Found]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.site"],
        cwd=ROOT,
        env={**portal.environment, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [Found(**found) for found in json.loads(done.stdout.splitlines()[-1])]


def faults_of(answer: Answer, language: str) -> list[str]:
    """What is wrong with a page, whatever it is about."""
    return Page(answer.text).faults(language)
