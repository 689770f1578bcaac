"""A statement: submitted from the composer, released by a second person, put right, replied to."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def act(page: Page, line: str, name: str) -> None:
    """Take one of the acts that are offered at a statement."""
    item = page.locator(".message--statement", has_text=line).first
    item.locator("[data-acts]").focus()
    item.locator("[data-acts]").press("Enter")
    item.get_by_role("button", name=name).click()


def test_a_statement_is_released_put_right_and_replied_to(person: Callable[..., Person]) -> None:
    # The head lets a delegate issue statements, and has them released.
    head, delegate = person("head.kr@demo.example"), person("delegate.kr@demo.example", "ar")
    page = head.page
    page.get_by_role("link", name="Members").first.click()
    page.locator("main a:not(.map__place)", has_text="Korea Foundation").first.click()
    page.get_by_role("link", name="The delegation").click()
    page.get_by_role("button", name=re.compile("^Let them issue statements")).first.click()
    page.get_by_role("button", name="Have statements released by a second person").click()
    expect(page.get_by_role("main")).to_contain_text("must be released by a second person")

    kr, ng = enter(head), enter(person("head.ng@demo.example"))

    # Enter sends a message; a statement takes two pages of its own.
    write(kr, "A message by Enter.")
    expect(ng.locator(".message", has_text="A message by Enter.")).to_be_visible()
    kr.locator("[name=body]").fill("Korea **supports** the draft.")
    kr.get_by_role("button", name=re.compile("^Issue as a statement of")).click()
    expect(kr.locator(".statement-preview strong")).to_have_text("supports")
    kr.keyboard.press("Enter")
    expect(kr.get_by_role("heading", level=1)).to_have_text("Issue this statement?")
    kr.get_by_role("button", name="Submit for release").click()
    expect(kr.locator("main .badge")).to_have_text("waits for release")
    expect(kr.get_by_role("button", name="Release and issue")).to_have_count(0)
    expect(ng.locator(".message--statement")).to_have_count(0)

    # The second person finds it in the room, and releases it; it is seen at once.
    ar = enter(delegate)
    ar.locator(".composer__issue a").click()
    ar.locator(".lines a").first.click()
    ar.locator("form[action*=release] button").click()
    expect(ar.locator(".message--statement")).to_have_count(1)
    issued = ng.locator(".message--statement", has_text="supports")
    expect(issued.get_by_role("heading")).to_have_text("Statement of Korea Foundation")
    expect(issued).to_contain_text("released by")
    expect(ng.locator("[data-announcer]")).to_contain_text("Statement of Korea Foundation:")

    # What was typed is taken: it does not stand in the composer again.
    enter(head)
    expect(kr.locator("[name=body]")).to_have_value("")
    kr.locator(".message--statement [data-acts]").press("Enter")
    expect(kr.get_by_role("button", name="Edit")).to_have_count(0)
    kr.keyboard.press("Escape")

    # The delegate submits a corrigendum, the head releases it; the statement's line tells of it.
    act(ar, "supports", "إصدار تصويب")
    ar.locator("[name=body]").fill("For “supports” read “welcomes”.")
    ar.locator("button[value=preview]").click()
    with ar.expect_navigation():
        ar.locator("button[value=issue]").click()
    kr.reload()
    kr.locator(".composer__issue a").click()
    kr.locator(".lines a").first.click()
    kr.get_by_role("button", name="Release and issue").click()
    corrected = issued.locator(".statement__correction a")
    expect(corrected).to_contain_text("Corrected by the corrigendum of")
    corrected.click()
    expect(ng.locator(".message:target")).to_contain_text("welcomes")

    # Nigeria, which asks for no release, replies by right.
    act(ng, "supports", "Right of reply")
    ng.locator("[name=body]").fill("Nigeria is of another view.")
    ng.get_by_role("button", name="Look at it").click()
    ng.get_by_role("button", name="Issue the statement").click()
    reply = kr.locator(".message--statement", has_text="another view")
    expect(reply).to_contain_text("In exercise of the right of reply to the statement of Korea")
