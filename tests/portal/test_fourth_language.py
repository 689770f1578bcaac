"""A language that Majlis does not bring, added by the step that docs/languages.md describes.

The words are a pseudo-translation: what a page says without the marks, it does not say through
the catalogue.
"""

import email
import email.policy
import re
import shutil
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, Request, build_opener

import pytest
from babel.messages.catalog import Catalog

from portal.embedded import ROOT
from portal.languages import is_right_to_left, own_name
from portal.translations import faults_of, fill_with_pseudo, new_catalogue, pseudo
from tests.processes import DEMO_PASSWORD, OwnValkey, Portal, wait_until

MARK = "[!!!"


# --- The catalogue ------------------------------------------------------------------------------
def test_a_pseudo_translation_keeps_placeholders_and_markup() -> None:
    assert pseudo("Sign in") == "[!!! Śíĝñ íñ !!!]"
    assert pseudo("<bdi>%(name)s</bdi> & {x}: 100 %% of %d&nbsp;") == (
        "[!!! <bdi>%(name)s</bdi> & {x}: 100 %% óƒ %d&nbsp; !!!]"
    )
    assert pseudo("") == ""


@pytest.mark.parametrize(("locale", "plurals"), [("tr", 1), ("ko", 1), ("pl", 3), ("pt_BR", 2)])
def test_a_new_catalogue_has_everything_the_portal_says(locale: str, plurals: int) -> None:
    catalogue = new_catalogue(locale, ROOT)
    assert catalogue.num_plurals == plurals
    assert {reason for _key, reason in faults_of(catalogue)} == {"is not translated"}
    fill_with_pseudo(catalogue)
    assert list(faults_of(catalogue)) == []


def test_what_was_translated_is_kept_when_the_portal_says_more() -> None:
    old = Catalog(locale="tr")
    old.add("Sign in", "Giriş yap")
    old.add("said no more", "artık yok")
    new = new_catalogue("tr", ROOT, old)
    found = new.get("Sign in")
    assert found is not None
    assert found.string == "Giriş yap"
    assert new.get("said no more") is None


def test_a_language_is_called_as_its_speakers_call_it() -> None:
    assert [own_name(code) for code in ("tr", "ko", "pt-br", "zh-hans", "ar")] == [
        "Türkçe",
        "한국어",
        "Português (Brasil)",
        "中文 (简体)",
        "العربية",
    ]
    assert [code for code in ("ar", "tr", "ps", "ur", "xx") if is_right_to_left(code)] == [
        "ar",
        "ps",
        "ur",
    ]


# --- The portal ---------------------------------------------------------------------------------
class Patience(HTTPErrorProcessor):
    """A refusal is an answer too; where to is followed."""

    def http_response(self, request: Request, response: Any) -> Any:
        return super().http_response(request, response) if response.code < 400 else response


