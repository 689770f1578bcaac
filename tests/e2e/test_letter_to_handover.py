"""From the letter of intent to the handover: an institution joins, and the presidency passes on.

Mexico applies: its contact in English, Amal beside, in Arabic. The secretariat in Qatar asks twice;
Korea, Nigeria and Türkiye review, and Nigeria has a conflict of interest. The seventh assembly
admits Mexico, who signs, arrives, invites its people by a spreadsheet, and speaks in plenary. Then
the presidency passes to Nigeria, where the conflict stays what it was.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from records.sheets import xlsx_file
from tests.e2e.admission import (
    accept,
    add_document,
    answer,
    ask,
    ask_to_review,
    begin,
    call_the_roll,
    certify,
    close_review,
    correct_aims,
    declare_conflict,
    do_gravely,
    hand_in_charter,
    invitation_link,
    invite_editor,
    letters_to,
    make_account,
    note,
    recommend,
    save,
    schedule_handover,
    section,
    send_charter,
    start_review,
    submit,
    tick_all_points,
    wait_for,
    welcome,
)
from tests.e2e.conftest import Person
from tests.e2e.test_invitees import choose, fates
from tests.e2e.test_talk import write
from tests.files import PDF
from tests.processes import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME = "Instituto de Asuntos (demonstration)"
NIGERIA = "National Institute for Cultural Orientation"
CONTACT = "contact.mx@demo.example"
AMAL, CHLOE = "amal@asuntos.example", "chloe@asuntos.example"
PLENARY = re.compile("^(Plenary|الجلسة العامة|Plénière)")

ANSWERS = ("تأسس المعهد بالقانون 17.", "The director general signs for it.")
AIMS = "تدريب الدبلوماسيات والدبلوماسيين."
NOTE = "I met its director."
REASONS = {"korea": "Its mission is ours.", "turkey": "Its budget is not its own."}
OPINION = "Complete; the reviewers differ on its budget alone."
CONFLICT = "My sister works there."
REVIEWERS = (
    "Head of delegation (Korea)",
    "Focal point (Nigeria)",
    "Head of delegation (Türkiye)",
)
OF_THE_REVIEW = (NOTE, *REASONS.values(), OPINION, CONFLICT, *REVIEWERS)
SPOKEN = ("¡Gracias! شكرًا لكم على ثقتكم.", "Nous proposons une école d’été à Mexico.")


@dataclass
class Play:
    """Who plays, each at a browser of their own, and where the application is."""

    person: Callable[..., Person]
    portal: Portal
    folder: Path
    contact: Person
    amal: Person  # an editor, then the head of the delegation
    office: Person
    korea: Person
    nigeria: Person
    turkey: Person
    own: str = ""  # the application, without the language
    links: list[str] = field(default_factory=list)  # to Amal, that she has used

    def at(self, person: Person, path: str = "") -> str:
        return f"{self.portal.url}/{person.language}{self.own}{path}"


@pytest.mark.usefixtures("worker")
def test_from_the_letter_to_the_handover(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    play = Play(
        person,
        portal,
        tmp_path,
        contact=person(CONTACT),
        amal=person(language="ar"),
        office=person("secretariat@demo.example"),
        korea=person("head.kr@demo.example"),
        nigeria=person("focal.ng@demo.example"),
        turkey=person("head.tr@demo.example"),
    )
    two_people_write_the_application(play)
    the_secretariat_asks_twice_and_each_of_them_answers(play)
    three_review_and_one_has_a_conflict(play)
    the_applicants_see_nothing_of_the_review(play)
    the_secretariat_recommends_and_the_seventh_assembly_decides(play)
    the_contact_signs_and_the_institution_arrives(play)
    the_contact_invites_a_delegation_by_a_list_with_two_bad_rows(play)
    the_delegation_speaks_in_plenary(play)
    the_presidency_passes_and_the_old_office_can_only_read(play)
    the_new_office_goes_on_and_the_conflict_stays(play)
    assert "Whole" in portal.manage("verify_records")


# --- The application ------------------------------------------------------------------------------
def two_people_write_the_application(play: Play) -> None:
    mexico, second = play.contact.page, play.amal.page
    form = begin(play.contact, NAME)
    play.own = re.sub(r".*(/applications/\d+/).*", r"\1", form)
    invite_editor(mexico, form, name="أمل", email=AMAL)
    play.links.append(invitation_link(play.portal, AMAL))
    make_account(second, play.links[0])
    expect(second.locator("progress")).to_be_visible()
    expect(second.locator("html")).to_have_attribute("dir", "rtl")

    section(second, "reasons")
    second.locator("[name=aims]").fill("تدريب الدبلوماسيين.")
    second.locator("[name=letter_text]").fill("نطلب الانضمام.")
    save(second)
    add_document(second, play.folder / "أوراق الاعتماد.pdf")
    section(second, "declaration")
    expect(second.locator("[name=declared]")).to_have_count(0)  # the contact alone submits
    section(mexico, "reasons")
    expect(mexico.locator("[name=aims]")).to_have_value("تدريب الدبلوماسيين.")
    submit(mexico)


def the_secretariat_asks_twice_and_each_of_them_answers(play: Play) -> None:
    desk = play.office.go("/applications/")
    desk.get_by_role("link", name=NAME).click()
    start_review(desk)
    for someone, text in zip((play.amal, play.contact), ANSWERS, strict=True):
        ask(desk)
        page = someone.page
        page.goto(play.at(someone))
        expect(page.locator("#answer")).to_contain_text("Which courses?")
        if someone is play.amal:
            correct_aims(page, AIMS)
        answer(page, text)
        desk.reload()
    for text in (*ANSWERS, AIMS):
        expect(desk.locator("main")).to_contain_text(text)


# --- The review -----------------------------------------------------------------------------------
def three_review_and_one_has_a_conflict(play: Play) -> None:
    desk = play.office.page
    desk.get_by_role("link", name="Open the review").click()
    tick_all_points(desk)
    ask_to_review(desk, REVIEWERS)
    korea, nigeria, turkey = play.korea.go("/"), play.nigeria.page, play.turkey.page
    korea.locator("main").get_by_role("link", name=re.compile(re.escape(NAME))).click()
    recommend(korea, "admit", REASONS["korea"], "5")
    note(korea, NOTE)

    nigeria.goto(play.at(play.nigeria, "assessment/"))
    expect(nigeria.get_by_text(NOTE)).to_be_visible()
    paper = nigeria.get_by_role("link", name="أوراق الاعتماد.pdf").get_attribute("href")
    declare_conflict(nigeria, CONFLICT)
    nothing_of_the_review_is_shown_to_nigeria(play)
    assert status(play.nigeria, f"{play.portal.url}{paper}") == 404
    address = play.at(play.nigeria, "assessment/")
    refused = play.nigeria.post(address, play.at(play.nigeria, "notes/"), body="All the same.")
    assert refused.status == 403

    turkey.goto(play.at(play.turkey, "assessment/"))
    expect(turkey.get_by_text("once you have given your own recommendation")).to_be_visible()
    expect(turkey.get_by_text(REASONS["korea"])).to_have_count(0)
    recommend(turkey, "defer", REASONS["turkey"], "2")
    expect(turkey.get_by_text(REASONS["korea"])).to_be_visible()

    desk.reload()
    for text in ("They differ.", *REASONS.values(), CONFLICT):
        expect(desk.get_by_text(text)).to_be_visible()
    expect(desk.get_by_text(NOTE)).to_have_count(0)  # among the reviewers


def nothing_of_the_review_is_shown_to_nigeria(play: Play) -> None:
    page = play.nigeria.page
    page.goto(play.at(play.nigeria, "assessment/"))
    main = page.get_by_role("main")
    expect(main).to_contain_text(CONFLICT)  # their own words
    for text in (NOTE, *REASONS.values()):
        expect(main).not_to_contain_text(text)
    expect(main.locator("form")).to_have_count(0)


def the_applicants_see_nothing_of_the_review(play: Play) -> None:
    for someone in (play.contact, play.amal):
        someone.page.goto(play.at(someone))
        main = someone.page.get_by_role("main")
        expect(main).to_contain_text(NAME)
        for text in OF_THE_REVIEW:
            expect(main).not_to_contain_text(text)
        assert status(someone, play.at(someone, "assessment/")) == 404
        assert status(someone, play.at(someone, "arrival/")) == 403
    for address in (CONTACT, AMAL):
        wait_until(partial(was_asked_twice, play, address), what="the letters with the questions")
        told = "\n".join(letters_to(play.portal, address))
        assert [text for text in OF_THE_REVIEW if text in told] == []


def was_asked_twice(play: Play, address: str) -> bool:
    return "\n".join(letters_to(play.portal, address)).count("Please say more.") == 2


def the_secretariat_recommends_and_the_seventh_assembly_decides(play: Play) -> None:
    desk = play.office.page
    desk.goto(play.at(play.office))
    close_review(desk, OPINION)
    expect(desk.get_by_text("Seventh general assembly").first).to_be_visible()
    call_the_roll(desk, ["in_favour"] * 8 + ["against", "abstention", "absent"])
    certify(desk)
    korea = play.korea.page
    korea.goto(desk.url)
    expect(korea.get_by_text(re.compile("8 in favour, 1 against"))).to_be_visible()
    for someone in (play.contact, play.amal):
        someone.page.goto(play.at(someone))
        main = someone.page.get_by_role("main")
        expect(main.locator("#decision")).to_be_visible()
        for text in OF_THE_REVIEW:
            expect(main).not_to_contain_text(text)


# --- The arrival ----------------------------------------------------------------------------------
def the_contact_signs_and_the_institution_arrives(play: Play) -> None:
    desk, mexico = play.office.page, play.contact.page
    desk.goto(play.at(play.office, "arrival/"))
    send_charter(desk, play.folder / "charter.pdf")
    play.amal.page.reload()
    expect(play.amal.page.locator("[name=charter]")).to_have_count(0)  # the contact alone signs
    mexico.reload()
    with mexico.expect_download() as download:
        mexico.get_by_role("link", name="The charter, to be signed").click()
    assert download.value.path().read_bytes() == PDF
    signed = play.folder / "signed.pdf"
    signed.write_bytes(PDF + b"signed and sealed")
    hand_in_charter(mexico, signed)

    desk.reload()
    do_gravely(desk, "It is in order")
    desk.goto(play.at(play.office, "arrival/"))
    expect(step(desk, "focal point")).to_have_text(re.compile(r"^\s*done"))
    expect(step(desk, "rooms of all")).to_have_text(re.compile(r"^\s*done"))
    expect(step(desk, "head of its delegation")).to_have_text(re.compile(r"^\s*not done"))
    welcome(desk, "Be welcome among us.")
    wait_until(
        lambda: "Be welcome among us." in "".join(letters_to(play.portal, CONTACT)),
        what="the welcome",
    )
    visitor = play.person(language="en").go("/members/")
    expect(visitor.get_by_role("link", name=NAME, exact=True)).to_be_visible()


def the_contact_invites_a_delegation_by_a_list_with_two_bad_rows(play: Play) -> None:
    page = play.contact.go("/")
    page.get_by_role("link", name="My delegation").first.click()
    page.get_by_role("link", name="Invite several").click()
    sheet = play.folder / "delegation.xlsx"
    rows = [
        ["أمل", AMAL, "head of delegation", "Arabic"],
        ["Bilal", "bilal at asuntos.example", "delegate", "French"],
        ["Chloé", CHLOE, "delegate", "French"],
        ["Dina", "dina@asuntos.example", "ambassador", "English"],
    ]
    heads = ["Name", "E-mail address", "Capacity", "Language"]
    sheet.write_bytes(xlsx_file("Delegation", heads, rows, right_to_left=False))
    choose(page, sheet)
    expect(page.get_by_role("heading", level=1)).to_have_text("What becomes of each row")
    assert fates(page) == ["will be invited", "refused", "will be invited", "refused"]
    do_gravely(page, "Send 2 invitations")  # one is of the head
    told = page.get_by_role("paragraph").filter(has_text="2 invitations are on their way.")
    expect(told).to_be_visible()
    page.get_by_label("E-mail address, row 3").fill("bilal@asuntos.example")
    page.get_by_role("button", name="Look at the rows again").click()
    page.get_by_role("button", name="Send 1 invitation").click()
    told = page.get_by_role("paragraph").filter(has_text="1 invitation is on its way.")
    expect(told).to_be_visible()
    expect(page.get_by_text("“ambassador” is no capacity.")).to_be_visible()  # still

    page.get_by_role("link", name="Back to the delegation").click()
    invited = page.locator("section", has_text="Invitations without an answer")
    expect(invited.get_by_role("rowheader")).to_have_text(["Bilal", "Chloé", "أمل"])


def the_delegation_speaks_in_plenary(play: Play) -> None:
    korea = enter_plenary(play.korea)
    amal, chloe = play.amal, play.person(language="fr")
    assert status(amal, korea.url.replace("/en/", "/ar/")) == 404  # an editor is no delegate
    accept(amal.page, invitation_link(play.portal, AMAL, but=play.links))
    make_account(chloe.page, invitation_link(play.portal, CHLOE))
    pages = [enter_plenary(each) for each in (amal, chloe)]
    for page, text in zip(pages, SPOKEN, strict=True):
        write(page, text)
        expect(page.locator(".message--pending")).to_have_count(0)
    for text, name in zip(SPOKEN, ("أمل", "Chloé"), strict=True):
        for page in (korea, *pages):
            said = page.locator(".message", has_text=text)
            expect(said.locator(".message__name")).to_have_text(name)

    desk = play.office.page
    desk.reload()
    expect(step(desk, "head of its delegation")).to_have_text(re.compile(r"^\s*done"))


# --- The handover ---------------------------------------------------------------------------------
def the_presidency_passes_and_the_old_office_can_only_read(play: Play) -> None:
    left_open = play.office.context.new_page()
    left_open.goto(play.at(play.office, "arrival/"))
    expect(step(left_open, "web pages").get_by_role("button", name="Tick")).to_be_visible()
    office = play.office.go("/presidency/")
    people = ("Delegate (Nigeria)", "Focal point (Nigeria)")
    moment = schedule_handover(office, to=NIGERIA, people=people, seconds=15)
    wait_for(office, moment)

    step(left_open, "web pages").get_by_role("button", name="Tick").click()
    expect(left_open.get_by_role("heading", level=1)).to_have_text("Not found")
    play.office.go("/applications/")
    main = office.get_by_role("main")
    expect(main).to_contain_text("The presidency has passed on")
    main.get_by_role("link", name=NAME).click()
    for text in (OPINION, AIMS, *ANSWERS):
        expect(main).to_contain_text(text)
    expect(main.locator("form")).to_have_count(0)
    ticked = play.at(play.office, "arrival/steps/web_page/")
    assert play.office.post(office.url, ticked, met="yes", seen="0").status == 404
    asked = play.at(play.office, "question/")
    assert play.office.post(office.url, asked, question="And now?").status == 404
    for path in ("arrival/", "assessment/"):
        assert status(play.office, play.at(play.office, path)) == 404
    play.office.go("/audit-log/")
    expect(main).to_contain_text("handover of the presidency scheduled")
    expect(main.locator("form[method=post]")).to_have_count(0)


def the_new_office_goes_on_and_the_conflict_stays(play: Play) -> None:
    delegate = play.person("delegate.ng@demo.example")
    page = delegate.page
    page.get_by_role("link", name="Applications").first.click()
    page.goto(play.at(delegate, "assessment/"))
    for text in REASONS.values():
        expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_text(NOTE)).to_have_count(0)
    page.goto(play.at(delegate, "arrival/"))
    step(page, "web pages").get_by_role("button", name="Tick").click()
    expect(step(page, "web pages")).to_have_text(re.compile(r"^\s*done"))

    nothing_of_the_review_is_shown_to_nigeria(play)
    focal = play.nigeria
    assert status(focal, play.at(focal, "arrival/")) == 403
    ticked = play.at(focal, "arrival/steps/web_page/")
    assert focal.post(focal.page.url, ticked, met="no", seen="0").status == 403


# --- Handles --------------------------------------------------------------------------------------
def status(someone: Person, address: str) -> int:
    return someone.context.request.get(address).status


def step(page: Page, words: str) -> Locator:
    """A step of the arrival."""
    return page.locator(".point", has_text=words)


def enter_plenary(someone: Person) -> Page:
    page = someone.go("/rooms/")
    page.get_by_role("link", name=PLENARY).click()
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")
    return page
