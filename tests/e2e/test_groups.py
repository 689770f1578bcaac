"""An institution asks to join a group, is let in, and writes in the group's room."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
NAME = "Political matters"


def test_a_focal_point_asks_the_chair_accepts_and_the_room_is_theirs(
    person: Callable[..., Person], portal: Portal
) -> None:
    asker = person("focal.ng@demo.example").go("/groups/")
    asker.get_by_role("link", name=NAME).click()
    main = asker.get_by_role("main")
    expect(main).to_contain_text("To review the progress made in cooperation on political matters")
    expect(main).to_contain_text("Its rooms are open to its members")
    main.get_by_role("link", name="Ask to join").click()
    main.get_by_label("What you wish to bring").fill("We host the next round of talks.")
    main.get_by_role("button", name="Send the request").click()
    expect(main).to_contain_text("waits for an answer")

    phone = {"viewport": {"width": 390, "height": 844}}
    chair = person("head.tr@demo.example", "ar", **phone).go("/")
    chair.get_by_role("main").locator("a[href*='/join-requests/']").first.click()
    expect(chair.get_by_role("main")).to_contain_text("We host the next round of talks.")
    chair.locator("form[action$='/acceptance/'] button").click()
    members = chair.locator("section", has=chair.locator("#member"))
    expect(members.locator("li", has_text="نيجيريا")).to_have_count(1)

    asker.goto(f"{portal.url}/en/groups/")
    expect(asker.get_by_role("row", name=NAME)).to_contain_text("yours: member")
    asker.get_by_role("link", name=NAME).click()
    main.get_by_role("region", name="Rooms of the group").get_by_role("link", name=NAME).click()
    asker.locator("[name=body]").fill("Good morning to all of you.")
    asker.locator(".composer__row [type=submit]").click()
    expect(asker.locator(".message", has_text="Good morning to all of you.")).to_be_visible()