class Reader:
    """A browser without a screen."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), Patience())

    def get(self, path: str) -> str:
        return self._open(Request(self.portal.url + path))  # noqa: S310  our own

    def post(self, path: str, **typed: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token is not None
        data = urlencode({"csrfmiddlewaretoken": token[1], **typed}).encode()
        headers = {"Origin": self.portal.url}
        return self._open(Request(self.portal.url + path, data, headers))  # noqa: S310

    def _open(self, request: Request) -> str:
        with self.opener.open(request, timeout=20) as answer:
            assert answer.status < 500, self.portal.log.read_text()[-3000:]
            return str(answer.read().decode())


@pytest.fixture
def portal(
    portal_process: Callable[..., Portal], demo_database: str, own_valkey: OwnValkey
) -> Portal:
    """With Turkish, and with Urdu, which runs from the right, as the documented step adds them."""
    portal = portal_process(
        database_url=demo_database,
        redis_url=own_valkey.url,
        demo=True,
        LANGUAGES="ar,en,fr,tr,ur",
        NETWORK_NAME_TR="Küresel Kamu Diplomasisi Ağı",
    )
    for language in ("tr", "ur"):
        portal.manage("make_catalogue", language, "--pseudo")
    for name in ("static", "build"):  # shared with the other tests; this one's has more languages
        shared = portal.directory / name
        source = shared.resolve()
        shared.unlink()
        shutil.copytree(source, shared)
    portal.manage("prepare", "--files")
    portal.start()
    portal.start_worker()
    return portal


@pytest.mark.processes
def test_a_fourth_language_is_a_setting_and_a_catalogue(portal: Portal) -> None:
    assert portal.manage("makemigrations", "--check", "--dry-run").strip() == "No changes detected"
    reader = Reader(portal)
    page = reader.get("/tr/")
    assert '<html lang="tr" dir="ltr">' in page
    assert "<bdi>Küresel Kamu Diplomasisi Ağı</bdi>" in page
    assert re.search(r'lang="tr"[^>]*aria-current="true"[^>]*>Türkçe</', page)
    assert MARK in page
    assert re.search(r'content="[^"]+/portal/cards/tr\.\w+\.png"', page)
    page = reader.get("/ur/")
    assert '<html lang="ur" dir="rtl">' in page
    assert '<bdi lang="en">Global Public Diplomacy Network</bdi>' in page  # and says so
    assert "اردو" in page

    # Its reader signs in, chooses it, and finds every page in it.
    reader.post("/tr/accounts/login/", login="secretariat@demo.example", password=DEMO_PASSWORD)
    page = reader.get("/tr/settings/")
    assert 'value="tr"' in page
    typed = {"name": "Secretariat", "language": "tr", "time_zone": "Europe/Istanbul"}
    assert '<html lang="tr"' in reader.post("/tr/settings/", **typed)
    for path in (
        "/",
        "/members/",
        "/members/1/",
        "/members/1/delegation/",
        "/members/1/profile/",
        "/rooms/",
        "/rooms/1/",
        "/meetings/",
        "/meetings/1/",
        "/meetings/new/",
        "/applications/",
        "/audit-log/",
        "/settings/countries/",
        "/settings/countries/KR/",
        "/search/?q=korea",
        "/nowhere/",
    ):
        for language, direction in (("tr", "ltr"), ("ur", "rtl")):
            page = reader.get(f"/{language}{path}")
            assert f'<html lang="{language}" dir="{direction}"' in page, path
            assert MARK in page, path

    # Forms with texts in several languages have it too.
    page = reader.get("/tr/members/1/profile/")
    assert 'name="description_tr"' in page
    assert 'name="description_ur"' in page
    assert 'dir="rtl"' in page
    states = {f"state_{code}": "final" for code in ("ar", "en", "fr", "tr", "ur")}
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    reader.post("/tr/members/1/profile/", version=version, name_en="A", name_tr="Vakıf", **states)
    assert "<h1><bdi>Vakıf</bdi></h1>" in reader.get("/tr/members/1/")
    page = reader.post("/tr/settings/countries/KR/", name_tr="Kore Cumhuriyeti", is_on_map="on")
    assert "<bdi>Kore Cumhuriyeti</bdi>" in page

    # A letter in it.
    reader.post(
        "/tr/members/1/delegation/invitations/",
        email="new@demo.example",
        name="Yeni",
        capacity="delegate",
        language="tr",
    )
    letter = letter_to(portal, "new@demo.example")
    assert letter["Content-Language"] == "tr"
    assert MARK in str(letter["Subject"])
    html = letter.get_body(("html",))
    assert html is not None
    assert '<html lang="tr" dir="ltr">' in html.get_content()
    assert f"{portal.url}/tr/invitations/" in html.get_content()


def letter_to(portal: Portal, address: str) -> email.message.EmailMessage:
    folder = Path(portal.environment["VAR_DIR"]) / "mail"
    found: list[email.message.EmailMessage] = []

    def arrived() -> bool:
        for path in folder.glob("*"):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]):
                found.append(message)
        return bool(found)

    wait_until(arrived, what=f"a letter to {address}")
    return found[0]
