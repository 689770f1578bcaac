"""Messages are edited and deleted, in two browsers at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_an_edit_and_a_deletion_are_seen_at_once_and_explain_themselves(
    person: Callable[..., Person],
) -> None:
    en, ar = enter(person("head.kr@demo.example")), enter(person("secretariat@demo.example", "ar"))
    write(en, "We meet on Monday.")
    theirs = ar.locator(".message", has_text="We meet on")
    expect(theirs).to_be_visible()
    expect(en.locator(".message--pending")).to_have_count(0)

    # The last message by ArrowUp; Escape leaves it as it was.
    composer = en.locator("[name=body]")
    composer.press("ArrowUp")
    field = en.locator(".message__form textarea")
    expect(field).to_have_value("We meet on Monday.")
    field.press("Escape")
    expect(field).to_have_count(0)

    composer.press("ArrowUp")
    field.fill("We meet on Tuesday.")
    field.press("Enter")
    expect(field).to_have_count(0)
    expect(theirs.locator(".message__body")).to_have_text("We meet on Tuesday.")
    expect(theirs.locator(".message__edited")).to_be_visible()
    assert theirs.count() == 1

    # Another's message is not edited; who chairs deletes it, with a reason.
    theirs.locator("[data-acts]").focus()
    theirs.locator("[data-acts]").press("Enter")
    expect(theirs.get_by_role("button", name="تحرير")).to_have_count(0)
    theirs.get_by_role("button", name="حذف").click()
    theirs.get_by_role("button", name="حذف").click()
    expect(theirs.locator("[role=alert]")).not_to_be_empty()
    line = ar.locator(f"#{theirs.get_attribute('id')}")
    line.locator(".message__form input").fill("كُتبت في غير موضعها")
    line.get_by_role("button", name="حذف").click()
    gone = en.locator(".message--gone", has_text="كُتبت في غير موضعها")
    expect(gone).to_contain_text(re.compile("Deleted by .*secretariat", re.IGNORECASE))
    expect(en.get_by_text("We meet on")).to_have_count(0)


def test_a_second_tab_is_told_what_stands_and_keeps_what_was_typed(
    person: Callable[..., Person],
) -> None:
    kr = person("head.kr@demo.example")
    one = enter(kr)
    write(one, "The budget is open.")
    expect(one.locator(".message--pending")).to_have_count(0)
    two = kr.page.context.new_page()
    two.goto(one.url)
    expect(two.locator("[data-room]")).to_have_attribute("data-connection", "live")
    expect(two.locator("[name=body]")).to_have_value("")  # what was sent is no draft any more
    two.locator("[name=body]").press("ArrowUp")
    typed = two.locator(".message__form textarea")
    typed.fill("The budget is settled.")
    one.locator("[name=body]").press("ArrowUp")
    one.locator(".message__form textarea").fill("The budget is closed.")
    one.locator(".message__form textarea").press("Enter")
    expect(one.locator(".message__form")).to_have_count(0)
    typed.press("Enter")
    line = two.locator(".message", has=two.locator(".message__form"))
    expect(line.locator("[role=alert]")).to_contain_text("edited meanwhile")
    expect(line.locator(".message__body")).to_have_text("The budget is closed.")
    expect(typed).to_have_value("The budget is settled.")
    typed.press("Enter")
    expect(typed).to_have_count(0)
    expect(one.locator(".message__body").last).to_have_text("The budget is settled.")


def test_a_reply_quotes_what_it_answers_and_forgets_what_was_deleted(
    person: Callable[..., Person],
) -> None:
    kr, ng = enter(person("head.kr@demo.example", "ar")), enter(person("head.ng@demo.example"))
    write(kr, "من يعدّ المحضر؟")
    asked = ng.locator(".message", has_text="من يعدّ").last
    asked.hover()
    asked.locator("[data-acts]").click()
    asked.get_by_role("button", name="Reply").click()
    expect(ng.locator(".composer__reply")).to_contain_text("من يعدّ المحضر؟")
    write(ng, "Nigeria does.")
    expect(ng.locator(".composer__reply")).to_be_hidden()
    quote = kr.locator(".message", has_text="Nigeria does.").locator(".message__quote")
    expect(quote).to_contain_text("من يعدّ المحضر؟")
    quote.get_by_role("link").click()
    expect(kr.locator(".message:target")).to_contain_text("من يعدّ المحضر؟")

    mine = kr.locator(".message:target")
    mine.locator("[data-acts]").click()
    mine.get_by_role("button", name="حذف").click()
    kr.locator(".message__form").get_by_role("button", name="حذف").click()
    expect(quote).to_contain_text("حُذفت")
    theirs = ng.locator(".message", has_text="Nigeria does.").locator(".message__quote")
    expect(theirs).to_contain_text("This message was deleted.")
    for place in (".timeline-room", ".composer"):
        expect(ng.locator(place)).not_to_contain_text("من يعدّ المحضر؟")
