"""Reading a long room: where one left off, a message by its address, a day, to the live end."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import ROOM, enter, lines, numbers, write
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Nigeria says 120 things; Korea has read what was there before, and the first ten of them.
TALK = """
from uuid import uuid4
from members.models import Mandate, User
from messaging.actions import Draft, mark_read, post_messages
from messaging.models import Room
room = Room.objects.exclude(group=None).order_by("pk")[0]
mandate = Mandate.objects.running().select_related("user").get(user__email="head.ng@demo.example")
start = room.head_seq
post_messages(room_id=room.pk, drafts=[
    Draft(mandate.user, mandate, f"Point {n}.", uuid4()) for n in range(1, 121)])
korea = User.objects.get(email="head.kr@demo.example")
mark_read(room=room, user=korea, seq=start + 10)
"""


@pytest.fixture
def long_talk(portal: Portal) -> None:
    portal.manage("shell", "-c", TALK)


def whole(page: Page) -> bool:
    """What is on the page follows without a gap, each once."""
    found = numbers(page)
    return found == [number for number in lines(page) if found[0] <= number <= found[-1]]


@pytest.mark.usefixtures("long_talk")
def test_one_begins_where_one_left_off_and_goes_on_to_the_live_end(
    person: Callable[..., Person],
) -> None:
    page = enter(person("head.kr@demo.example"))
    line = page.locator("[data-unread]")
    expect(line).to_be_in_viewport()
    expect(page.locator("[data-unread] + .message")).to_contain_text("Point 11.")
    expect(page.locator(".message", has_text="Point 120.")).to_have_count(0)

    nigeria = enter(person("head.ng@demo.example"))
    write(nigeria, "Said meanwhile")
    expect(nigeria.locator(".message--pending")).to_have_count(0)
    expect(page.locator(".message", has_text="Said meanwhile")).to_have_count(0)  # not among these

    later = page.get_by_role("link", name="Later messages")
    top = page.evaluate("scrollY")
    later.evaluate("link => link.click()")
    expect(page.locator(".message", has_text="Said meanwhile")).to_have_count(1)
    expect(later).to_have_count(0)
    assert page.evaluate("scrollY") == top  # what one reads stays where it is
    assert whole(page)
    write(nigeria, "Now it is live")
    expect(page.locator(".message", has_text="Now it is live")).to_have_count(1)

    earlier = page.get_by_role("link", name="Earlier messages")
    while earlier.count():
        before = len(numbers(page))
        earlier.evaluate("link => link.click()")
        page.wait_for_function(
            "n => document.querySelectorAll('[data-timeline] > [data-seq]').length > n", arg=before
        )
        page.wait_for_timeout(100)
    assert numbers(page)[0] == 1
    assert whole(page)
    page.get_by_role("button", name="New messages").or_(
        page.get_by_role("link", name="To the latest messages")
    ).first.click()
    expect(page.locator(".message").last).to_be_in_viewport()
    expect(page.get_by_role("link", name="To the latest messages")).to_be_hidden()


@pytest.mark.usefixtures("long_talk")
def test_what_was_on_the_screen_is_read_and_nothing_beyond(person: Callable[..., Person]) -> None:
    korea = person("head.kr@demo.example")
    page = enter(korea)
    with page.expect_response(re.compile("/rooms/$")):
        page.locator(".message", has_text="Point 30.").scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        page.get_by_role("link", name=re.compile("^Rooms")).first.click()
    page.get_by_role("link", name=ROOM).click()
    text = page.locator("[data-unread] + .message .message__body").inner_text()
    assert 30 < int(re.findall(r"\d+", text)[0]) <= 38  # a screen holds some seven


@pytest.mark.usefixtures("long_talk")
def test_address_of_a_message_leads_to_it_in_arabic_on_a_phone(
    person: Callable[..., Person],
) -> None:
    korea = person("head.kr@demo.example", "ar")
    korea.page.set_viewport_size({"width": 390, "height": 780})
    page = korea.go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    page.locator(".message", has_text="Point 20.").locator("a.moment").click()
    expect(page).to_have_url(re.compile(r"/ar/rooms/\d+/at/\d+/#r\d+$"))
    message = page.locator(".message:has(+ [data-place])")
    expect(message).to_contain_text("Point 20.")
    expect(message).to_be_in_viewport()
    address = page.locator("[data-place] code").inner_text()
    assert address in page.url
    other = person("head.ng@demo.example", "ar").page
    other.goto(address)
    expect(other.locator(".message:has(+ [data-place])")).to_be_in_viewport()
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("long_talk")
def test_what_one_writes_beside_the_past_takes_one_to_the_end(
    person: Callable[..., Person],
) -> None:
    page = enter(person("head.kr@demo.example"))
    write(page, "To all of this: yes.")
    expect(page).to_have_url(re.compile(r"\?latest=1#r\d+$"))
    expect(page.locator(".message").last).to_contain_text("To all of this: yes.")
    expect(page.locator(".message--pending")).to_have_count(0)
    assert whole(page)


@pytest.mark.usefixtures("long_talk")
def test_without_javascript_one_goes_to_a_message_a_day_and_on(
    person: Callable[..., Person],
) -> None:
    page = person("head.kr@demo.example", java_script_enabled=False).go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    expect(page.locator("[data-unread] + .message")).to_contain_text("Point 11.")
    page.locator(".message", has_text="Point 40.").locator("a.moment").click()
    expect(page.locator(".message:has(+ [data-place])")).to_contain_text("Point 40.")
    page.get_by_role("link", name="Later messages").click()
    expect(page.locator(".message").last).to_contain_text("Point 120.")
    page.get_by_role("link", name="Earlier messages").click()
    page.get_by_label("Go to a day").fill("2020-01-01")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("[data-message]")).to_contain_text("This is its first message.")
    expect(page.locator("[data-place]")).to_be_in_viewport()


@pytest.mark.usefixtures("long_talk")
@pytest.mark.parametrize("script", [True, False])
def test_one_finds_a_message_marks_it_unread_and_everything_read(
    person: Callable[..., Person], script: bool
) -> None:
    korea = person("head.kr@demo.example", java_script_enabled=script)
    page = korea.go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    page.get_by_role("link", name="Search this room").click()
    page.get_by_label("Words").fill("pt")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_text("Type at least three letters or digits.")).to_be_visible()
    page.get_by_label("Words").fill("POINT 10")
    page.get_by_label("Said by").fill("nigeria")
    page.get_by_role("button", name="Search").last.click()
    hits = page.locator(".room-hits__item")
    expect(hits).to_have_count(12)  # 10, 100 … 109, 110
    expect(hits.first.locator("mark", has_text="Point")).to_be_visible()
    hits.last.get_by_role("link").click()
    expect(page.locator(".message:has(+ [data-place])")).to_contain_text("Point 10.")
    page.get_by_role("button", name="Mark as unread from here").click()
    expect(page.locator("[data-message]")).to_contain_text("The room is unread from that message")
    expect(page.locator(".rooms__item", has_text=ROOM)).to_contain_text("99+")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("unread", exact=False)).to_have_count(0)
