"""An application is reviewed by three, one of them with a conflict; decided; signed; welcomed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.admission import (
    ask_to_review,
    call_the_roll,
    certify,
    close_review,
    declare_conflict,
    do_gravely,
    hand_in_charter,
    letters_to,
    note,
    recommend,
    send_charter,
    start_review,
    tick_all_points,
    welcome,
)
from tests.e2e.conftest import Person
from tests.e2e.test_join import NAME, apply
from tests.files import PDF
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

REVIEWERS = {
    "head.kr": "Head of delegation (Korea)",
    "focal.ng": "Focal point (Nigeria)",
    "head.tr": "Head of delegation (Türkiye)",
}


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
    start_review(desk)
    dossier = desk.url
    with desk.expect_navigation():
        desk.get_by_role("link", name="Open the review").click()
    review = desk.url
    tick_all_points(desk)
    reviewers = [person(f"{name}@demo.example", "en") for name in REVIEWERS]
    ask_to_review(desk, REVIEWERS.values())

    korea, nigeria, turkey = [each.go("/") for each in reviewers]
    korea.locator("main").get_by_role("link", name=re.compile(re.escape(NAME))).click()
    recommend(korea, "admit", "Its mission is ours.", "5")
    note(korea, "I met its director.")
    nigeria.goto(review)
    expect(nigeria.get_by_text("I met its director.")).to_be_visible()
    declare_conflict(nigeria, "My sister works there.")
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
    close_review(desk, "Complete; the reviewers differ on its budget alone.")
    call_the_roll(desk, ["in_favour"] * 11)
    certify(desk)

    desk.goto(dossier)
    with desk.expect_navigation():
        desk.get_by_role("link", name="Charter and arrival").click()
    arrival = desk.url
    send_charter(desk, tmp_path / "charter.pdf")
    copies = ((PDF + b"unsealed", "Send it back"), (PDF + b"sealed", "It is in order"))
    for content, answer in copies:
        mexico.goto(own_page)
        signed = tmp_path / "signed.pdf"
        signed.write_bytes(content)
        hand_in_charter(mexico, signed)
        desk.goto(arrival)
        if answer == "Send it back":
            desk.locator("[name=reason]").fill("The seal is missing.")
        do_gravely(desk, answer)
    desk.goto(arrival)
    welcome(desk, "Be welcome among us.")
    wait_until(
        lambda: "Be welcome among us." in "".join(letters_to(portal, "contact.mx@demo.example")),
        what="the welcome",
    )
    assert "Whole" in portal.manage("verify_records")
    for each in (contact, secretariat, *reviewers):
        assert each.errors == []
