"""A chair sets a date and a member's file gets its second version: seen by an observer's clocks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.files import PDF
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
NAME = "Political matters"


def test_a_group_keeps_its_files_and_its_calendar(
    person: Callable[..., Person], portal: Portal
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}}
    chair = person("head.tr@demo.example").go("/groups/")
    chair.get_by_role("link", name=NAME).click()
    chair.get_by_role("link", name="Files of the group").click()
    main = chair.get_by_role("main")
    main.locator("[name=title]").fill("Outline of the report")
    main.locator("[name=file]").set_input_files(
        {"name": "outline.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    main.get_by_role("button", name="Put in").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Outline of the report")
    main.locator("[name=file]").set_input_files(
        {"name": "outline-2.pdf", "mimeType": "application/pdf", "buffer": PDF + b"%2\n%%EOF\n"}
    )
    main.get_by_role("button", name="Save").click()
    expect(main.get_by_role("region", name="Versions").get_by_role("listitem")).to_have_count(2)

    main.get_by_role("link", name=NAME).click()
    main.get_by_role("link", name="Calendar of the group").click()
    main.get_by_role("link", name="Set a date").click()
    main.get_by_label("Title · English").fill("Reading of the outline")
    main.get_by_label("First day").fill("2027-06-01")
    main.get_by_label("Begins at").fill("10:00")
    main.get_by_label("Ends at").fill("11:30")
    main.get_by_label("Time zone of these hours").select_option("Europe/Istanbul")
    main.get_by_role("button", name="Save").click()
    expect(main.get_by_role("heading", level=1)).to_have_text("Reading of the outline")
    number = chair.url.rstrip("/").rpartition("/")[2]

    main.get_by_role("link", name=NAME).click()
    expect(main.get_by_role("region", name="Calendar")).to_contain_text("Reading of the outline")
    with chair.expect_download() as got:
        chair.evaluate(f"location.href = location.pathname + 'calendar/{number}.ics'")
    assert "SUMMARY" in got.value.path().read_text()

    office = person("secretariat@demo.example", "ar", **phone).go(chair.url.partition("/en")[2])
    section = office.locator("section", has=office.locator("#calendar"))
    expect(section).to_contain_text("Reading of the outline")
