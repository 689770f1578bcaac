"""The secretariat writes a letter in its own words, sees it, and puts it in force."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import DEMO_PASSWORD, Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_letter_is_written_previewed_and_put_in_force(
    person: Callable[..., Person], portal: Portal
) -> None:
    desk = person("secretariat@demo.example").go("/settings/network/")
    main = desk.get_by_role("main")
    main.get_by_role("link", name="Letters about applications").click()
    row = main.get_by_role("row", name="Application submitted whoever writes")
    row.get_by_role("link", name="English").click()
    text = main.get_by_label("Text of the letter")
    expect(text).to_contain_text("The application of {institution} was submitted.")

    text.fill("Dear {name},\n\nwe thank {instituion}.\n\n{link}")
    main.get_by_role("button", name="Preview").click()
    expect(main.get_by_role("alert")).to_contain_text("does not know \u2066{instituion}\u2069")
    expect(text).to_have_value("Dear {name},\n\nwe thank {instituion}.\n\n{link}")

    text.fill("Dear {name},\n\nwe thank <b>{institution}</b>.\n\n{link}")
    main.get_by_role("button", name="Preview").click()
    shown = main.get_by_role("region", name="How it goes out")
    expect(shown.locator("p", has_text="we thank").first).to_have_text(
        "we thank <b>Institute of the Example</b>."
    )
    main.get_by_role("button", name="Put in force").click()
    main.locator("[name=password]").fill(DEMO_PASSWORD)
    main.get_by_role("button", name="Confirm").click()
    expect(main).to_contain_text("Version 1")
    desk.goto(f"{portal.url}/en/settings/letters/")
    expect(row).to_contain_text("own text")
