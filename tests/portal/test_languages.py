"""Every text in three languages; the reader's choice is remembered."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from portal.embedded import ROOT
from portal.translations import catalogues
from tests.factories import Cast

CATALOGUES = [str(path.relative_to(ROOT)) for path in catalogues(ROOT)]


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_has_no_gap(catalogue: str) -> None:
    path = Path(ROOT / catalogue)
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, path.parent.parent.name) if entry.id]
    gaps = [
        entry.id
        for entry in entries
        if entry.fuzzy
        or not entry.string
        or (isinstance(entry.string, tuple | list) and not all(entry.string))
    ]
    assert gaps == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_translation_keeps_its_placeholders(catalogue: str) -> None:
    path = Path(ROOT / catalogue)
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, path.parent.parent.name) if entry.id]
    lost = []
    for entry in entries:
        wanted = set(re.findall(r"%\(\w+\)[sd]", " ".join(_forms(entry.id))))
        for form in _forms(entry.string):
            found = set(re.findall(r"%\(\w+\)[sd]", form))
            # A plural form may say the number in words ("one", the Arabic dual).
            if not found <= wanted or (isinstance(entry.id, str) and found != wanted):
                lost.append(entry.id)
    assert lost == []


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_a_page_says_its_language_and_direction(
    client: Client, language: str, direction: str
) -> None:
    page = client.get(f"/{language}/").content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert settings.NETWORK_NAME[language] in page


@pytest.mark.django_db
def test_the_bare_address_leads_to_the_browsers_language(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "fr-CH, ar;q=0.5"})
    assert response.headers["location"] == "/fr/"


def test_the_choice_is_remembered_by_the_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    response = client.post("/language/", {"language": "ar", "next": "/en/members/?q=seoul"})
    assert response.headers["location"] == "/ar/members/?q=seoul"
    cast.amal.refresh_from_db()
    assert cast.amal.language == "ar"


@pytest.mark.django_db
def test_the_choice_leads_nowhere_else(client: Client) -> None:
    response = client.post("/language/", {"language": "ar", "next": "https://elsewhere.example/"})
    assert response.headers["location"] in ("/", "/ar/")


@pytest.mark.django_db
def test_an_unknown_language_is_refused(client: Client) -> None:
    assert client.post("/language/", {"language": "tlh"}).status_code == 400


@pytest.mark.django_db
def test_the_choice_is_remembered_by_the_browser(client: Client) -> None:
    client.post("/language/", {"language": "fr", "next": "/en/"})
    assert client.get("/").headers["location"] == "/fr/"


def test_a_text_of_another_language_says_so() -> None:
    template = Template("{{ names|spoken }}")
    with translation.override("ar"):
        assert template.render(Context({"names": {"en": "Seoul"}})) == '<bdi lang="en">Seoul</bdi>'
        assert template.render(Context({"names": {"en": "Seoul", "ar": "سول"}})) == "<bdi>سول</bdi>"


def test_blocks_of_a_text_take_their_own_direction() -> None:
    html = Template("{{ text|paragraphs }}").render(Context({"text": "<b>\n\nمرحبا\nبكم"}))
    assert html == '<p dir="auto">&lt;b&gt;</p><p dir="auto">مرحبا<br>بكم</p>'
