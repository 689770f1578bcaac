"""What is begun on one device is found on another, and may be sent later; nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import ROOM, enter, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]

KOREA = "head.kr@demo.example"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ARABIC = "نقترح أن يُعقد الاجتماع في الدوحة"


def body(page: Page) -> str:
    return page.locator("[name=body]").input_value()


def enter_by_hand(someone: Person) -> Page:
    """In the language of the person: a phone's bar has no choice of one."""
    page = someone.go("/rooms/")
    page.get_by_role("link", name=ROOM).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    return page


def kept(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).not_to_be_empty()


@contextmanager
def save_is_late(page: Page) -> Iterator[None]:
    """What the page saves meanwhile reaches the portal after the block."""
    held: list[Route] = []
    page.route("**/draft/", lambda route: held.append(route))
    with page.expect_request("**/draft/"):
        yield
    for each in held:
        each.continue_()
    page.unroute("**/draft/")


def test_a_draft_of_the_phone_appears_on_the_desk_and_is_gone_when_sent(
    person: Callable[..., Person],
) -> None:
    phone = enter_by_hand(person(KOREA, "ar", **PHONE))
    desk = person(KOREA)
    phone.locator("[name=body]").press_sequentially(ARABIC)
    kept(phone)
    desk.go("/rooms/")
    expect(desk.page.locator(".rooms__item", has_text="Draft")).to_have_count(1)
    page = enter(desk)
    expect(page.locator("[name=body]")).to_have_value(ARABIC)
    assert page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('majlis.draft'))"
    ) == []  # fmt: skip
    write(page, f"{ARABIC}.")
    expect(page.locator(".message").last).to_contain_text(ARABIC)
    expect(page.locator(".message--pending")).to_have_count(0)
    phone.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(phone.locator("[name=body]")).to_have_value("")
    phone.reload()
    expect(phone.locator("[name=body]")).to_have_value("")


def test_two_devices_that_both_write_lose_nothing(person: Callable[..., Person]) -> None:
    one, two = enter(person(KOREA)), enter(person(KOREA))
    with save_is_late(two):
        two.locator("[name=body]").fill("from the desk")
        one.locator("[name=body]").fill("from the train")
        kept(one)
    notice = two.locator("[data-other-draft]")
    expect(notice).to_contain_text("Another draft of yours stands")
    expect(notice).to_contain_text("from the train")
    assert body(two) == "from the desk"
    notice.get_by_role("button", name="Use that one").click()
    expect(two.locator("[name=body]")).to_have_value("from the train")
    expect(notice).to_contain_text("from the desk")
    notice.get_by_role("button", name="Use that one").click()
    expect(two.locator("[name=body]")).to_have_value("from the desk")
    kept(two)
    expect(one.locator("[name=body]")).to_have_value("from the desk")

    with save_is_late(one):
        one.locator("[name=body]").fill("from the train, at night")
        two.locator("[name=body]").fill("from the desk, at night")
        kept(two)
    notice = one.locator("[data-other-draft]")
    expect(notice).to_contain_text("from the desk, at night")
    notice.get_by_role("button", name="Keep mine").click()
    expect(notice).to_be_hidden()
    expect(two.locator("[name=body]")).to_have_value("from the train, at night")
    write(two, "Said.")
    expect(two.locator(".message--pending")).to_have_count(0)
    expect(one.locator("[name=body]")).to_have_value("")


def test_a_draft_that_arrives_after_its_message_is_let_go(person: Callable[..., Person]) -> None:
    korea = person(KOREA)
    page = enter(korea)
    with save_is_late(page):
        with page.expect_request(lambda asked: asked.method == "POST" and "/draft/" in asked.url):
            page.locator("[name=body]").fill("Half past nine suits us.")
        page.locator("[name=body]").press("Enter")
        expect(page.locator(".message__body").last).to_have_text("Half past nine suits us.")
        expect(page.locator(".message--pending")).to_have_count(0)
    two = korea.context.new_page()
    two.goto(page.url)
    expect(two.locator("[data-room]")).to_have_attribute("data-connection", "live")
    expect(two.locator("[name=body]")).to_have_value("")


