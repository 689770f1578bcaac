"""A room for whoever reads ٠١٢٣: rendered once for all, its times are written in the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TIME = "[data-timeline] time >> nth=-1"


def test_times_of_a_room_are_in_the_readers_digits(person: Callable[..., Person]) -> None:
    reader = person("delegate.qa@demo.example", "ar")
    page = reader.go("/settings/")
    page.check("input[name=digits][value=arabic_indic]")
    with page.expect_navigation():
        page.click("main form .button--primary")
    page = reader.go("/rooms/1/")
    expect(page.locator("html")).to_have_attribute("data-digits", "arab")
    expect(page.locator(TIME)).to_have_text(re.compile("^[٠-٩]+ .* · [٠-٩]{2}:[٠-٩]{2}$"))
    writer = person("head.kr@demo.example", "en")
    room = writer.go("/rooms/1/")
    room.fill("[name=body]", "At 10:30 in room 4")
    room.press("[name=body]", "Enter")
    said = page.locator(".message__body", has_text="At 10:30 in room 4")
    expect(said).to_be_visible()  # live, and as it was written
    expect(page.locator(TIME)).to_have_text(re.compile("^[٠-٩]+ "))
    expect(room.locator(TIME)).to_have_text(re.compile("^[0-9]+ "))
