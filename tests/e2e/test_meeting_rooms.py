"""The room of a meeting, from its opening to its archive."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
OVER = (
    "from datetime import date; from assembly.models import Meeting; "
    "Meeting.objects.filter(kind='board').update(starts_on=date(2020, 1, 2), ends_on=None)"
)


def test_a_board_gets_its_room_talks_and_is_archived_when_it_is_over(
    person: Callable[..., Person], portal: Portal
) -> None:
    office = person("secretariat@demo.example").go("/meetings/new/")
    day = (timezone.now().date() + timedelta(days=10)).isoformat()
    office.locator("[name=kind]").select_option("board")
    office.locator("[name=number]").fill("12")
    office.locator("[name=city_en]").fill("Doha")
    office.locator("[name=starts_on]").fill(day)
    office.locator("[name=ends_on]").fill(day)
    with office.expect_navigation():
        office.locator("main form [type=submit], main form button").last.click()
    meeting = office.url
    main = office.get_by_role("main")
    main.get_by_role("link", name="Open the room").click()
    main.get_by_label("Korea Foundation").check()
    main.get_by_role("button", name="See who will read it").click()
    expect(main.locator("#preview + *")).to_contain_text("1 delegation, 4 people")
    main.get_by_role("button", name="Open the room").click()
    expect(main.locator("h1")).to_have_text("Board meeting no. 12")
    room = office.url.removeprefix(f"{portal.url}/en")
    office.goto(meeting)
    expect(main.get_by_role("link", name="Go to the room")).to_be_visible()

    phone = {"viewport": {"width": 390, "height": 844}}
    delegate = person("head.kr@demo.example", "ar", **phone).go("/rooms/")
    listed = delegate.locator("section", has=delegate.locator("#rooms-meetings"))
    listed.locator(f'.rooms__link[href="/ar{room}"]').click()
    expect(delegate).to_have_url(f"{portal.url}/ar{room}")
    office.goto(f"{portal.url}/en{room}")
    delegate.locator("[name=body]").fill("نقترح أن نبدأ بالميزانية.")
    delegate.locator(".composer__row [type=submit]").click()
    expect(office.locator(".message", has_text="نقترح أن نبدأ")).to_be_visible()

    portal.manage("shell", "-c", OVER)
    office.goto(meeting)
    main.get_by_role("link", name="Archive the room").click()
    office.locator("dialog").get_by_role("button", name="Archive the room").click()
    expect(delegate.locator(".composer__row [type=submit]")).to_be_disabled()
    office.goto(meeting)
    expect(main.get_by_role("link", name="Archive the room")).to_have_count(0)
    stranger = person("head.ng@demo.example")
    stranger.page.goto(meeting)
    expect(stranger.page.locator("h1")).to_have_text("Board meeting no. 12")
    expect(stranger.page.get_by_role("link", name="Go to the room")).to_have_count(0)
