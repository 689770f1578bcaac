"""Pictures of an institution in a browser: put in with the keyboard alone, seen by a stranger."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def drawn(size: tuple[int, int], ground: str) -> bytes:
    picture = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(picture)
    for step in range(0, size[0], 60):
        pen.ellipse((step, step // 2, step + 200, step // 2 + 200), outline="white", width=6)
    content = io.BytesIO()
    picture.save(content, "JPEG")
    return content.getvalue()


def press(button: Locator) -> None:
    button.focus()
    button.press("Enter")


def test_pictures_are_put_in_order_and_seen(person: Callable[..., Person], tmp_path: Path) -> None:
    focal = person("focal.ng@demo.example", language="ar")
    page = focal.go("/")
    page.locator("main a[href*='/delegation/'], nav a[href*='/delegation/']").first.click()
    page.locator("main a[href$='/profile/']").click()
    page.locator("main a[href$='/profile/pictures/']").click()
    for number, (size, ground, caption, alternative) in enumerate(
        (
            ((1800, 1200), "darkslategray", "قاعة المؤتمرات في أبوجا", "قاعة فيها مقاعد كثيرة"),
            ((900, 1500), "saddlebrown", "", "بوابة عالية"),
        ),
        start=1,
    ):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(drawn(size, ground))
        page.locator("[name=picture]").set_input_files(path)
        page.locator("[name=caption_ar]").fill(caption)
        page.locator("[name=alternative_ar]").fill(alternative)
        page.locator("[name=credit]").fill("Amina Bello")
        press(page.locator("main form[enctype] .button--primary"))
        expect(page.locator(".pictures-desk > li")).to_have_count(number)
    gate = page.locator(".pictures-desk > li").nth(1)
    press(gate.locator("button[name=place]"))
    expect(page).to_have_url(re.compile(r"#picture-\d+$"))
    expect(page.locator(".pictures-desk img").first).to_have_attribute("alt", "بوابة عالية")

    reader = person(language="ar")
    reader.go(page.url.partition("/profile/")[0].partition("/ar")[2] + "/")
    gallery = reader.page.locator(".gallery")
    gallery.scroll_into_view_if_needed()
    expect(gallery.locator("img")).to_have_count(2)
    hall = gallery.get_by_role("img", name="قاعة فيها مقاعد كثيرة")
    expect(hall).to_have_js_property("complete", True)
    assert hall.evaluate("picture => picture.naturalWidth") == 640
    reader.page.set_viewport_size({"width": 320, "height": 640})
    page_width = "document.documentElement.scrollWidth"
    assert reader.page.evaluate(page_width) <= 320
    press(gallery.get_by_role("link").nth(1))
    expect(reader.page.get_by_role("figure")).to_contain_text("قاعة المؤتمرات في أبوجا")
    assert (
        reader.page.get_by_role("figure")
        .locator("img")
        .evaluate("picture => picture.decode().then(() => picture.naturalWidth)")
        == 1600
    )
    assert reader.page.evaluate(page_width) <= 320

    press(page.locator(".pictures-desk a[href$='/removal/']").first)
    press(page.locator("main form .button--danger"))
    expect(page.locator(".pictures-desk > li")).to_have_count(1)
    press(page.locator("main form[action$='/return/'] button"))
    expect(page.locator(".pictures-desk > li")).to_have_count(2)
    assert focal.errors == []
    assert reader.errors == []
