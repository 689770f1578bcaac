"""What makes the portal installable, and what its worker keeps (the rest is in tests/e2e)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from PIL import Image

from portal import views_app
from portal.management.commands.build_icons import draw, read_mark
from portal.theme import TOKENS, colour
from tests.factories import Cast

MARK = Path(str(finders.find("portal/img/mark.svg"))).read_text()
LANGUAGES = {"ar": "rtl", "en": "ltr", "fr": "ltr"}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    views_app._kept.cache_clear()


# --- The manifest ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "direction"), LANGUAGES.items())
def test_the_manifest_speaks_its_language(
    client: Client, db: None, language: str, direction: str
) -> None:
    response = client.get(f"/{language}/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert response["Cache-Control"] == "public, max-age=3600"
    manifest = json.loads(response.content)
    assert (manifest["lang"], manifest["dir"]) == (language, direction)
    assert (manifest["start_url"], manifest["scope"], manifest["id"]) == (f"/{language}/", "/", "/")
    assert manifest["display"] == "standalone"
    assert manifest["short_name"] == ("مجلس" if language == "ar" else "Majlis")
    assert manifest["name"].startswith(manifest["short_name"])
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        (f"{size}x{size}", purpose) for size in (192, 512) for purpose in ("any", "maskable")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_manifest_icons_and_colours(
    client: Client, db: None, language: str
) -> None:
    for path, status in (("/", 200), ("/nowhere/", 404)):
        page = client.get(f"/{language}{path}").content.decode()
        assert f'<link rel="manifest" href="/{language}/manifest.webmanifest">' in page, status
        assert 'rel="apple-touch-icon"' in page
        assert page.count(f'<meta name="theme-color" content="{colour("frame")}">') == 1


def test_a_colour_is_that_of_the_sheet() -> None:
    assert colour("paper") in TOKENS.read_text()
    assert int(colour("paper")[1:3], 16) > 0xE0 > 0x30 > int(colour("frame")[1:3], 16)
    with pytest.raises(LookupError):
        colour("mauve")


# --- Icons ----------------------------------------------------------------------------------------
def test_the_icons_are_made_once(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    call_command("build_icons", verbosity=0)
    icons = tmp_path / "build" / "portal" / "icons"
    sizes = {}
    for path in icons.iterdir():
        with Image.open(path) as image:
            sizes[path.name] = image.size
            if path.suffix == ".ico":
                assert image.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert sizes == {
        "icon-192.png": (192, 192),
        "icon-512.png": (512, 512),
        "icon-maskable-192.png": (192, 192),
        "icon-maskable-512.png": (512, 512),
        "apple-touch-icon.png": (180, 180),
        "favicon.ico": (48, 48),
    }
    made = {path: path.stat().st_mtime_ns for path in icons.iterdir()}
    call_command("build_icons", verbosity=0)
    assert {path: path.stat().st_mtime_ns for path in icons.iterdir()} == made


def test_a_maskable_icon_can_be_cut_to_a_circle() -> None:
    """Everything drawn lies within the circle of 80 % that no platform cuts into."""
    icon = draw(MARK, 200, 0.72)
    _side, ground, _ink, _shapes = read_mark(MARK)
    colour = tuple(int(ground[i : i + 2], 16) for i in (1, 3, 5))
    drawn = [(x, y) for x in range(200) for y in range(200) if icon.getpixel((x, y)) != colour]
    assert drawn
    assert all((x - 100) ** 2 + (y - 100) ** 2 <= 80**2 for x, y in drawn)


def test_a_mark_that_cannot_be_drawn_is_told() -> None:
    with pytest.raises(ValueError, match="command c"):
        read_mark(MARK.replace("M3 11h3", "M3 11c1 1 1 1 1 1h3"))


def test_a_browser_that_asks_for_a_favicon_gets_one(client: Client, db: None) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/portal/icons/favicon.ico")


# --- The worker and its page ----------------------------------------------------------------------
def test_the_worker_rules_the_whole_portal_and_is_asked_for_anew(
    client: Client, db: None, collected_static: None
) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in response["Content-Security-Policy"]
    kept = json.loads(re.search(r"const KEPT = (.+);\n", response.content.decode())[1])  # type: ignore[index]
    assert kept["pages"] == {language: f"/{language}/offline/" for language in LANGUAGES}
    for name in views_app.OFFLINE_FILES:
        assert finders.find(name), name
    for file in kept["files"]:
        assert file.startswith("/static/")


def test_another_page_makes_another_worker(client: Client, db: None, settings: Any) -> None:
    first = client.get("/sw.js").content
    views_app._kept.cache_clear()
    assert client.get("/sw.js").content == first
    settings.NETWORK_NAME = {"en": "Another network"}
    views_app._kept.cache_clear()
    assert client.get("/sw.js").content != first


@pytest.mark.parametrize(("language", "direction"), LANGUAGES.items())
def test_the_page_without_a_network_is_the_same_to_everybody(
    client: Client, cast: Cast, language: str, direction: str
) -> None:
    stranger = client.get(f"/{language}/offline/").content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in stranger
    for other in LANGUAGES.keys() - {language}:
        assert f'<p lang="{other}" dir="{LANGUAGES[other]}">' in stranger
    client.force_login(cast.amal)
    cast.amal.theme = "dark"
    cast.amal.save(update_fields=["theme"])
    assert client.get(f"/{language}/offline/").content.decode() == stranger
    assert "csrfmiddlewaretoken" not in stranger


def test_a_page_says_whose_drafts_it_may_keep(client: Client, cast: Cast) -> None:
    page = client.get("/en/").content.decode()
    assert 'data-person=""' in page
    client.force_login(cast.amal)
    assert f'data-person="{cast.amal.pk}"' in client.get("/en/").content.decode()
