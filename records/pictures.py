"""Pictures that people send, made anew: what a camera wrote into the file stays out of ours."""

import io
import threading
from collections.abc import Sequence
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

CONTENT_TYPE = "image/webp"
QUALITY = 82
_large = threading.Lock()


class Rendition(NamedTuple):
    """A picture in one size, as WebP without any metadata."""

    content: bytes
    width: int
    height: int


def renditions(upload: UploadedFile, widths: Sequence[int]) -> list[Rendition]:
    """`upload` (checked by `records.forms.StoredFileField`) in each width, or its own if narrower.

    Only pixels are taken over, upright: places, cameras, previews and whatever hangs behind the
    picture's end are not.
    """
    pixels = _pixels(upload, 2 * max(widths))
    return [_rendition(pixels, width) for width in widths]


def preview(upload: UploadedFile, width: int, height: int) -> Rendition:
    """`upload`, as above, so small that it is at most so wide and so high.

    Of a large one every process draws one at a time, and small at once: it is of whoever may write.
    """
    with _large:
        pixels = _pixels(upload, 2 * max(width, height), is_shrunk=True)
    return _rendition(pixels, max(1, min(width, pixels.width * height // pixels.height)))


def previews(upload: UploadedFile, sides: Sequence[int]) -> list[Rendition]:
    """`upload`, so small that it is at most so wide and so high, for each of `sides`. As above."""
    with _large:
        pixels = _pixels(upload, 2 * max(sides), is_shrunk=True)
    return [
        _rendition(pixels, max(1, min(side, pixels.width * side // pixels.height)))
        for side in sides
    ]


def _pixels(upload: UploadedFile, reach: int, *, is_shrunk: bool = False) -> Image.Image:
    """What `upload` shows, upright; not much larger than `reach` where that is cheaper, and nowhere
    where it `is_shrunk`.
    """
    upload.seek(0)
    with Image.open(upload) as opened:
        opened.draft("RGB", (reach, reach))  # of a JPEG: decoded small
        if is_shrunk:
            opened.thumbnail((reach, reach), reducing_gap=2.0)
        turned = ImageOps.exif_transpose(opened)
        has_alpha = "A" in turned.getbands() or "transparency" in turned.info
        return turned.convert("RGBA" if has_alpha else "RGB")


def _rendition(pixels: Image.Image, width: int) -> Rendition:
    size = (width, max(1, round(pixels.height * width / pixels.width)))
    fitted = pixels.resize(size, Image.Resampling.LANCZOS) if width < pixels.width else pixels
    bare = Image.new(fitted.mode, fitted.size)
    bare.paste(fitted)
    content = io.BytesIO()
    bare.save(content, "WEBP", quality=QUALITY, method=4)
    return Rendition(content.getvalue(), *bare.size)
