"""What people press on the way of an institution into the network, and when the presidency passes.

Each takes the page (or the person) that presses, and returns when the page says that it is done.
"""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.files import PDF
from tests.processes import DEMO_PASSWORD, Portal, wait_until


# --- The applicants -------------------------------------------------------------------------------
def begin(contact: Person, name: str) -> str:
    """A new application with its first section; returns the address of its form."""
    page = contact.page
    contact.go("/applications/").locator(".empty form button").click()
    expect(page.locator("progress")).to_be_visible()
    form = page.url
    section(page, "institution")
    page.locator("[name=name_en]").fill(name)
    page.locator("[name=country]").select_option("MX")
    page.locator("[name=kind]").select_option("state_body")
    page.locator("[name=membership_class]").select_option("full")
    save(page)
    return form


def section(page: Page, name: str) -> None:
    page.goto(re.sub(r"(applications/\d+/).*", rf"\1form/{name}/", page.url))


def save(page: Page) -> None:
    page.locator("button[value=save]").click()
    expect(page.locator(".messages .notice--success")).to_be_visible()


def invite_editor(page: Page, form: str, *, name: str, email: str) -> None:
    page.goto(form)
    page.get_by_role("link", name="Invite others, or pass it on").click()
    page.locator("[name=editor-name]").fill(name)
    page.locator("[name=editor-email]").fill(email)
    page.locator("[name=editor-language][value=ar]").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("main table")).to_contain_text("Invited to be an editor")


def add_document(page: Page, file: Path) -> None:
    section(page, "documents")
    file.write_bytes(PDF)
    page.locator("[name=document-file]").set_input_files(file)
    page.locator("button[value=add]").click()
    expect(page.locator("main table")).to_contain_text(file.name)


def submit(page: Page) -> None:
    """By the contact, who is its director."""
    section(page, "contact")
    page.locator("[name=contact_position]").fill("Director")
    save(page)
    section(page, "declaration")
    expect(page.locator("[name=capacity]")).to_have_value("Director")
    page.locator("[name=declared]").check()
    page.get_by_role("button", name="Submit the application").click()
    expect(page.locator(".steps [aria-current=step]")).to_be_visible()


def correct_aims(page: Page, text: str) -> None:
    """What is wrong in the application itself is put right, while an answer is asked for."""
    own = page.url
    section(page, "reasons")
    page.locator("[name=aims]").fill(text)
    save(page)
    page.goto(own)


def answer(page: Page, text: str) -> None:
    for field in page.locator("#answer textarea").all():
        field.fill(text)
    page.locator("#answer form button.button--primary").click()
    expect(page.locator("#answer")).to_have_count(0)


def hand_in_charter(page: Page, file: Path) -> None:
    page.locator("[name=charter]").set_input_files(file)
    page.locator("main form[enctype] button.button--primary").click()
    expect(page.locator("[name=charter]")).to_have_count(0)


# --- The secretariat ------------------------------------------------------------------------------
def start_review(desk: Page) -> None:
    desk.get_by_role("button", name="Start the review").click()
    expect(desk.locator("[name=question]")).to_be_visible()


def ask(desk: Page) -> None:
    """Two things at once, with a day by which to answer."""
    desk.locator("[name=question]").fill("Please say more.")
    desk.locator("details.ask-items > summary").click()
    desk.locator("[name=item_aims]").check()
    desk.locator("[name=note_aims]").fill("Which courses?")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ask the applicant").click()
    expect(desk.locator(".messages .notice--success")).to_be_visible()


def tick_all_points(desk: Page) -> None:
    for point in range(1, 7):
        desk.get_by_role("button", name="Tick", exact=True).first.click()
        expect(desk.get_by_text(f"{point} of 6 points met")).to_be_visible()


def ask_to_review(desk: Page, names: Collection[str]) -> None:
    for asked, name in enumerate(names, start=1):
        option = desk.locator("[name=person] option").filter(has_text=name).first
        desk.locator("[name=person]").select_option(option.get_attribute("value"))
        desk.get_by_role("button", name="Ask to review").click()
        expect(desk.get_by_text("has not recommended yet")).to_have_count(asked)


def close_review(desk: Page, reasons: str) -> None:
    """With the opinion that the institution be admitted; then it stands before the assembly."""
    desk.get_by_label("Recommended", exact=True).check()
    desk.locator("[name=reasons]").fill(reasons)
    desk.get_by_role("button", name="Close the review").click()
    desk.get_by_role("button", name="Place on the agenda").click()


