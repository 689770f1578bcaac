"""The secretariat finds people, keeps the filter, and ends two mandates after a look."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_people_are_found_kept_and_their_mandates_ended(person: Callable[..., Person]) -> None:
    office = person("secretariat@demo.example")
    page = office.go("/people/?q=delegate.&capacity=delegate")
    page.get_by_text("Save this filter").click()
    page.get_by_label("Name of the filter").fill("Delegates of the demo")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Delegates of the demo", exact=True)).to_be_visible()

    page.get_by_role("button", name="Table (CSV)").click()
    page.locator("[name=password]").fill(DEMO_PASSWORD)  # a grave act
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("Capacity").first).to_have_value("delegate")  # the list as it was
    with page.expect_download() as file:
        page.get_by_role("button", name="Table (CSV)").click()
    found = file.value.path().read_text("utf-8-sig").splitlines()[1:]
    rows = page.locator("input[name=row]")
    expect(rows).to_have_count(len(found))

    page.get_by_label("all rows of this page").check()
    assert all(box.is_checked() for box in rows.all())
    page.get_by_label("all rows of this page").uncheck()
    for box in rows.all()[:2]:
        box.check()
    page.get_by_role("button", name="End the mandates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("End the mandates")
    fates = page.locator("tbody .badge")
    expect(fates).to_have_text(["will be done", "will be done"])
    press = page.get_by_role("button", name="End the mandates: 2 rows")
    press.click()
    expect(page.locator(".error-summary")).to_contain_text("Reason")
    page.get_by_label("Reason").fill("The delegations were renewed.")
    press.click()
    expect(fates).to_have_text(["done just now", "done just now"])

    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("row").filter(has_text="ended")).to_have_count(2)
    expect(rows).to_have_count(len(found))
    assert office.errors == []
