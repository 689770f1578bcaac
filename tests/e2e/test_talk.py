"""Delegations talk, in two browsers, in two languages, and while things fail."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.processes import OwnValkey, Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ROOM = re.compile("Cultural, social|الثقافية والاجتماعية|culturelle, sociale")


def enter(someone: Person) -> Page:
    """Find the working group's room as a person does, and wait until it is live."""
    page = someone.page
    page.get_by_role("link", name=re.compile("^(Rooms|غرف النقاش|Salons)")).first.click()
    page.get_by_role("link", name=ROOM).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    return page


def write(page: Page, text: str) -> None:
    page.locator("[name=body]").fill(text)
    page.locator("[name=body]").press("Enter")


def bodies(page: Page) -> list[str]:
    return page.locator(".message:not(.message--pending) .message__body").all_inner_texts()


def numbers(page: Page) -> list[int]:
    found: list[int] = page.locator("[data-timeline] > [data-seq]").evaluate_all(
        "items => items.map(item => Number(item.dataset.seq))"
    )
    return found


def lines(page: Page) -> list[int]:
    """The numbers of the records that have a line of their own, by the record itself."""
    found: list[int] = page.evaluate(
        """async () => {
            const { sync } = JSON.parse(document.querySelector("[data-room]").dataset.client);
            const found = [];
            for (let last = 0, more = true; more; ) {
                const page = await (await fetch(`${sync}?after=${last}`)).json();
                found.push(...page.records);
                last = page.records.at(-1).seq;
                more = page.limited;
            }
            return found.filter(({ message }) => message === null).map(({ seq }) => seq);
        }"""
    )
    return found


def test_two_heads_of_delegation_talk_in_arabic_and_english(
    person: Callable[..., Person],
) -> None:
    korea, nigeria = person("head.kr@demo.example", "ar"), person("head.ng@demo.example", "en")
    ar, en = enter(korea), enter(nigeria)
    assert ar.locator("html").get_attribute("dir") == "rtl"

    write(ar, "صباح الخير، نؤيد مقترح NICO")
    arrived = en.locator(".message", has_text="نؤيد مقترح")
    expect(arrived).to_be_visible(timeout=1000)
    expect(arrived.locator(".message__name")).to_have_text("Head of delegation (Korea)")
    expect(arrived.locator(".message__delegation")).to_contain_text("Korea Foundation")
    expect(arrived.locator(".message__delegation")).to_contain_text("head of delegation")
    assert arrived.locator(".message__body p").evaluate("p => p.matches(':dir(rtl)')")

    write(en, "Thank you.")
    write(en, "We agree.")
    for page in (ar, en):
        expect(page.locator(".message").last).to_contain_text("We agree.", timeout=1000)
        assert [b.strip() for b in bodies(page)[-3:]] == [
            "صباح الخير، نؤيد مقترح NICO", "Thank you.", "We agree.",
        ]  # fmt: skip
        assert numbers(page) == lines(page)
    expect(ar.locator(".message").last).to_contain_text("رئيس الوفد")
    expect(en.locator(".message--pending")).to_have_count(0)
    # Both have it after a reload too: it was the record that they saw.
    for page in (ar, en):
        page.reload()
        assert bodies(page)[-1].strip() == "We agree."


def test_pending_turns_to_saved(person: Callable[..., Person]) -> None:
    page = enter(person("head.kr@demo.example"))
    # The acknowledgement is held back until we have seen the message pending.
    page.evaluate(
        """() => {
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (text) {
                if (text.includes("message.post")) setTimeout(() => send.call(this, text), 700);
                else send.call(this, text);
            };
        }"""
    )
    write(page, "Patience")
    pending = page.locator(".message--pending")
    expect(pending).to_contain_text("Sending…")
    expect(pending).to_have_count(0)
    expect(page.locator(".message").last).to_contain_text("Patience")


def test_who_reads_above_is_offered_the_end_and_hears_each_message_once(
    person: Callable[..., Person],
) -> None:
    korea, nigeria = person("head.kr@demo.example"), person("head.ng@demo.example")
    reader, writer = enter(korea), enter(nigeria)
    reader.set_viewport_size({"width": 390, "height": 420})  # a phone with its keyboard
    reader.evaluate("scrollTo(0, 0)")
    offer = reader.get_by_role("button", name="New messages")
    expect(offer).to_be_hidden()
    write(writer, "Is anybody there?")
    expect(offer).to_be_visible()
    expect(reader.locator("[data-announcer] p")).to_have_count(1)
    expect(reader.locator("[data-announcer]")).to_contain_text("Is anybody there?")
    assert reader.evaluate("scrollY") == 0
    offer.click()
    expect(offer).to_be_hidden()
    expect(reader.locator(".message").last).to_be_in_viewport()
    expect(reader.locator("[name=body]")).to_be_in_viewport()
    expect(reader.locator("[name=body]")).to_be_focused()
    write(reader, "I am.")
    expect(writer.locator(".message").last).to_contain_text("I am.")
    expect(reader.locator("[data-announcer]")).not_to_contain_text("I am.")


