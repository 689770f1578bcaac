"""Makes the icons of the installed portal, from the geometry of `portal/img/mark.svg`."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw

# name: pixels, and how much of the icon the drawing of the mark takes. What a phone cuts out of a
# maskable icon is a circle of 80 %; the tile of the others is the mark's own.
PNGS = {
    "icon-192.png": (192, 1.0),
    "icon-512.png": (512, 1.0),
    "icon-maskable-192.png": (192, 0.72),
    "icon-maskable-512.png": (512, 0.72),
    "apple-touch-icon.png": (180, 0.86),
}
FAVICON = (16, 32, 48)
FINER = 8  # drawn larger and reduced: Pillow draws polygons without smoothing
Points = list[tuple[float, float]]


class Command(BaseCommand):
    help = "Makes the icons under VAR_DIR/build; does nothing where they exist."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--force", action="store_true", help="make them again")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(str(finders.find("portal/img/mark.svg")))
        directory = settings.VAR_DIR / "build" / "portal" / "icons"
        directory.mkdir(parents=True, exist_ok=True)
        for name in [*PNGS, "favicon.ico"]:
            target = directory / name
            newer = target.exists() and target.stat().st_mtime >= source.stat().st_mtime
            if newer and not options["force"]:
                continue
            part = target.with_suffix(".part")  # a run that was cut short leaves no half icon
            if name in PNGS:
                draw(source.read_text(), *PNGS[name]).save(part, "PNG", optimize=True)
            else:
                largest = draw(source.read_text(), FAVICON[-1], 1.0)
                largest.save(part, "ICO", sizes=[(size, size) for size in FAVICON])
            part.replace(target)
            self.stdout.write(f"{name}: {target.stat().st_size} bytes")


def draw(svg: str, size: int, share: float) -> Image.Image:
    """The mark on its ground, `share` of the icon's width; in the size asked for."""
    side, ground, ink, shapes = read_mark(svg)
    image = Image.new("RGB", (size * FINER, size * FINER), ground)
    pen = ImageDraw.Draw(image)
    scale = size * FINER * share / side
    edge = size * FINER * (1 - share) / 2
    for points in shapes:
        pen.polygon([(edge + x * scale, edge + y * scale) for x, y in points], fill=ink)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def read_mark(svg: str) -> tuple[float, str, str, list[Points]]:
    """Side of the view box, colours of ground and drawing, and the polygons of its paths.

    Of a path's commands M m h v l z are known, which is what the mark is drawn with; raises
    ValueError at any other.
    """
    colours = re.findall(r'fill="(#[0-9a-f]{6})"', svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ', svg)
    if len(colours) < 2 or box is None:
        raise ValueError("The mark has no view box or not two colours.")
    shapes: list[Points] = []
    for path in re.findall(r' d="([^"]+)"', svg):
        shapes += _polygons(path)
    return float(box[1]), colours[0], colours[1], shapes


def _polygons(path: str) -> list[Points]:
    shapes: list[Points] = []
    x = y = 0.0
    for command, text in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", text)]
        match command:
            case "M":
                x, y = numbers
                shapes.append([(x, y)])
            case "m":
                x, y = x + numbers[0], y + numbers[1]
                shapes.append([(x, y)])
            case "h":
                x += numbers[0]
                shapes[-1].append((x, y))
            case "v":
                y += numbers[0]
                shapes[-1].append((x, y))
            case "l":
                for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                    x, y = x + dx, y + dy
                    shapes[-1].append((x, y))
            case "z" | "Z":
                x, y = shapes[-1][0]
            case _:
                raise ValueError(f"A path of the mark has the command {command}.")
    return shapes
