"""A person in two scripts; a mandate handed to a colleague, who goes on with what was begun."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DEMO_PASSWORD, Person
from tests.e2e.test_talk import enter, write
from tests.files import image
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]
DEPUTY = """
from members.actions import people
from members.enums import Capacity
from members.models import Institution
deputy = people.create_person(
    email="deputy.kr@demo.example", name="Deputy (Korea)", password="{password}", language="en"
)
people.start_mandate(
    user=deputy, institution=Institution.objects.get(country="KR"), capacity=Capacity.ADVISER
)
"""


def test_a_name_in_two_scripts_and_a_successor_in_the_room(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    head = person("head.kr@demo.example")
    page = head.go("/settings/profile/")
    page.get_by_label("Name in Arabic script").fill("كيم جي وون")
    page.get_by_label("Name in Latin script").fill("Kim Ji-won")
    english = page.locator("#texts-en")
    english.get_by_label("Form of address").fill("H.E. Ambassador")
    english.get_by_label("Position").fill("President of the Foundation")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Kim Ji-won")).to_be_visible()
    (tmp_path / "photo.png").write_bytes(image(size=(300, 300)))
    head.go("/settings/profile/photo/")
    page.get_by_label("Photo", exact=False).first.set_input_files(tmp_path / "photo.png")
    page.get_by_role("button", name="Show this photo").click()
    expect(page.get_by_role("img", name="Your photo")).to_be_visible()

    # Each reads the name of their own script, in the room and on the page of the person.
    arabic = person("head.ng@demo.example", "ar")
    reader = person("secretariat@demo.example")
    head.go("/")
    room = enter(head)
    write(room, "Good morning.")
    shown = enter(arabic).locator(".message", has_text="Good morning.").last
    expect(shown.locator(".message__name")).to_have_text("كيم جي وون")
    shown.locator(".message__author").click()
    expect(arabic.page.get_by_role("heading", name="كيم جي وون")).to_be_visible()
    expect(arabic.page.get_by_role("main")).to_contain_text("Kim Ji-won")
    read = enter(reader).locator(".message", has_text="Good morning.").last
    expect(read.locator(".message__name")).to_have_text("Kim Ji-won")

    # The mandate passes to a colleague with what was begun.
    room.locator("[name=body]").fill("Our delegation proposes Seoul")
    expect(room.locator("[data-draft-state]")).to_have_text("Draft kept")
    portal.manage("shell", "-c", DEPUTY.format(password=DEMO_PASSWORD))
    deputy = person("deputy.kr@demo.example")
    reader.prove()
    office = reader.go("/members/")
    with office.expect_navigation():
        office.get_by_role("main").get_by_role("link", name="Korea Foundation", exact=True).click()
    office.goto(re.sub(r"/$", "/delegation/", office.url))
    row = office.get_by_role("row", name=re.compile("Kim Ji-won"))
    row.get_by_role("link", name=re.compile("^Mandate")).click()
    office.get_by_role("link", name="Hand it to a successor").click()
    office.get_by_label("Deputy (Korea)").check()
    office.get_by_role("button", name="Hand it over").click()
    expect(office.get_by_text("The mandate is handed over.").first).to_be_visible()

    expect(room.locator("[name=body]")).to_be_disabled()
    taken = enter(deputy)
    expect(taken.locator("[name=body]")).to_have_value("Our delegation proposes Seoul")
    taken.locator("[name=body]").press("Enter")
    sent = taken.locator(".message", has_text="proposes Seoul").last
    expect(sent.locator(".message__name")).to_have_text("Deputy (Korea)")
