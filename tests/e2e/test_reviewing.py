"""An application is reviewed by three, one of them with a conflict; decided; signed; welcomed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.e2e.test_join import NAME, apply
from tests.files import PDF
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

REVIEWERS = ("head.kr", "focal.ng", "head.tr")


def recommend(page: Page, advice: str, reasons: str, mission: str) -> None:
    page.locator(f"[name=advice][value={advice}]").check()
    page.locator("[name=reasons]").fill(reasons)
    page.locator("[name=score_mission]").select_option(mission)
    page.get_by_role("button", name="Give the recommendation").click()


@pytest.mark.usefixtures("worker")
def test_reviewed_by_three_decided_signed_and_welcomed(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    contact = person("contact.mx@demo.example", "ar")
    mexico = apply(contact, tmp_path)
    own_page = mexico.url
    secretariat = person("secretariat@demo.example", "en")
    desk = secretariat.go("/applications/")
    desk.get_by_role("link", name=NAME).click()
    desk.get_by_role("button", name="Start the review").click()
    dossier = desk.url
    desk.get_by_role("link", name="Open the review").click()
    review = desk.url
    for _point in range(6):
        desk.get_by_role("button", name="Tick", exact=True).first.click()
    expect(desk.get_by_text("6 of 6 points met")).to_be_visible()
    reviewers = [person(f"{name}@demo.example", "en") for name in REVIEWERS]
    for _each, name in zip(reviewers, REVIEWERS, strict=True):
        option = desk.locator("[name=person] option").filter(has_text=_label(portal, name)).first
        desk.locator("[name=person]").select_option(option.get_attribute("value"))
        desk.get_by_role("button", name="Ask to review").click()
    expect(desk.get_by_text("has not recommended yet")).to_have_count(3)

    korea, nigeria, turkey = [each.go("/") for each in reviewers]
    korea.locator("main").get_by_role("link", name=re.compile(re.escape(NAME))).click()
    recommend(korea, "admit", "Its mission is ours.", "5")
    korea.locator("[name=body]").fill("I met its director.")
    korea.get_by_role("button", name="Note it").click()
    expect(korea.get_by_text("I met its director.")).to_be_visible()
    nigeria.goto(review)
    expect(nigeria.get_by_text("I met its director.")).to_be_visible()
    nigeria.locator("[name=reason]").fill("My sister works there.")
    nigeria.get_by_role("button", name="Declare the conflict").click()
    expect(nigeria.get_by_text("You declared a conflict of interest")).to_be_visible()
    expect(nigeria.get_by_text("I met its director.")).to_have_count(0)
    turkey.goto(review)
    expect(turkey.get_by_text("once you have given your own recommendation")).to_be_visible()
    expect(turkey.get_by_text("Its mission is ours.")).to_have_count(0)
    recommend(turkey, "defer", "Its budget is not its own.", "2")
    expect(turkey.get_by_text("Its mission is ours.")).to_be_visible()

    desk.goto(review)
    expect(desk.get_by_text("They differ.")).to_be_visible()
    expect(desk.get_by_text("My sister works there.")).to_be_visible()
    expect(desk.get_by_text("I met its director.")).to_have_count(0)
    desk.goto(dossier)
    desk.get_by_label("Recommended", exact=True).check()
    desk.locator("[name=reasons]").fill("Complete; the reviewers differ on its budget alone.")
    desk.get_by_role("button", name="Close the review").click()
    desk.get_by_role("button", name="Place on the agenda").click()
    desk.get_by_role("button", name="Open the roll-call").click()
    rows = desk.locator("[data-row]")
    expect(rows).to_have_count(11)
    for row in range(11):
        rows.nth(row).locator(".roll__choice--in_favour").click()
    desk.get_by_role("button", name="Save and review").click()
    desk.locator("main input[type=checkbox]").check()
    desk.get_by_role("button", name="Certify the result").click()

    desk.goto(dossier)
    desk.get_by_role("link", name="Charter and arrival").click()
    arrival = desk.url
    charter = tmp_path / "charter.pdf"
    charter.write_bytes(PDF)
    desk.locator("[name=file]").set_input_files(charter)
    desk.get_by_role("button", name="Send the charter").click()
    copies = ((PDF + b"unsealed", "Send it back"), (PDF + b"sealed", "It is in order"))
    for content, answer in copies:
        mexico.goto(own_page)
        signed = tmp_path / "signed.pdf"
        signed.write_bytes(content)
        mexico.locator("[name=charter]").set_input_files(signed)
        mexico.locator("main form[enctype] button.button--primary").click()
        expect(mexico.locator("[name=charter]")).to_have_count(0)
        desk.goto(arrival)
        if answer == "Send it back":
            desk.locator("[name=reason]").fill("The seal is missing.")
        desk.get_by_role("button", name=answer).click()
    desk.goto(arrival)
    desk.locator("[name=words]").fill("Be welcome among us.")
    desk.get_by_role("button", name="Send the welcome").click()
    expect(desk.get_by_text("The welcome is on its way.").first).to_be_visible()
    mail = portal.directory / "mail"
    wait_until(
        lambda: any("Be welcome among us." in each.read_text() for each in mail.glob("*")),
        what="the welcome",
    )
    assert "Whole" in portal.manage("verify_records")
    for each in (contact, secretariat, *reviewers):
        assert each.errors == []


def _label(portal: Portal, name: str) -> str:
    email = f"{name}@demo.example"
    code = f"from members.models import User; print(User.objects.get(email='{email}').name)"
    return portal.manage("shell", "-v", "0", "-c", code).strip().splitlines()[-1]
