"""Reactions, pins and acknowledgements, in several browsers at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import ROOM, enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TEXT = "The workshop is on the third of May."


def line(page: Page) -> str:
    """The selector of the message's line, which is drawn anew with every mark."""
    found = page.locator(".message", has_text=TEXT)
    expect(found).to_have_count(1)
    return f"#{found.get_attribute('id')}"


def act(page: Page, selector: str, name: str | re.Pattern[str]) -> None:
    page.locator(f"{selector} [data-acts]").focus()
    page.keyboard.press("Enter")
    page.locator(f"{selector} .message__acts").get_by_role("button", name=name).click()


def test_marks_are_seen_at_once_and_stand_for_delegations(
    person: Callable[..., Person],
) -> None:
    office = enter(person("secretariat@demo.example"))
    write(office, TEXT)
    expect(office.locator(".message--pending")).to_have_count(0)
    kr, ng = enter(person("head.kr@demo.example", "ar")), enter(person("head.ng@demo.example"))
    said = line(office)

    # A reaction by the keyboard alone, seen by the others, taken back by pressing it again.
    act(ng, said, "React")
    agree = ng.locator(f"{said} .message__acts").get_by_role("button", name="Agree")
    expect(agree).to_have_attribute("aria-pressed", "false")
    agree.focus()
    ng.keyboard.press("Enter")
    chip = ng.locator(f"{said} [data-reaction=agree] button")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_have_text("1 agrees")
    theirs = kr.locator(f"{said} [data-reaction=agree] button")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    expect(chip).to_have_text("2 agree")
    expect(theirs).to_have_attribute("aria-pressed", "true")
    who = office.locator(f"{said} .marks__who")
    who.locator("summary").click()
    expect(who.locator("dd li")).to_have_count(2)
    theirs.click()
    expect(chip).to_have_text("1 agrees")
    expect(who).to_have_attribute("open", "")  # what was open stays open
    expect(who.locator("dd li")).to_have_count(1)

    # The chair asks, two delegations answer, the others are named as missing.
    act(office, said, "Ask for acknowledgement")
    office.locator(f"{said} .message__form input").press("Enter")
    block = office.locator(f"{said} [data-acknowledgement]")
    expect(block).to_contain_text(re.compile(r"0 of \d+ delegations have acknowledged"))
    for page in (kr, ng):
        give = page.locator(f"{said} [data-mandate]")
        expect(give).to_have_count(1)
        give.click()
        expect(give).to_have_count(0)
    expect(block).to_contain_text(re.compile(r"2 of \d+ delegations have acknowledged"))
    block.locator("summary").click()
    missing = block.locator("[data-missing-names]")
    expect(missing).to_contain_text("Katara")
    expect(missing).not_to_contain_text("Nigeria")
    expect(office.locator(f"{said} [data-mandate]")).to_have_count(0)

    # Pinned, the message is at the head of the room, in every open page.
    expect(ng.locator(f"[data-pin='{said[2:]}']")).to_have_count(0)
    act(office, said, "Pin")
    listed = kr.locator(f"[data-pin='{said[2:]}']")
    expect(listed).to_have_count(1)
    kr.locator(".pins summary").click()
    listed.click()
    expect(kr.locator(f"{said}[data-seq]")).to_be_visible()
    expect(kr).to_have_url(re.compile(rf"/at/{said[2:]}/#r"))
    act(office, said, "Unpin")
    expect(ng.locator(f"[data-pin='{said[2:]}']")).to_have_count(0)


