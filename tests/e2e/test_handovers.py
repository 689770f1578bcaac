"""The presidency passes at its moment: the old office can only read, the new one is at the desk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
NEXT = "next = Institution.objects.get(country='NG'); print(next.pk)"


@pytest.mark.usefixtures("worker")
def test_the_presidency_passes_at_its_moment(person: Callable[..., Person], portal: Portal) -> None:
    delegate = person("delegate.ng@demo.example").go("/")
    expect(delegate.get_by_role("link", name="Audit log")).to_have_count(0)

    office = person("secretariat@demo.example").go("/presidency/")
    main = office.get_by_role("main")
    main.get_by_role("link", name="Hand over the presidency").click()
    number = portal.manage("shell", "-c", f"from members.models import Institution; {NEXT}")
    main.get_by_label("Next institution").select_option(number.split()[-1])
    main.get_by_role("button", name="Go on").click()
    expect(main).to_contain_text("What becomes read-only")
    main.get_by_role("checkbox", name="Delegate").check()
    moment = datetime.now(UTC) + timedelta(seconds=20)
    main.get_by_label("It takes effect").fill(moment.strftime("%Y-%m-%dT%H:%M:%S"))
    main.get_by_role("button", name="Schedule the handover").click()
    expect(main.get_by_role("region", name="Are of the secretariat from")).to_contain_text(
        "Delegate (Nigeria)"
    )
    expect(main.get_by_role("link", name="Cancel the handover")).to_be_visible()
    office.goto(f"{portal.url}/en/")
    expect(main).to_contain_text("The presidency is to pass to another institution")
    left = (moment - datetime.now(UTC)).total_seconds()
    office.wait_for_timeout(max(0, left) * 1000)

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
