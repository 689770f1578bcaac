"""An institution applies, is reviewed, put to the vote, admitted, and takes its seat."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.admission import (
    call_the_roll,
    certify,
    close_review,
    do_gravely,
    hand_in_charter,
    send_charter,
    start_review,
)
from tests.e2e.conftest import Person
from tests.files import PDF
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME = "Instituto Matías Romero (demonstration)"


def apply(contact: Person, folder: Path) -> Page:
    """Fill the application in Arabic, in two sittings, and submit it with credentials."""
    page = contact.page
    page.locator(".side a[href='/ar/applications/']").click()
    page.locator(".empty form button").click()
    expect(page.locator("progress")).to_be_visible()
    page.locator("a[href$='/form/institution/']").click()
    page.locator("[name=name_en]").fill(NAME)
    page.locator("[name=name_ar]").fill("معهد ماتياس روميرو (عرض تجريبي)")
    page.locator("button[value=save]").click()
    expect(page.locator("[name=name_en]")).to_have_value(NAME)

    page.locator("a[href$='/form/declaration/']").click()
    page.locator("[name=capacity]").fill("Director")
    page.locator("[name=declared]").check()
    page.locator("main form button.button--primary").click()
    expect(page.get_by_role("alert").first).to_be_visible()  # refused: this is missing
    page.locator("a[href$='/form/institution/']").click()
    page.locator("[name=country]").select_option("MX")
    page.locator("[name=kind]").select_option("state_body")
    page.locator("[name=membership_class]").select_option("full")
    page.locator("[name=website]").fill("https://institute.example")
    page.locator("button[value=next]").click()
    page.locator("[name=contact_position]").fill("Director")
    page.locator("[name=contact_phone]").fill("+52 55 1234 5678")
    page.locator("button[value=next]").click()
    page.locator("[name=aims]").fill("تدريب الدبلوماسيين الشباب.\n\nTraining of young diplomats.")
    page.locator("[name=letter_text]").fill("We wish to join.")
    page.locator("button[value=next]").click()
    false_pdf = folder / "credentials.pdf"
    false_pdf.write_text("<html>not a PDF</html>")
    page.locator("[name=document-file]").set_input_files(false_pdf)
    page.locator("button[value=add]").click()
    expect(page.locator(".field--refused [name=document-file]")).to_be_visible()  # by its content
    credentials = folder / "أوراق الاعتماد.pdf"
    credentials.write_bytes(PDF)
    page.locator("[name=document-file]").set_input_files(credentials)
    page.locator("button[value=add]").click()
    expect(page.locator("main table")).to_contain_text("أوراق الاعتماد.pdf")
    page.locator("a.button[href$='/form/declaration/']").click()
    expect(page.locator("[name=capacity]")).to_have_value("Director")
    page.locator("[name=declared]").check()
    page.locator("main form button.button--primary").click()
    expect(page.locator(".steps [aria-current=step]")).to_be_visible()
    return page


@pytest.mark.usefixtures("worker")
def test_application_from_letter_to_seat(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    contact = person("contact.mx@demo.example", "ar")
    mexico = apply(contact, tmp_path)
    dossier_address = mexico.url

    secretariat = person("secretariat@demo.example", "en")
    desk = secretariat.page
    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_role("link", name=NAME).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(NAME)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="أوراق الاعتماد.pdf").click()
    assert download.value.suggested_filename == "أوراق الاعتماد.pdf"
    assert download.value.path().read_bytes() == PDF
    start_review(desk)
    desk.locator("[name=question]").fill("Who signs for the institute?")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ask the applicant").click()

    mexico.reload()
    expect(mexico.locator("#answer")).to_contain_text("Who signs for the institute?")
    mexico.locator("[name=answer]").fill("المدير العام.")
    mexico.locator("#answer button.button--primary").click()
    expect(mexico.locator("#answer")).to_have_count(0)

    desk.reload()
    asked = desk.get_by_role("region", name="Questions and answers")
    expect(asked.get_by_text("المدير العام.")).to_be_visible()
    desk.locator("[name=incomplete_because]").fill("The originals are under way by post.")
    close_review(desk, "Complete; a national institution.")
    expect(desk.get_by_text("Seventh general assembly").first).to_be_visible()
    # The roll as read out: of eleven full members one is absent, one abstains, one is against.
    call_the_roll(desk, ["in_favour"] * 8 + ["against", "abstention", "absent"])
    expect(desk.get_by_text(re.compile("two thirds of 9 .*is 6", re.IGNORECASE))).to_be_visible()
    certify(desk)

    korea = person("head.kr@demo.example", "en")
    korea.page.goto(desk.url)
    expect(korea.page.get_by_text(re.compile("8 in favour, 1 against"))).to_be_visible()

    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_role("link", name=NAME).click()
    desk.get_by_role("link", name="Charter and arrival").click()
    charter = tmp_path / "charter.pdf"
    send_charter(desk, charter)
    mexico.goto(dossier_address)
    hand_in_charter(mexico, charter)

    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_role("link", name=NAME).click()
    do_gravely(desk, "Make the membership active")

    # In the directory, for everyone; the contact is the focal point and takes the floor.
    visitor = person(language="en").go("/members/")
    expect(visitor.get_by_role("link", name=NAME, exact=True)).to_be_visible()
    page = contact.go("/rooms/")
    expect(page.get_by_role("link", name=re.compile("الإعلانات"))).to_be_visible()
    page.get_by_role("link", name=re.compile("الجلسة العامة")).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    page.locator("[name=body]").fill("¡Gracias! شكرًا لكم.")
    page.locator("[name=body]").press("Enter")
    expect(page.locator(".message--pending")).to_have_count(0)
    korea.go("/rooms/").get_by_role("link", name=re.compile("^Plenary")).click()
    expect(korea.page.locator(".message").last).to_contain_text("شكرًا لكم")

    # A letter at each step, in the reader's language, where the secretariat can open them.
    mail = portal.directory / "mail"
    wait_until(lambda: len(list(mail.glob("*"))) >= 8, what="the letters")
    desk.get_by_role("link", name="Outgoing mail").click()
    letters = desk.locator("tbody tr")
    to_mexico = letters.filter(has_text="contact.mx@demo.example")
    assert to_mexico.count() >= 6
    to_mexico.first.get_by_role("link").click()
    expect(desk.locator(".text-file")).to_contain_text("معهد ماتياس روميرو (عرض تجريبي)")
    desk.get_by_role("link", name="Audit log").click()
    expect(desk.locator("main table")).to_contain_text("membership made active", ignore_case=True)
    assert "Whole" in portal.manage("verify_records")