def call_the_roll(desk: Page, answers: Sequence[str]) -> None:
    """In the order of the roll; all members answer."""
    desk.get_by_role("button", name="Open the roll-call").click()
    rows = desk.locator("[data-row]")
    expect(rows).to_have_count(len(answers))
    for row, said in enumerate(answers):
        rows.nth(row).locator(f".roll__choice--{said}").click()
    desk.get_by_role("button", name="Save and review").click()


def do_gravely(page: Page, button: str) -> None:
    """A grave act asks for the password, unless it was given within minutes."""
    main = page.get_by_role("main")
    with page.expect_navigation():
        main.get_by_role("button", name=button).click()
    if main.locator("[name=password]").count():
        main.locator("[name=password]").fill(DEMO_PASSWORD)
        with page.expect_navigation():
            main.get_by_role("button", name="Confirm").click()


def certify(desk: Page) -> None:
    desk.locator("main input[type=checkbox]").check()
    do_gravely(desk, "Certify the result")
    expect(desk.get_by_text("adopted", exact=False).first).to_be_visible()


def send_charter(desk: Page, file: Path) -> None:
    """From the page of the arrival."""
    file.write_bytes(PDF)
    desk.locator("[name=file]").set_input_files(file)
    desk.get_by_role("button", name="Send the charter").click()
    expect(desk.get_by_role("link", name=file.name)).to_be_visible()


def welcome(desk: Page, words: str) -> None:
    desk.locator("[name=words]").fill(words)
    desk.get_by_role("button", name="Send the welcome").click()
    expect(desk.get_by_text("The welcome is on its way.").first).to_be_visible()


def schedule_handover(office: Page, *, to: str, people: Collection[str], seconds: int) -> datetime:
    """From the page of the presidency, to an institution whose `people` are the next secretariat;
    returns the moment.
    """
    main = office.get_by_role("main")
    main.get_by_role("link", name="Hand over the presidency").click()
    main.get_by_label("Next institution").select_option(label=to)
    do_gravely(office, "Go on")
    expect(main).to_contain_text("What becomes read-only")
    for name in people:
        main.get_by_role("checkbox", name=name).check()
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    main.get_by_label("It takes effect").fill(moment.strftime("%Y-%m-%dT%H:%M:%S"))
    main.get_by_role("button", name="Schedule the handover").click()
    begins = main.get_by_role("region", name="Are of the secretariat from")
    for name in people:
        expect(begins).to_contain_text(name)
    return moment


def wait_for(page: Page, moment: datetime) -> None:
    left = (moment - datetime.now(UTC)).total_seconds()
    page.wait_for_timeout(max(0, left) * 1000)


# --- The reviewers --------------------------------------------------------------------------------
def recommend(page: Page, advice: str, reasons: str, mission: str) -> None:
    page.locator(f"[name=advice][value={advice}]").check()
    page.locator("[name=reasons]").fill(reasons)
    page.locator("[name=score_mission]").select_option(mission)
    with page.expect_navigation():
        page.get_by_role("button", name="Give the recommendation").click()


def note(page: Page, text: str) -> None:
    page.locator("[name=body]").fill(text)
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text(text)).to_be_visible()


def declare_conflict(page: Page, reason: str) -> None:
    page.locator("[name=reason]").fill(reason)
    page.get_by_role("button", name="Declare the conflict").click()
    expect(page.get_by_text("You declared a conflict of interest")).to_be_visible()


# --- Letters and invitations ----------------------------------------------------------------------
def letters_to(portal: Portal, address: str) -> list[str]:
    """The texts of all that were sent to somebody."""
    found = []
    for file in sorted((portal.directory / "mail").glob("*")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = letter.get_body(("plain",))
        if body is not None and address in str(letter["To"]):
            found.append(f"{letter['Subject']}\n{body.get_content()}")
    return found


def invitation_link(portal: Portal, address: str, *, but: Collection[str] = ()) -> str:
    """The link of the invitation, out of the letter that was sent; not one of `but`."""
    found: list[str] = []

    def look() -> bool:
        text = "\n".join(letters_to(portal, address))
        links = re.findall(r"https?://[^\s\"<>]+/invitations/[\w-]+/", text)
        found.extend(link for link in links if link not in but)
        return bool(found)

    wait_until(look, what="the invitation's letter")
    return found[0]


def make_account(page: Page, link: str) -> None:
    """By an invitation, for somebody who has none yet."""
    page.goto(link)
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(DEMO_PASSWORD)
    page.locator("main form[method=post] button.button--primary").click()
    expect(page.locator(".shell--public")).to_have_count(0)


def accept(page: Page, link: str) -> None:
    """By somebody who is signed in."""
    page.goto(link)
    page.locator("main form[method=post] button.button--primary").click()
