"""Small pictures of large ones."""

import io

from PIL import Image

from records.pictures import preview
from tests.files import upload


def test_a_preview_stands_upright_however_the_camera_was_held() -> None:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # Orientation: turned to the right
    Image.new("RGB", (4000, 2000), "olive").save(buffer, "JPEG", exif=exif)
    small = preview(upload(buffer.getvalue(), "a.jpg"), 480, 360)
    assert (small.width, small.height) == (180, 360)


def test_a_preview_of_every_kind_of_pixel() -> None:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        buffer = io.BytesIO()
        Image.new(mode, (900, 300)).save(buffer, "PNG")
        small = preview(upload(buffer.getvalue(), "a.png"), 480, 360)
        assert (small.width, small.height) == (480, 160)
