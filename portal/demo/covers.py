"""Quiet covers for the news of the demo network: patterns in the portal's own colours, no words."""

import io
import math
from collections.abc import Callable
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (1200, 675)
SCALE = 2  # drawn larger and made small: smooth edges
PAPER, PETROL, DEEP, PALE, SAND = "#ebe7dd", "#0c4a55", "#07343d", "#86c3c8", "#b39a5e"
Pen = ImageDraw.ImageDraw


def cover(pattern: str) -> SimpleUploadedFile:
    """A cover as an upload. Raises KeyError for a pattern that nobody drew."""
    return SimpleUploadedFile(f"{pattern}.png", _drawn(pattern), "image/png")


@cache
def _drawn(pattern: str) -> bytes:
    ground, draw = PATTERNS[pattern]
    width, height = SIZE[0] * SCALE, SIZE[1] * SCALE
    image = Image.new("RGB", (width, height), ground)
    draw(ImageDraw.Draw(image), width, height)
    content = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(content, "PNG")
    return content.getvalue()


def _box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return (x - radius, y - radius, x + radius, y + radius)


def _founding(pen: Pen, width: int, height: int) -> None:
    """Nine points around a common centre, each joined to all."""
    x, y, radius = width / 2, height / 2, height * 0.36
    points = [
        (
            x + radius * math.cos(math.tau * n / 9 - math.pi / 2),
            y + radius * math.sin(math.tau * n / 9 - math.pi / 2),
        )
        for n in range(9)
    ]
    for one in range(9):
        for other in range(one + 1, 9):
            pen.line([points[one], points[other]], fill="#3f747c", width=SCALE * 2)
    pen.ellipse(_box(x, y, radius * 1.28), outline=SAND, width=SCALE * 3)
    for point in points:
        pen.ellipse(_box(*point, height * 0.026), fill=PAPER)
    pen.ellipse(_box(x, y, height * 0.045), fill=SAND)


def _assembly(pen: Pen, width: int, height: int) -> None:
    """Rings of seats around an open centre."""
    x, y = width / 2, height * 1.04
    for ring in range(7):
        radius = height * (0.24 + 0.125 * ring)
        seats = 9 + 4 * ring
        for seat in range(seats):
            start = 180 + 180 * seat / seats
            colour = SAND if ring == 3 and seat == seats // 2 else (PETROL, "#4f8188")[ring % 2]
            pen.arc(
                _box(x, y, radius),
                start + 0.9,
                start + 180 / seats - 0.9,
                fill=colour,
                width=round(height * 0.062),
            )


def _admission(pen: Pen, width: int, height: int) -> None:
    """A field of squares in which three are new."""
    side, gap = height * 0.1, height * 0.06
    across, down = 11, 4
    left = (width - across * side - (across - 1) * gap) / 2
    top = (height - down * side - (down - 1) * gap) / 2
    for row in range(down):
        for column in range(across):
            x, y = left + column * (side + gap), top + row * (side + gap)
            if (row, column) in ((1, 7), (2, 3), (2, 8)):
                middle = (x + side / 2, y + side / 2)
                pen.regular_polygon((*middle, side * 0.62), 4, rotation=45, fill=SAND)
            else:
                pen.rectangle((x, y, x + side, y + side), outline=PALE, width=SCALE * 3)


def _handover(pen: Pen, width: int, height: int) -> None:
    """Two discs, one passing into the other."""
    y, radius = height / 2, height * 0.33
    left, right = width / 2 - radius * 0.62, width / 2 + radius * 0.62
    pen.ellipse(_box(left, y, radius), fill=PETROL)
    pen.ellipse(_box(right, y, radius), fill=SAND)
    for step in range(1, 14):
        x = left + (right - left) * step / 14
        pen.ellipse(_box(x, y, radius), outline=PAPER, width=SCALE * 2)


def _voices(pen: Pen, width: int, height: int) -> None:
    """Waves that cross and answer one another."""
    for line in range(15):
        share = line / 14
        colour = SAND if line == 7 else (PALE if line % 2 else "#2f6b74")
        points = [
            (
                x,
                height * (0.2 + 0.6 * share)
                + height * 0.13 * math.sin(math.tau * x / width * 1.5 + share * math.pi)
                + height * 0.05 * math.sin(math.tau * x / width * 4 - share * 5),
            )
            for x in range(0, width + 8, 8)
        ]
        pen.line(points, fill=colour, width=SCALE * (5 if line == 7 else 3), joint="curve")


PATTERNS: dict[str, tuple[str, Callable[[Pen, int, int], None]]] = {
    "founding": (DEEP, _founding),
    "assembly": (PAPER, _assembly),
    "admission": (PETROL, _admission),
    "handover": (PAPER, _handover),
    "voices": (DEEP, _voices),
}
