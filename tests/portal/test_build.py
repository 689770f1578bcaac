"""What is made before the portal serves: the map's shapes, the pictures of links."""

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from PIL import Image

from portal.management.commands import build_cards, build_map

RECTANGLE = [(0.0, 0.0), (10.0, 0.1), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0)]


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "build" / "portal"


# --- The map --------------------------------------------------------------------------------------


def test_the_world_is_one_small_shape_without_borders(place: Path) -> None:
    call_command("build_map", verbosity=0)
    world = (place / "map" / "world.svg").read_text()
    assert len(world) <= 40_000
    root = ElementTree.fromstring(world)  # noqa: S314
    assert [child.get("id") for child in root] == ["land"]
    assert "metadata" not in world
    assert "style" not in world


def test_every_country_has_its_place(place: Path) -> None:
    call_command("build_map", verbosity=0)
    shapes = json.loads((place / "map" / "countries.json").read_text())
    left, top, width, height = shapes["box"]
    assert len(shapes["countries"]) > 240
    assert {"QA", "SG", "PS", "XK", "TW", "KR"} <= shapes["countries"].keys()
    for code, shape in shapes["countries"].items():
        x, y = shape["at"]
        if shape["d"]:
            assert left <= x <= left + width, code
            assert top <= y <= top + height, code
            assert re.fullmatch(r"(m[-\d. ]+z)+", shape["d"]), code
        else:
            assert shape["small"], code
        assert len(shape["d"]) < 9_000, code


def test_the_map_is_made_once(place: Path) -> None:
    call_command("build_map", verbosity=0)
    shapes = place / "map" / "countries.json"
    shapes.write_text("{}")
    call_command("build_map", verbosity=0)
    assert shapes.read_text() == "{}"
    call_command("build_map", force=True, verbosity=0, stdout=io.StringIO())
    assert shapes.read_text() != "{}"


def test_a_line_loses_what_does_not_show() -> None:
    assert build_map.thin(RECTANGLE, 1) == [p for p in RECTANGLE if p != (10.0, 0.1)]
    assert build_map.path_of([RECTANGLE]) == "m0 0 10 0 10 0 0 10-20 0z"


def test_a_path_is_read_as_it_is_drawn() -> None:
    assert list(build_map.flatten("M1,2 l3 4 h-1 v2 z m10 0 L0 0")) == [
        [(1, 2), (4, 6), (3, 6), (3, 8)],
        [(11, 2), (0, 0)],
    ]
    (curve,) = build_map.flatten("m 0,0 c 0,1 1,2 3,3")
    assert curve[-1] == (3, 3)


# --- The pictures ---------------------------------------------------------------------------------


def test_each_language_has_its_picture(place: Path, settings: Any) -> None:
    call_command("build_cards", verbosity=0)
    made = {path.name for path in (place / "cards").iterdir()}
    assert made == {f"{code}.png" for code, _name in settings.LANGUAGES}
    for path in (place / "cards").iterdir():
        assert path.stat().st_size < 100_000
        with Image.open(path) as picture:
            assert picture.size == (1200, 630)


def test_a_picture_is_made_again_when_its_words_change(place: Path, settings: Any) -> None:
    call_command("build_cards", verbosity=0)
    arabic, english = place / "cards" / "ar.png", place / "cards" / "en.png"
    before = arabic.read_bytes(), english.stat().st_mtime_ns
    settings.NETWORK_NAME = {**settings.NETWORK_NAME, "ar": "شبكة أخرى"}
    call_command("build_cards", verbosity=0)
    assert arabic.read_bytes() != before[0]
    assert english.stat().st_mtime_ns == before[1]


def test_words_of_a_picture_are_those_of_its_language() -> None:
    assert build_cards.words_of("ar")["direction"] == "rtl"
    assert build_cards.words_of("fr")["name"] == "Réseau mondial de diplomatie publique"


def test_a_name_cannot_write_the_picture(place: Path, settings: Any) -> None:
    settings.NETWORK_NAME = {"en": '#panic("x") $ \\ "quoted" @label *bold*'}
    call_command("build_cards", verbosity=0)
    assert (place / "cards" / "en.png").exists()