def test_server_killed_while_they_write(person: Callable[..., Person], portal: Portal) -> None:
    korea, nigeria = person("head.kr@demo.example", "ar"), person("head.ng@demo.example", "en")
    ar, en = enter(korea), enter(nigeria)
    write(ar, "before the fall")
    expect(en.locator(".message").last).to_contain_text("before the fall")
    portal.kill()
    expect(en.locator("[data-room]")).not_to_have_attribute("data-connection", "live")
    write(ar, "into the void")
    write(en, "me too")
    for page in (ar, en):
        expect(page.locator(".message--pending")).to_have_count(1)
    portal.start()
    for page in (ar, en):
        expect(page.locator("[data-room]")).to_have_attribute(
            "data-connection", "live", timeout=20_000
        )
        expect(page.locator(".message--pending")).to_have_count(0)
        for text in ("before the fall", "into the void", "me too"):
            expect(page.locator(".message", has_text=text)).to_have_count(1)
        assert numbers(page) == lines(page)
    assert numbers(ar) == numbers(en)


def test_what_was_written_without_a_server_survives_closing_the_page(
    person: Callable[..., Person], portal: Portal
) -> None:
    korea = person("head.kr@demo.example")
    page = enter(korea)
    address = page.url
    portal.kill()
    write(page, "kept on this device")
    expect(page.locator(".message--pending")).to_have_count(1)
    page.close()
    portal.start()
    page = korea.context.new_page()
    page.goto(address)
    expect(page.locator(".message--pending")).to_have_count(0)
    expect(page.locator(".message", has_text="kept on this device")).to_have_count(1)


def test_valkey_away_messages_are_saved_and_arrive(
    person: Callable[..., Person], own_valkey: OwnValkey
) -> None:
    ar = enter(person("head.kr@demo.example", "ar"))
    en = enter(person("head.ng@demo.example", "en"))
    own_valkey.stop()
    write(ar, "without Valkey")
    expect(ar.locator(".message--pending")).to_have_count(0)
    expect(en.locator(".message", has_text="without Valkey")).to_be_visible()
    own_valkey.start()
    write(en, "with it again")
    expect(ar.locator(".message", has_text="with it again")).to_be_visible()


def test_without_websockets_the_room_works_by_polling(person: Callable[..., Person]) -> None:
    behind_a_proxy = person("head.kr@demo.example")
    behind_a_proxy.context.add_init_script(
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
    page = behind_a_proxy.page
    page.goto(f"{behind_a_proxy.portal.url}/en/rooms/")
    page.get_by_role("link", name=ROOM).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "polling")
    expect(page.locator("[data-state]")).to_contain_text("Working without a live connection")
    write(page, "by plain requests")
    expect(page.locator(".message--pending")).to_have_count(0)
    other = enter(person("head.ng@demo.example"))
    expect(other.locator(".message", has_text="by plain requests")).to_have_count(1)
    write(other, "I hear you")
    expect(page.locator(".message", has_text="I hear you")).to_be_visible()


def test_without_javascript_the_room_works_by_forms(person: Callable[..., Person]) -> None:
    plain = person("head.kr@demo.example", java_script_enabled=False)
    page = plain.go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    page.get_by_role("textbox", name="Message").fill("No script needed")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message").last).to_contain_text("No script needed")
    other = enter(person("head.ng@demo.example"))
    write(other, "Nor for the answer")
    expect(other.locator(".message--pending")).to_have_count(0)
    page.get_by_role("link", name="Show new messages").click()
    expect(page.locator(".message").last).to_contain_text("Nor for the answer")


def test_observer_reads_and_cannot_write(person: Callable[..., Person]) -> None:
    observer = person("observer@demo.example")
    page = observer.page
    page.get_by_role("link", name="Rooms").first.click()
    page.get_by_role("link", name=re.compile("^Plenary")).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    expect(page.locator(".message").first).to_be_visible()
    expect(page.locator("[name=body]")).to_have_count(0)
    expect(page.get_by_text("You read this room as an observer.")).to_be_visible()


def test_signing_out_elsewhere_ends_the_room_here(person: Callable[..., Person]) -> None:
    korea = person("head.kr@demo.example")
    page = enter(korea)
    elsewhere = korea.context.new_page()
    elsewhere.goto(f"{korea.portal.url}/en/accounts/logout/")
    elsewhere.locator("main form button").click()
    expect(page.locator("[data-state]")).to_contain_text("You are signed out", timeout=1500)
    expect(page.locator("[name=body]")).to_be_disabled()
    page.locator("[data-state]").get_by_role("link", name="Sign in").click()
    expect(page.locator("[name=login]")).to_be_visible()
