"""Files are chosen, dropped and pasted; a second person sees and downloads them."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter
from tests.files import PDF, image

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PICTURE = {"name": "المنظر.png", "mimeType": "image/png", "buffer": image("PNG", (900, 600))}
LETTER = {"name": "رسالة النوايا.pdf", "mimeType": "application/pdf", "buffer": PDF}
# A file made on the page, and an event that carries it.
CARRIED = """
({ event, name, content, place }) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(content)], name));
  const target = document.querySelector(place);
  target.dispatchEvent(
    event === "paste"
      ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true }),
  );
}
"""


def bring(page: Page, event: str, name: str, content: bytes, place: str) -> None:
    given = {"event": event, "name": name, "content": list(content), "place": place}
    page.evaluate(CARRIED, given)


def rows(page: Page, state: str = "") -> Any:
    return page.locator(f"[data-attach-list] .attach__item{state and f'[data-state={state}]'}")


def test_files_are_chosen_dropped_and_pasted_and_another_downloads_them(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    kr, ng = enter(person("head.kr@demo.example")), enter(person("head.ng@demo.example", "ar"))
    chooser = kr.locator("[data-attach] [type=file]")
    expect(chooser).to_be_hidden()
    chooser.set_input_files([PICTURE, LETTER])  # type: ignore[list-item]
    expect(rows(kr, "kept")).to_have_count(2)
    bring(kr, "dragover", "a.png", image(), ".room__talk")
    expect(kr.locator("[data-attach-drop]")).to_be_visible()
    bring(kr, "drop", "dropped.png", image(), ".room__talk")
    bring(kr, "paste", "image.png", image("PNG", (30, 30)), "[name=body]")
    expect(kr.locator("[data-attach-drop]")).to_be_hidden()
    expect(rows(kr, "kept")).to_have_count(4)

    # What cannot be kept says why, holds sending, and is removed without losing the rest.
    bring(kr, "drop", "program.exe", b"MZ nothing", ".room__talk")
    expect(rows(kr, "refused")).to_contain_text("This kind of file cannot be kept")
    kr.locator("[name=body]").fill("The view from the hall.")
    kr.locator("[name=body]").press("Enter")
    expect(kr.locator("[data-attach-word]")).to_contain_text("Remove it or try again")
    expect(kr.locator("[name=body]")).to_have_value("The view from the hall.")
    rows(kr, "refused").get_by_role("button", name="Remove").click()
    rows(kr).filter(has_text="image.png").get_by_role("button", name="Remove").click()
    expect(kr.locator("[data-attach-word]")).to_be_empty()
    kr.reload()  # what was written and what waits is still there
    expect(kr.locator("[data-room]")).to_have_attribute("data-connection", "live")
    expect(rows(kr, "kept")).to_have_count(3)
    expect(kr.locator("[name=body]")).to_have_value("The view from the hall.")
    kr.locator("[name=body]").press("Enter")
    expect(rows(kr)).to_have_count(0)
    expect(kr.locator(".message--pending")).to_have_count(0)

    theirs = ng.locator(".message", has_text="The view from the hall.")
    expect(theirs.locator(".file")).to_have_count(3)
    shown = theirs.locator("img").first
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") == 480
    with ng.expect_download() as download:
        theirs.get_by_role("link", name="رسالة النوايا.pdf").last.click()
    assert download.value.suggested_filename == "رسالة النوايا.pdf"
    download.value.save_as(tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes() == PDF

    # Deleted, they are gone from every page, and from their address.
    address = shown.evaluate("image => image.src")
    mine = kr.locator(".message", has_text="The view from the hall.")
    mine.locator("[data-acts]").click()
    mine.get_by_role("button", name="Delete").click()
    kr.locator(".message__form").get_by_role("button", name="Delete").click()
    expect(ng.locator(".message--gone .file")).to_have_count(0)
    expect(ng.get_by_role("link", name="رسالة النوايا.pdf")).to_have_count(0)
    assert ng.request.get(address).status == 404


def test_sending_waits_for_files_and_a_message_that_could_not_go_takes_them_along(
    person: Callable[..., Person],
) -> None:
    kr, ng = person("head.kr@demo.example"), enter(person("head.ng@demo.example"))
    page = enter(kr)
    held: list[Route] = []
    page.route("**/files/", lambda route: held.append(route))
    page.locator("[data-attach] [type=file]").set_input_files(LETTER)  # type: ignore[arg-type]
    expect(rows(page)).to_have_count(1)
    page.locator("[name=body]").fill("Enclosed.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-attach-word]")).to_contain_text("still on their way")
    expect(page.locator(".message--pending")).to_have_count(0)
    held.pop().abort()
    expect(rows(page, "lost")).to_contain_text("Did not reach the portal.")
    page.unroute("**/files/")
    rows(page, "lost").get_by_role("button", name="Try again").click()
    expect(rows(page, "kept")).to_have_count(1)

    kr.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.get_by_role("button", name="Send").click()
    pending = page.locator(".message--pending")
    expect(pending).to_contain_text("رسالة النوايا.pdf")
    kr.context.set_offline(False)
    page.reload()
    expect(ng.locator(".message", has_text="Enclosed.").locator(".file")).to_have_count(1)
    expect(page.locator(".message--pending")).to_have_count(0)


def test_a_message_that_is_sent_later_takes_its_files_along(person: Callable[..., Person]) -> None:
    page = enter(person("head.kr@demo.example"))
    page.locator("[data-attach] [type=file]").set_input_files(LETTER)  # type: ignore[arg-type]
    expect(rows(page, "kept")).to_have_count(1)
    page.locator("[name=body]").fill("For Monday.")
    page.get_by_text("Send later").click()
    when = page.locator("[name=due_at]")
    when.fill("2020-01-01T09:00")
    page.get_by_role("button", name="Send then").click()
    expect(page.locator("#due_at_error, .composer__later [role=alert]").first).to_be_visible()
    expect(rows(page, "kept")).to_contain_text("رسالة النوايا.pdf")  # it is not to come again
    page.locator("[name=due_at]").fill(f"{timezone.now() + timedelta(days=2):%Y-%m-%dT09:00}")
    page.get_by_role("button", name="Send then").click()
    expect(page.locator(".messages")).to_contain_text("Your message will be sent on")
    expect(rows(page)).to_have_count(0)
    page.goto(page.url.split("/rooms/")[0] + "/rooms/scheduled/")
    line = page.locator(".kept__item", has_text="For Monday.")
    expect(line).to_contain_text("رسالة النوايا.pdf")
    line.get_by_role("button", name="Send now").click()
    sent = page.locator(".message", has_text="For Monday.").last
    expect(sent.locator(".file")).to_have_count(1)


def test_without_a_script_the_form_carries_the_files(person: Callable[..., Person]) -> None:
    kr = person(java_script_enabled=False)
    kr.go("/accounts/login/")
    kr.sign_in("head.kr@demo.example")
    page = kr.page
    page.get_by_role("link", name=re.compile("^Rooms")).first.click()
    page.get_by_role("link", name=re.compile("Cultural, social")).click()
    page.locator("#uploads").set_input_files([LETTER, PICTURE])  # type: ignore[list-item]
    page.get_by_role("button", name="Send").click()
    sent = page.locator(".message").last
    expect(sent.locator(".file")).to_have_count(2)
    expect(sent.locator("img")).to_have_attribute("width", "480")
