"""A poll of opinion, answered by two in their own rooms, in two languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_two_answer_a_poll_and_each_sees_the_others_at_once(
    person: Callable[..., Person],
) -> None:
    korea = person("head.kr@demo.example")
    en, ar = enter(korea), enter(person("head.ng@demo.example", "ar"))
    en.get_by_role("link", name="Poll of opinion").click()
    en.locator("[name=question]").fill("Where do we meet in March?")
    en.locator("[name=options]").fill("الدوحة\nSeoul\nAbuja")
    en.get_by_role("button", name="Ask the room").click()
    mine = en.locator(".message", has=en.locator(".opinion")).last
    theirs = ar.locator(".message", has=ar.locator(".opinion")).last
    expect(mine.locator(".opinion__mark")).to_have_text("Poll of opinion – no legal force")
    expect(theirs.locator(".opinion__mark")).to_have_text("استطلاع رأي – لا أثر قانونيًا له")
    mine.locator("[data-acts]").click()
    expect(mine.get_by_role("button", name="Edit")).to_have_count(0)
    expect(mine.get_by_role("button", name="Delete")).to_have_count(1)

    theirs.locator("[data-opinion-answer]").click()
    expect(theirs.locator(".message__form")).to_contain_text("سجل")
    theirs.get_by_role("radio", name="الدوحة").check()
    theirs.get_by_role("radio", name="الدوحة").press("Enter")
    expect(theirs.locator(".message__form")).to_have_count(0)
    first = mine.locator(".opinion__count").first
    expect(first).to_have_text("1")

    expect(en.locator("[data-room]")).to_have_attribute("data-connection", "live")
    mine.locator("[data-opinion-answer]").click()
    mine.get_by_role("radio", name="الدوحة").check()
    mine.get_by_role("button", name="Answer").click()
    expect(first).to_have_text("2")
    expect(theirs.locator(".opinion__count").first).to_have_text(re.compile("[2٢]"))
    mine.locator("[data-opinion-answer]").click()
    expect(mine.get_by_role("radio", name="الدوحة")).to_be_checked()
    mine.get_by_role("radio", name="Seoul").check()
    mine.get_by_role("button", name="Answer").click()
    expect(first).to_have_text("1")

    mine.get_by_role("link", name="Who answered what").click()
    en.locator("details", has_text="Who answered what").locator("summary").click()
    expect(en.locator("#opinion")).to_contain_text("Head of delegation (Nigeria)")
    en.get_by_role("button", name="Close the poll").click()
    expect(theirs).to_contain_text("مغلق")
    expect(theirs.locator("[data-opinion-answer]")).to_have_count(0)