def test_what_others_do_takes_nothing_from_the_hand(
    person: Callable[..., Person],
) -> None:
    office = enter(person("secretariat@demo.example"))
    write(office, TEXT)
    expect(office.locator(".message--pending")).to_have_count(0)
    kr, ng = enter(person("head.kr@demo.example")), enter(person("head.ng@demo.example"))
    said = line(office)
    ng_agrees = ng.locator(f"{said} [data-reaction=agree] button")
    act(ng, said, "React")
    ng.locator(f"{said} .message__acts").get_by_role("button", name="Agree").click()
    expect(ng_agrees).to_have_text("1 agrees")

    # Between pressing and letting go of a button, its line is not drawn anew.
    chip = kr.locator(f"{said} [data-reaction=agree] button")
    chip.hover()
    kr.mouse.down()
    act(ng, said, "React")
    ng.locator(f"{said} .message__acts").get_by_role("button", name="Thanks").click()
    thanks = kr.locator(f"{said} [data-reaction=thanks]")
    expect(office.locator(f"{said} [data-reaction=thanks]")).to_have_count(1)
    kr.wait_for_timeout(500)
    expect(thanks).to_have_count(0)
    kr.mouse.up()
    expect(chip).to_have_text("2 agree")
    expect(thanks).to_have_count(1)

    # What was opened at a message stays open, says what stands now, and acts on it.
    act(kr, said, "React")
    bar = kr.locator(f"{said} .message__acts")
    agree = bar.get_by_role("button", name="Agree")
    expect(agree).to_have_attribute("aria-pressed", "true")
    agree.focus()
    ng_agrees.click()
    expect(chip).to_have_text("1 agrees")
    expect(agree).to_be_focused()
    expect(kr.locator(f"{said} [data-acts]")).to_have_attribute("aria-expanded", "true")
    kr.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    expect(bar).to_have_count(0)

    # The way to new messages takes no room: what stands above it does not move when it goes.
    many = "\n".join(f"{number}" for number in range(60))
    write(office, many)
    expect(kr.locator(".message", has_text="59")).to_have_count(1)
    kr.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    write(office, "The last line.")
    fresh = kr.locator("[data-fresh] button")
    expect(fresh).to_be_in_viewport()
    height = kr.evaluate("document.documentElement.scrollHeight")
    fresh.click()
    expect(fresh).to_be_hidden()
    assert kr.evaluate("document.documentElement.scrollHeight") == height


def test_a_refusal_is_told_at_the_message(
    person: Callable[..., Person],
) -> None:
    office, ng = enter(person("secretariat@demo.example")), enter(person("head.ng@demo.example"))
    write(office, TEXT)
    expect(office.locator(".message--pending")).to_have_count(0)
    said = line(ng)
    act(ng, said, "React")
    office.goto(office.url.split("?")[0].rstrip("/") + "/settings/")
    office.get_by_role("button", name="Lock").click()
    expect(ng.locator("[data-composer]")).to_have_attribute("data-shut", "")
    ng.locator(f"{said} .message__acts").get_by_role("button", name="Thanks").click()
    expect(ng.locator(f"{said} [role=alert]")).to_contain_text("locked")
    expect(ng.locator("[aria-busy=true]")).to_have_count(0)


def test_without_websockets_a_mark_is_set_by_plain_requests(
    person: Callable[..., Person],
) -> None:
    office = enter(person("secretariat@demo.example"))
    write(office, TEXT)
    expect(office.locator(".message--pending")).to_have_count(0)
    said = line(office)
    ng = person("head.ng@demo.example")
    ng.context.add_init_script(
        """window.WebSocket = class extends EventTarget {
            static CLOSED = 3; static OPEN = 1;
            constructor() {
                super(); this.readyState = 3;
                const closed = Object.assign(new Event("close"), { code: 1006 });
                setTimeout(() => this.dispatchEvent(closed), 50);
            }
            close() {}
        };"""
    )
    page = ng.go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "polling")
    act(page, said, "React")
    page.locator(f"{said} .message__acts").get_by_role("button", name="Seen").click()
    chip = page.locator(f"{said} [data-reaction=seen] button")
    expect(chip).to_have_text("1 has seen it")
    expect(office.locator(f"{said} [data-reaction=seen]")).to_have_text("1 has seen it")
    chip.click()
    expect(chip).to_have_count(0)
    expect(office.locator(f"{said} [data-reaction=seen]")).to_have_count(0)
