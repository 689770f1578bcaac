"""In a browser: a profile waits for its release and comes back with reasons; a member that owes is
written to.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_a_profile_waits_and_a_notice_is_sent_by_a_person(person: Callable[..., Person]) -> None:
    office = person("secretariat@demo.example")
    page = office.go("/profile-releases/")
    page.get_by_role("button", name="Let changes wait").click()
    expect(page.get_by_role("main")).to_contain_text("No profile waits")

    focal = person("focal.ng@demo.example", language="ar")
    own = focal.go("/")
    own.locator("main a[href*='/delegation/'], nav a[href*='/delegation/']").first.click()
    own.locator("main a[href$='/profile/']").click()
    own.locator("[name=short_name_ar]").fill("معهد التوجيه الثقافي")
    own.locator("main form .form-actions button").click()
    expect(own).to_have_url(re.compile(r"/ar/members/\d+/profile/proposals/1/$"))

    page = office.go("/profile-releases/")
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("table")).to_contain_text("معهد التوجيه الثقافي")
    page.locator("[name=reasons]").fill("Write it shorter.")
    with page.expect_navigation():
        page.get_by_role("button", name="Return with these reasons").click()
    own.locator("main a[href$='/profile/']").first.click()
    expect(own.get_by_role("main")).to_contain_text("Write it shorter.")
    own.locator("[name=short_name_ar]").fill("معهد التوجيه")
    with own.expect_navigation():
        own.locator("main form .form-actions button").click()
    page = office.go("/profile-releases/")
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Release: publish it").click()
    institution = own.url.split("/profile/")[0].replace("/ar/", "/en/")
    stranger = person().go("/members/")
    stranger.goto(f"{institution}/")
    expect(stranger.locator(".facts")).to_contain_text("معهد التوجيه")

    page = office.go("/standing/?q=nigeria")
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("link", name="Enter dues").click()
    page.locator("[name=year]").fill("2024")
    page.locator("[name=due_on]").fill("2024-03-31")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Draft a notice").click()
    expect(page.locator("textarea").first).to_have_value(re.compile("2024"))
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("region", name="Notices of the secretariat")).to_contain_text("sent")
