"""Two people write an application, in two languages, and are asked twice."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.files import PDF
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME = "Instituto de Asuntos (demonstration)"
ANSWERS = ("تأسس المعهد بالقانون 17.", "The director general signs for it.")


def section(page: Page, name: str) -> None:
    page.goto(re.sub(r"(applications/\d+/).*", rf"\1form/{name}/", page.url))


@pytest.mark.usefixtures("worker")
def test_two_editors_apply_and_answer_twice(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    contact, editor = person("contact.mx@demo.example", "en"), person("observer@demo.example", "ar")
    mexico = contact.page
    contact.go("/applications/").locator(".empty form button").click()
    expect(mexico.locator("progress")).to_be_visible()
    form = mexico.url
    section(mexico, "institution")
    mexico.locator("[name=name_en]").fill(NAME)
    mexico.locator("[name=country]").select_option("MX")
    mexico.locator("[name=kind]").select_option("state_body")
    mexico.locator("[name=membership_class]").select_option("full")
    mexico.locator("button[value=save]").click()
    expect(mexico.locator(".messages .notice--success")).to_be_visible()

    # The second editor is invited, gets the letter and accepts.
    mexico.goto(form)
    mexico.get_by_role("link", name="Invite others, or pass it on").click()
    mexico.locator("[name=editor-name]").fill("المراقبة")
    mexico.locator("[name=editor-email]").fill("observer@demo.example")
    mexico.locator("[name=editor-language][value=ar]").check()
    mexico.get_by_role("button", name="Send the invitation").click()
    expect(mexico.locator("main table")).to_contain_text("Invited to be an editor")
    link = letter_link(portal)
    second = editor.page
    second.goto(link)
    second.locator("main form[method=post] button.button--primary").click()
    expect(second.locator("progress")).to_be_visible()
    expect(second.locator("html")).to_have_attribute("dir", "rtl")

    # Both write the same section: the second to save sees both texts, and loses nothing.
    section(second, "reasons")
    section(mexico, "reasons")
    second.locator("[name=aims]").fill("تدريب الدبلوماسيين الشباب.")
    second.locator("[name=letter_text]").fill("نطلب الانضمام.")
    second.locator("button[value=save]").click()
    expect(second.locator(".messages .notice--success")).to_be_visible()
    mexico.locator("[name=aims]").fill("Training of young diplomats.")
    mexico.locator("button[value=save]").click()
    expect(mexico.get_by_text("Somebody else has saved this in the meantime.")).to_be_visible()
    expect(mexico.locator(".changes")).to_contain_text("تدريب الدبلوماسيين الشباب.")
    expect(mexico.locator("[name=aims]")).to_have_value("Training of young diplomats.")
    mexico.locator("[name=aims]").fill("Training.\n\nتدريب الدبلوماسيين الشباب.")
    mexico.locator("[name=letter_text]").fill("نطلب الانضمام.")
    mexico.locator("button[value=save]").click()
    expect(mexico.locator(".messages .notice--success")).to_be_visible()

    section(second, "documents")
    credentials = tmp_path / "أوراق الاعتماد.pdf"
    credentials.write_bytes(PDF)
    second.locator("[name=document-file]").set_input_files(credentials)
    second.locator("button[value=add]").click()
    expect(second.locator("main table")).to_contain_text("أوراق الاعتماد.pdf")
    section(second, "declaration")  # the contact alone submits
    expect(second.locator("[name=declared]")).to_have_count(0)

    section(mexico, "contact")
    mexico.locator("[name=contact_position]").fill("Director")
    mexico.locator("button[value=save]").click()
    section(mexico, "declaration")
    expect(mexico.locator("[name=capacity]")).to_have_value("Director")
    mexico.locator("[name=declared]").check()
    mexico.get_by_role("button", name="Submit the application").click()
    expect(mexico.locator(".steps [aria-current=step]")).to_be_visible()
    own = mexico.url

    desk = person("secretariat@demo.example", "en").go("/applications/")
    desk.get_by_role("link", name=NAME).click()
    desk.get_by_role("button", name="Start the review").click()
    for page, answer in zip((second, mexico), ANSWERS, strict=True):
        desk.reload()
        ask(desk)
        page.goto(own.replace("/en/", "/ar/") if page is second else own)
        expect(page.locator("#answer")).to_contain_text("Please say more.")
        if page is second:  # what is wrong in the application itself is put right
            section_of_own = own.replace("/en/", "/ar/") + "form/reasons/"
            page.goto(section_of_own)
            page.locator("[name=aims]").fill("تدريب الدبلوماسيات والدبلوماسيين.")
            page.locator("button[value=save]").click()
            expect(page.locator(".messages .notice--success")).to_be_visible()
            page.goto(own.replace("/en/", "/ar/"))
        for field in page.locator("#answer textarea").all():
            field.fill(answer)
        page.locator("#answer form button.button--primary").click()
        expect(page.locator("#answer")).to_have_count(0)
    desk.reload()
    for answer in ANSWERS:
        expect(desk.locator("main")).to_contain_text(answer)
    desk.get_by_role("link", name="Compare what it said").click()
    expect(desk.locator(".changes")).to_contain_text("تدريب الدبلوماسيات والدبلوماسيين.")
    expect(desk.locator(".changes")).to_contain_text("Training.")
    assert not [*contact.errors, *editor.errors]


def ask(desk: Page) -> None:
    """Two things at once, with a day by which to answer."""
    desk.locator("[name=question]").fill("Please say more.")
    desk.locator("details.ask-items > summary").click()
    desk.locator("[name=item_aims]").check()
    desk.locator("[name=note_aims]").fill("Which courses?")
    desk.get_by_role("button", name="Ask the applicant").click()
    expect(desk.locator(".messages .notice--success")).to_be_visible()


def letter_link(portal: Portal) -> str:
    """The link of the invitation, out of the letter that was sent."""
    found: list[str] = []

    def look() -> bool:
        for path in (portal.directory / "mail").glob("*"):
            text = path.read_text(errors="replace").replace("=\n", "")
            found.extend(re.findall(r"https?://[^\s\"<>]+/invitations/[\w-]+/", text))
        return bool(found)

    wait_until(look, what="the invitation's letter")
    return found[0]
