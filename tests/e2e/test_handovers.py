"""The presidency passes at its moment: the old office can only read, the new one is at the desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.admission import schedule_handover, wait_for
from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
NEXT = "National Institute for Cultural Orientation"


@pytest.mark.usefixtures("worker")
def test_the_presidency_passes_at_its_moment(person: Callable[..., Person], portal: Portal) -> None:
    delegate = person("delegate.ng@demo.example").go("/")
    expect(delegate.get_by_role("link", name="Audit log")).to_have_count(0)

    office = person("secretariat@demo.example").go("/presidency/")
    main = office.get_by_role("main")
    moment = schedule_handover(office, to=NEXT, people=["Delegate (Nigeria)"], seconds=20)
    expect(main.get_by_role("link", name="Cancel the handover")).to_be_visible()
    office.goto(f"{portal.url}/en/")
    expect(main).to_contain_text("The presidency is to pass to another institution")
    wait_for(office, moment)

    office.goto(f"{portal.url}/en/audit-log/")
    expect(main).to_contain_text("The presidency has passed on")
    expect(main).to_contain_text("handover of the presidency scheduled")
    expect(main.get_by_role("button", name="Prove the whole log")).to_have_count(0)
    office.goto(f"{portal.url}/en/presidency/handover/")
    expect(main.get_by_role("heading", level=1)).to_have_text("Not found")

    delegate.goto(f"{portal.url}/en/audit-log/")
    log = delegate.get_by_role("main")
    expect(log.get_by_role("button", name="Prove the whole log")).to_be_visible()
    expect(log).not_to_contain_text("The presidency has passed on")
    delegate.goto(f"{portal.url}/en/presidency/")
    expect(log).to_contain_text("in effect")
    expect(log.get_by_role("link", name="Hand over the presidency")).to_be_visible()
