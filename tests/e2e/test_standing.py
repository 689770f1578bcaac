"""A membership is suspended in one browser, and a room closes in another; then it opens again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write
from tests.files import PDF
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def to_nigeria(office: Person) -> Page:
    office.go("/members/")
    name = "National Institute for Cultural Orientation"
    with office.page.expect_navigation():
        office.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    return office.page


def test_a_suspension_closes_the_open_room_and_a_reinstatement_opens_it(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    delegate, office = person("head.ng@demo.example", "ar"), person("secretariat@demo.example")
    office.prove()
    room = enter(delegate)
    write(room, "صباح الخير.")
    expect(room.locator(".message--pending")).to_have_count(0)

    page = to_nigeria(office)
    institution = page.url
    page.get_by_role("link", name="Suspend…").click()
    page.get_by_label("Reason").fill("Absent three times.")
    page.get_by_label("Decision that it rests on").fill("Decision 7/3")
    for name in ("decision.pdf", "letter.pdf"):
        (tmp_path / name).write_bytes(PDF + name.encode())
    files = [tmp_path / "decision.pdf", tmp_path / "letter.pdf"]
    page.get_by_label("Documents").set_input_files(files)
    page.get_by_role("button", name="Suspend", exact=True).click()
    expect(page.get_by_text("Absent three times.")).to_be_visible()
    expect(page.get_by_role("link", name="decision.pdf")).to_be_visible()

    expect(room.get_by_text("لم تعد هذه الغرفة متاحة لكم.")).to_be_visible()
    expect(room.locator("[name=body]")).to_be_disabled()

    # They read why, where home leads them, and nothing else.
    delegate.go("/")
    delegate.page.locator("main").get_by_role("link", name=re.compile("^معلَّق")).first.click()
    why = delegate.page.get_by_role("main")
    expect(why).to_contain_text("Absent three times.")
    with delegate.page.expect_download() as download:
        why.get_by_role("link", name="letter.pdf").click()
    assert download.value.path().read_bytes() == PDF + b"letter.pdf"

    page.goto(institution)
    page.get_by_role("link", name="Reinstate…").click()
    page.get_by_label("Reason").fill("They have answered.")
    page.get_by_role("button", name="Reinstate", exact=True).click()
    expect(page.get_by_text("They have answered.")).to_be_visible()
    delegate.go("/")
    room = enter(delegate)
    write(room, "عدنا.")
    expect(room.locator(".message", has_text="عدنا.")).to_be_visible()
    expect(room.locator(".message--pending")).to_have_count(0)
