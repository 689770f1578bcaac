"""A subject is opened, written in, read live by itself, and messages are moved to it and away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TITLE = "ترجمة وثائق المؤتمر"


def live(page: Page) -> Page:
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    return page


def said(page: Page, text: str) -> Locator:
    return page.locator(".message:not(.message--pending)", has_text=text)


def move(page: Page, text: str, subject: str) -> None:
    message = said(page, text)
    message.hover()
    message.locator("[data-acts]").click()
    message.get_by_role("button", name="Move to a subject").click()
    message.get_by_role("combobox").select_option(label=subject)
    message.get_by_role("button", name="Move", exact=True).click()


def test_a_subject_from_its_opening_in_arabic_to_what_is_moved_there(
    person: Callable[..., Person],
) -> None:
    korea, nigeria = person("head.kr@demo.example", "ar"), person("head.ng@demo.example", "en")
    ar, en = enter(korea), enter(nigeria)
    whole = en.url

    # Opened, and at once on the other's open page: as a line, in the list, among the choices.
    ar.locator("[data-subjects] summary").click()
    ar.locator("[data-subjects] [href$='#open-subject']").click()
    ar.fill("[name=title_ar]", TITLE)
    ar.locator("form .form-actions .button--primary").click()
    expect(ar.locator("h1")).to_have_text(TITLE)
    expect(en.locator(".act").last).to_contain_text(TITLE)
    expect(en.get_by_label("Subject", exact=True)).to_contain_text(TITLE)

    # One writes on the subject's page, the other in the whole room.
    live(ar)
    write(ar, "من يترجم الوثائق إلى الفرنسية؟")
    arrived = said(en, "من يترجم الوثائق")
    expect(arrived.locator(".message__subject")).to_have_text(TITLE)
    en.get_by_label("Subject", exact=True).select_option(label=TITLE)
    write(en, "Nigeria does.")
    expect(said(ar, "Nigeria does.")).to_be_visible()
    en.get_by_label("Subject", exact=True).select_option(label="General")
    write(en, "The flight leaves at nine.")
    expect(said(en, "The flight leaves")).to_be_visible()

    # Read by itself: what is said elsewhere does not come, and misses nothing.
    arrived.locator(".message__subject a").click()
    expect(en.locator("h1")).to_have_text(TITLE)
    live(en)
    expect(en.locator(".message")).to_have_count(2)
    write(ar, "شكرا لنيجيريا")
    expect(said(en, "شكرا لنيجيريا")).to_be_visible()
    expect(said(ar, "The flight leaves")).to_have_count(0)
    client = en.evaluate(
        "async () => (await (await fetch(JSON.parse(document.querySelector('[data-room]')"
        ".dataset.client).sync)).json()).head"
    )
    assert client > 0

    # The chair moves a message there, and another away: both pages follow.
    office = person("secretariat@demo.example", "en")
    room = office.page
    room.goto(whole)
    live(room)
    move(room, "The flight leaves", TITLE)
    expect(said(en, "The flight leaves")).to_be_visible()
    assert [each.strip() for each in en.locator(".message__body").all_inner_texts()] == [
        "من يترجم الوثائق إلى الفرنسية؟",
        "Nigeria does.",
        "The flight leaves at nine.",
        "شكرا لنيجيريا",
    ]
    move(room, "Nigeria does.", "General")
    expect(said(ar, "Nigeria does.")).to_have_count(0)
    expect(said(room, "Nigeria does.").locator(".message__subject")).to_have_count(0)

    # A reply stands where the message stands that it answers.
    choice = room.get_by_label("Subject", exact=True)
    message = said(room, "The flight leaves")
    message.hover()
    message.locator("[data-acts]").click()
    message.get_by_role("button", name="Reply").click()
    expect(choice).to_be_disabled()
    expect(choice.locator("option:checked")).to_have_text(TITLE)
    write(room, "At nine then.")
    expect(said(en, "At nine then.")).to_be_visible()
    expect(choice).to_be_enabled()
    expect(choice.locator("option:checked")).to_have_text("General")
    # Nothing of it was marked as read by looking at the subject alone.
    en.goto(whole)
    assert re.search(r"/rooms/\d+/$", whole)


def test_general_is_read_and_written_in_by_itself(person: Callable[..., Person]) -> None:
    """Live: what is said in a subject and what becomes of the room does not come here."""
    ar = enter(person("head.kr@demo.example", "ar"))
    en = enter(person("head.ng@demo.example", "en"))
    whole = en.url
    en.locator("[data-subjects] summary").click()
    en.locator("[data-subjects] [href$='#open-subject']").click()
    en.fill("[name=title_en]", "Catering")
    en.locator("form .form-actions .button--primary").click()
    expect(en.locator("h1")).to_have_text("Catering")
    ar.locator("[data-subjects] summary").click()
    ar.locator("[data-subjects] a[href$='/subjects/general/']").click()
    expect(ar.locator("h1")).to_have_text("عام")
    live(ar)
    before = ar.locator(".message").count()
    expect(ar.locator(".act")).to_have_count(0)
    live(en)
    write(en, "Lunch is at one.")
    en.goto(whole)
    live(en)
    write(en, "The bus leaves at two.")
    expect(said(ar, "The bus leaves")).to_be_visible()
    write(ar, "شكرا، سنكون هناك.")
    expect(said(en, "سنكون هناك")).to_be_visible()
    expect(said(en, "سنكون هناك").locator(".message__subject")).to_have_count(0)
    move(en, "The bus leaves", "Catering")
    expect(said(ar, "The bus leaves")).to_have_count(0)
    move(en, "The bus leaves", "General")
    expect(said(ar, "The bus leaves")).to_be_visible()
    expect(ar.locator(".message")).to_have_count(before + 2)
    expect(ar.locator(".act")).to_have_count(0)
    expect(said(ar, "Lunch")).to_have_count(0)