def test_a_draft_appears_in_a_page_that_is_seen_and_overwrites_nothing(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    one = enter(korea)
    two = korea.context.new_page()
    two.goto(one.url)
    expect(two.locator("[data-room]")).to_have_attribute("data-connection", "live")
    one.locator("[name=body]").fill("Korea proposes")
    expect(two.locator("[name=body]")).to_have_value("Korea proposes")
    one.locator("[name=body]").fill("Korea proposes May")
    expect(two.locator("[name=body]")).to_have_value("Korea proposes May")

    # While something else is being typed there, the other text is offered, as it stands last.
    with save_is_late(two):
        two.locator("[name=body]").fill("Korea abstains")
        one.locator("[name=body]").fill("Korea proposes June")
        kept(one)
    notice = two.locator("[data-other-draft]")
    expect(notice).to_contain_text("Korea proposes June")
    one.locator("[name=body]").fill("Korea proposes July")
    expect(notice).to_contain_text("Korea proposes July")
    assert body(two) == "Korea abstains"

    # Sent from there, it is no choice any more: what is typed here stays.
    write(one, "Korea proposes July.")
    expect(notice).to_be_hidden()
    expect(one.locator("[name=body]")).to_have_value("Korea abstains")
    assert body(two) == "Korea abstains"


def test_what_is_written_without_a_connection_is_kept_here_and_then_there(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    page = enter(korea)
    korea.context.set_offline(True)
    page.locator("[name=body]").fill("in the tunnel")
    expect(page.locator("[data-draft-state]")).to_contain_text("kept on this device")
    korea.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_have_text("Draft kept")
    other = enter(person(KOREA))
    assert body(other) == "in the tunnel"
    write(other, "Said.")
    expect(other.locator(".message--pending")).to_have_count(0)
    page.reload()  # perhaps before the portal has let go of it: the page finds out
    expect(page.locator("[name=body]")).to_have_value("")
    expect(page.get_by_text("Restored: what you had not sent")).to_have_count(0)


def save(someone: Person, address: str, token: str, body: str, version: int) -> None:
    """As another device of theirs does."""
    form = {"body": body, "version": str(version)}
    headers = {"X-CSRFToken": token, "Origin": someone.portal.url, "Accept": "application/json"}
    answer = someone.context.request.post(address, form=form, headers=headers)
    assert answer.json() == {"version": version + 1}


def test_what_was_told_while_the_page_was_on_its_way_is_asked_for(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    page = enter(korea)
    address = f"{page.url}draft/"
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()

    def connect_late(socket: WebSocketRoute) -> None:
        save(korea, address, token, "from the train", 0)
        socket.connect_to_server()

    page.route_web_socket("**/ws/**", connect_late)
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("from the train")


def test_a_page_that_did_not_hear_that_a_draft_was_sent_saves_what_is_written_after(
    person: Callable[..., Person],
) -> None:
    korea = person(KOREA)
    page = enter(korea)
    address = f"{page.url}draft/"
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()

    def tell_nothing_of_drafts(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda said: None if "draft.changed" in str(said) else socket.send(said))

    page.route_web_socket("**/ws/**", tell_nothing_of_drafts)
    with page.expect_response(lambda answer: answer.url == address):  # it asks once
        page.reload()
    save(korea, address, token, "sent elsewhere", 0)
    save(korea, address, token, "", 1)
    page.locator("[name=body]").fill("written here")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft kept")
    expect(page.locator("[data-other-draft]")).to_be_hidden()
    assert body(page) == "written here"


def test_what_is_to_be_sent_later_waits_and_is_sent_now(person: Callable[..., Person]) -> None:
    korea, nigeria = person(KOREA), person("head.ng@demo.example")
    page, other = enter(korea), enter(nigeria)
    page.locator("[name=body]").fill("Good morning, from tomorrow.")
    kept(page)
    page.get_by_text("Send later").click()
    when = page.locator("[name=due_at]")
    expect(page.locator(".composer__later")).to_contain_text("Asia/Seoul, UTC+9")
    when.fill(str(when.get_attribute("max")))
    when.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Your message will be sent on")
    expect(page.locator("[name=body]")).to_have_value("")
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("")

    page.get_by_text("Send later").click()
    page.get_by_role("link", name="1 message of yours waits").click()
    page.get_by_role("link", name="Change").click()
    page.locator("[name=body]").fill("Good morning, from today.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".message").last).to_contain_text("Good morning, from today.")
    expect(other.locator(".message").last).to_contain_text("Good morning, from today.")
