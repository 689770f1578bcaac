"""Order in a room, felt in open pages: a mute in Arabic, an erasure by two people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def acts_of(page: Page, text: str) -> None:
    message = page.locator(".message", has_text=text).last
    message.hover()
    message.locator("[data-acts]").click()


def test_a_mute_is_felt_in_the_open_page_and_so_is_its_end(person: Callable[..., Person]) -> None:
    office = enter(person("secretariat@demo.example"))
    muted = enter(person("head.ng@demo.example", "ar"))
    write(muted, "هذا كلام غير لائق.")
    expect(muted.locator(".message--pending")).to_have_count(0)
    muted.locator("[name=body]").fill("لم يُرسل بعد")

    acts_of(office, "هذا كلام")
    room = office.url
    office.get_by_role("button", name="Mute the author…").click()
    office.get_by_label("for one hour").check()
    office.get_by_label("Reason").fill("يُرجى التهدئة.")
    office.get_by_role("main").get_by_role("button", name="Mute").click()
    expect(office.get_by_role("main")).to_contain_text("until")

    notice = muted.locator("[data-standing]")
    expect(notice).to_contain_text("عُلّق حقكم في الكتابة في هذه الغرفة حتى")
    expect(muted.locator(".composer__row [type=submit]")).to_be_disabled()
    expect(muted.locator("[name=body]")).to_have_js_property("readOnly", True)
    expect(muted.locator("[name=body]")).to_have_value("لم يُرسل بعد")
    expect(muted.locator(".act").last).to_contain_text("يُرجى التهدئة.")

    # Nothing is offered that would be refused, at one's own message or below the composer.
    own = muted.locator(".message", has_text="هذا كلام").last
    acts_of(muted, "هذا كلام")
    expect(own.get_by_role("link", name="فتح الرسالة وحدها")).to_be_visible()
    for name in ("رد", "تحرير", "حذف", "تفاعل"):
        expect(own.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for part in (".composer__later", ".composer__issue button", ".composer__more a"):
        expect(muted.locator(part)).to_be_hidden()
    muted.keyboard.press("Escape")

    office.get_by_role("button", name=re.compile("^Lift")).click()
    expect(notice).to_be_hidden()
    expect(muted.locator(".composer__row [type=submit]")).to_be_enabled()
    acts_of(muted, "هذا كلام")
    expect(own.get_by_role("button", name="تحرير", exact=True)).to_be_visible()
    muted.locator("[name=body]").press("Enter")
    office.goto(room)
    expect(office.locator(".message", has_text="لم يُرسل بعد")).to_be_visible()


def test_two_people_erase_a_text_and_it_leaves_the_open_page(
    person: Callable[..., Person], portal: Portal
) -> None:
    reader = enter(person("head.ng@demo.example", "ar"))
    one = person("secretariat@demo.example")
    enter(one)
    write(reader, "رقم الجواز K1234567")
    line = reader.locator(".message", has_text="K1234567").last
    expect(reader.locator(".message--pending")).to_have_count(0)
    address = line.locator("[data-acts]").get_attribute("href")
    assert address is not None
    erasure = f"{portal.url}{address.replace('/ar/', '/en/')}erasure/"

    # The second person of the office comes by invitation.
    portal.manage("shell", "-c", SECOND)
    one.page.goto(erasure)
    one.page.get_by_label("request of the person concerned").check()
    one.page.get_by_label("Explanation").fill("The person asked for it.")
    one.page.get_by_role("button", name="Ask for the erasure").click()
    expect(one.page.get_by_role("main")).to_contain_text("You cannot carry out what you asked for.")
    expect(one.page.get_by_role("button", name="Erase the text for good")).to_have_count(0)

    two = person("secretariat.two@demo.example").prove()
    two.page.goto(erasure)
    two.page.get_by_role("button", name="Erase the text for good").click()
    expect(two.page.get_by_role("main")).to_contain_text("The text was erased for legal reasons.")
    gone = reader.locator(".message--erased").last
    expect(gone).to_contain_text("مُحي النص لأسباب قانونية")
    expect(reader.get_by_role("main")).not_to_contain_text("K1234567")


def test_two_people_erase_a_reason_and_it_leaves_the_open_page(
    person: Callable[..., Person], portal: Portal
) -> None:
    reader = enter(person("head.ph@demo.example", "ar"))
    one = person("secretariat@demo.example")
    enter(one)
    write(reader, "هذا الكلام سيُحذف.")
    expect(reader.locator(".message--pending")).to_have_count(0)
    line = reader.locator(".message", has_text="هذا الكلام سيُحذف").last
    address = (line.locator("[data-acts]").get_attribute("href") or "").replace("/ar/", "/en/")
    one.page.goto(f"{portal.url}{address}")
    room = portal.url + re.sub(r"messages/.*", "", address)
    one.page.get_by_label("Reason").fill("هاتفه 55501234")
    one.page.get_by_role("button", name="Delete").click()
    expect(reader.get_by_role("main")).to_contain_text("55501234")

    portal.manage("shell", "-c", SECOND)
    one.page.goto(f"{room}reasons/")
    with one.page.expect_navigation():
        one.page.get_by_role("link", name=re.compile("^Erase")).first.click()
    erasure = one.page.url
    one.page.get_by_label("request of the person concerned").check()
    one.page.get_by_label("Explanation").fill("The person asked for it.")
    one.page.get_by_role("button", name="Ask for the erasure").click()
    two = person("secretariat.two@demo.example").prove()
    two.page.goto(erasure)
    two.page.get_by_role("button", name="Erase the text for good").click()
    expect(reader.get_by_role("main")).not_to_contain_text("55501234")
    expect(reader.locator(".message__tombstone").last).to_contain_text("مُحي")
    expect(reader.locator(".act").last).to_contain_text("مُحي")


SECOND = """
from members.actions import people
from members.enums import Capacity
from members.models import Mandate, User
from tests.processes import DEMO_PASSWORD
if not User.objects.filter(email="secretariat.two@demo.example").exists():
    office = Mandate.objects.of_secretariat().get()
    second = people.create_person(email="secretariat.two@demo.example", name="Second",
        password=DEMO_PASSWORD, language="en")
    people.start_mandate(user=second, institution=office.institution,
        capacity=Capacity.SECRETARIAT, actor=office.user, mandate=office)
"""
