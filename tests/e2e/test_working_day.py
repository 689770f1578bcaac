"""A working day in a room of record: three delegations, three languages, a phone, and the proof.

Korea sits at a desk in English and chairs, Mozambique at a desk in French; the head of Qatar's
delegation has a phone, in Arabic, and a delegate at a desk. They talk, put right, take back, issue
a statement that two people answer for; and in the evening somebody without an account can tell the
transcript of it from a forgery.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.embedded import ROOT
from tests.e2e.conftest import Person
from tests.e2e.test_talk import enter, write
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
IN_ARABIC = "نؤيّد إنشاء مكتبةٍ رقميّة، ونأمل أن تُفتتح في الدوحة."
IN_FRENCH = "Nous proposons une bibliothèque numérique pour les élèves."


@dataclass
class Day:
    """The pages that are open in the room, by whose they are."""

    korea: Page
    mozambique: Page
    qatar: Page  # the head's phone
    aide: Page  # the delegate of Qatar

    @property
    def all(self) -> tuple[Page, ...]:
        return self.korea, self.mozambique, self.qatar, self.aide


@pytest.mark.usefixtures("worker")
def test_a_working_day(person: Callable[..., Person], portal: Portal, tmp_path: Path) -> None:
    head = person("head.qa@demo.example", "ar", **PHONE)
    let_a_delegate_issue_statements_that_a_second_person_releases(head.page)
    day = Day(
        korea=enter(person("head.kr@demo.example")),
        mozambique=enter(person("head.mz@demo.example", "fr")),
        qatar=enter(head),
        aide=enter(person("delegate.qa@demo.example", "ar")),
    )
    talk_in_three_languages(day)
    put_a_day_right_before_everyone(day)
    take_back_what_was_meant_for_another_room(day)
    find_what_was_said_in_another_language(day)
    issue_a_statement_that_a_second_person_releases(day)
    put_the_statement_right_by_a_corrigendum(day)
    files = take_the_transcript_home(day.korea, portal, tmp_path)

    stranger = person().go("/verify/")
    keys = tmp_path / "keys.json"
    keys.write_text(stranger.request.get(f"{portal.url}/.well-known/majlis-keys.json").text())
    for file in files.values():
        assert judged(stranger, file).startswith("Whole and true")
        assert in_the_terminal(file, keys) == (0, "Whole and true.")
        assert in_the_terminal(file)[0] == 2  # by whom, it cannot say without a key
    for file, on_the_page, there in forgeries(files):
        assert judged(stranger, file) == f"Not to be relied on: the file was changed {on_the_page}"
        assert in_the_terminal(file, keys) == (1, f"ALTERED. {there}")


# --- Morning --------------------------------------------------------------------------------------
def let_a_delegate_issue_statements_that_a_second_person_releases(phone: Page) -> None:
    phone.locator(".bar summary").tap()
    phone.locator(".bar__drawer").get_by_role("link", name="الأعضاء", exact=True).tap()
    phone.locator("main a:not(.map__place)", has_text="كتارا").first.tap()
    phone.get_by_role("link", name="الوفد", exact=True).tap()
    phone.get_by_role("button", name="منح حق إصدار البيانات – مندوب (قطر)").tap()
    phone.get_by_role("button", name="اشتراط إجازة البيانات من شخص ثانٍ").tap()
    expect(phone.get_by_role("main")).to_contain_text("لا يصدر أي بيان حتى يجيزه شخص ثانٍ")


def talk_in_three_languages(day: Day) -> None:
    write(day.korea, "Good morning. The editors meet on Monday.")
    write(day.mozambique, IN_FRENCH)
    say_by_phone(day.qatar, IN_ARABIC)
    for page in day.all:
        for text in ("The editors meet on Monday.", IN_FRENCH, IN_ARABIC):
            expect(message(page, text)).to_be_visible()
        expect(page.locator(".message--pending")).to_have_count(0)
    french, arabic = message(day.qatar, IN_FRENCH), message(day.korea, IN_ARABIC)
    assert french.locator(".message__body p").evaluate("p => p.matches(':dir(ltr)')")
    assert arabic.locator(".message__body p").evaluate("p => p.matches(':dir(rtl)')")
    assert day.qatar.evaluate("document.documentElement.scrollWidth <= innerWidth")


def put_a_day_right_before_everyone(day: Day) -> None:
    day.korea.locator("[name=body]").press("ArrowUp")
    field = day.korea.locator(".message__form textarea")
    field.fill("Good morning. The editors meet on Thursday.")
    field.press("Enter")
    for page in (day.mozambique, day.qatar, day.aide):
        expect(message(page, "The editors meet on Thursday.")).to_be_visible()
        expect(page.get_by_text("The editors meet on Monday.")).to_have_count(0)

    room = day.mozambique.url
    message(day.mozambique, "Thursday").get_by_role("link", name="modifié").click()
    versions = day.mozambique.locator(".versions__item")
    expect(versions).to_have_count(2)
    expect(versions.first).to_contain_text("The editors meet on Thursday.")
    expect(versions.last).to_contain_text("The editors meet on Monday.")
    come_back(day.mozambique, room)


def take_back_what_was_meant_for_another_room(day: Day) -> None:
    write(day.mozambique, "Le budget de notre délégation est en pièce jointe.")
    theirs = message(day.qatar, "Le budget de notre délégation")
    expect(theirs).to_be_visible()
    expect(day.mozambique.locator(".message--pending")).to_have_count(0)
    line = f"#{theirs.get_attribute('id')}"
    act(day.mozambique.locator(line), "Supprimer")
    form = day.mozambique.locator(f"{line} .message__form")
    form.get_by_role("textbox").fill("Destiné à un autre salon.")
    form.get_by_role("button", name="Supprimer").click()
    for page, words in ((day.korea, "Deleted by its author."), (day.qatar, "حذفها كاتبها.")):
        expect(page.locator(f"{line}.message--gone")).to_contain_text(words)
        expect(page.locator(line)).to_contain_text("Destiné à un autre salon.")
        expect(page.get_by_text("Le budget de notre délégation")).to_have_count(0)


def find_what_was_said_in_another_language(day: Day) -> None:
    """Typed as people type: without hamza, dots and vowel signs; without accents."""
    for page, typed, said in (
        (day.korea, "انشاء مكتبه رقميه", IN_ARABIC),
        (day.qatar, "BIBLIOTHEQUE eleves", IN_FRENCH),
    ):
        if page is day.qatar:
            page.locator(".bar summary").tap()
        field = page.locator("[data-search]:visible")
        field.fill(typed)
        field.press("Enter")
        hit = page.locator(".hit", has_text=said)
        expect(hit.locator("mark").first).to_be_visible()
        hit.get_by_role("link").click()
        expect(message(page, said)).to_be_in_viewport()
        expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")


# --- Noon: on behalf of a delegation --------------------------------------------------------------
def issue_a_statement_that_a_second_person_releases(day: Day) -> None:
    day.aide.locator("[name=body]").fill("يؤيد وفدنا **إنشاء المكتبة**، ويقترح افتتاحها في مارس.")
    day.aide.get_by_role("button", name=re.compile("^إصدار النص بيانًا باسم")).click()
    expect(day.aide.locator(".statement-preview strong")).to_have_text("إنشاء المكتبة")
    day.aide.get_by_role("button", name="تقديم للإجازة").click()
    expect(day.aide.locator("main .badge")).to_have_text("بانتظار الإجازة")
    expect(day.korea.locator(".message--statement")).to_have_count(0)

    day.qatar.locator(".bar").get_by_role("link", name="الرئيسية").tap()
    day.qatar.locator(".task", has_text="بيان").get_by_role("link").tap()
    day.qatar.get_by_role("button", name="إجازة وإصدار").tap()
    for page, heading in (
        (day.korea, "Statement of Cultural Village Foundation – Katara"),
        (day.mozambique, "Déclaration – Fondation du village culturel – Katara"),
        (day.qatar, "بيان من المؤسسة العامة للحي الثقافي (كتارا)"),
    ):
        issued = page.locator(".message--statement", has_text="في مارس")
        expect(issued.get_by_role("heading")).to_have_text(heading)
    statement = day.korea.locator(".message--statement")
    expect(statement).to_contain_text("released by Head of delegation (Qatar)")


def put_the_statement_right_by_a_corrigendum(day: Day) -> None:
    """Prepared by the head this time, and released by the delegate."""
    act(day.qatar.locator(".message--statement", has_text="في مارس"), "إصدار تصويب")
    day.qatar.locator("[name=body]").fill("تُقرأ «في مايو» بدلًا من «في مارس».")
    day.qatar.get_by_role("button", name="معاينة").tap()
    day.qatar.get_by_role("button", name="تقديم للإجازة").tap()
    expect(day.qatar.locator("main .badge")).to_have_text("بانتظار الإجازة")

    day.aide.locator(".side").get_by_role("link", name="الرئيسية").click()
    day.aide.locator(".task", has_text="تصويب").get_by_role("link").click()
    day.aide.get_by_role("button", name="إجازة وإصدار").click()
    statement = day.korea.locator(".message--statement", has_text="ويقترح افتتاحها في مارس")
    beside = statement.get_by_role("link", name=re.compile("^Corrected by the corrigendum of"))
    said_at = beside.locator("time").inner_text()
    beside.click()
    corrigendum = day.korea.locator(".message:target")
    expect(corrigendum).to_contain_text("تُقرأ «في مايو» بدلًا من «في مارس».")
    expect(corrigendum.locator(".message__when time")).to_have_text(said_at)  # both in Seoul's zone
    expect(corrigendum.get_by_role("heading")).to_contain_text("Corrigendum of")


# --- Evening: the proof ---------------------------------------------------------------------------
def take_the_transcript_home(page: Page, portal: Portal, folder: Path) -> dict[str, Path]:
    page.get_by_role("link", name="Transcripts").click()
    with held(portal):
        page.get_by_role("button", name="Make the transcript").click()
        making = page.get_by_role("progressbar", name="The transcript is being made.")
        expect(making).to_be_visible()
    files = {}
    for kind in ("pdf", "html", "json"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind.upper()).click()
        files[kind] = folder / download.value.suggested_filename
        download.value.save_as(files[kind])
    expect(making).to_have_count(0)
    shown = files["html"].read_text()
    for text in (IN_ARABIC, IN_FRENCH, "Thursday", "في مارس", "«في مايو»", "autre salon"):
        assert text in shown
    assert "Le budget de notre délégation" not in shown
    return files


def forgeries(files: dict[str, Path]) -> Iterator[tuple[Path, str, str]]:
    """Copies in which one thing was changed, and how the page and the terminal name it."""
    content = {kind: file.read_bytes() for kind, file in files.items()}
    word, other = "إنشاء مكتبةٍ".encode(), "إلغاء مكتبةٍ".encode()
    seq = int(
        content["html"]
        .partition(b">" + IN_ARABIC.encode())[0]
        .rpartition(b'<li id="r')[2]
        .partition(b'"')[0]
    )
    changed = {
        "json": content["json"].replace(word, other),
        "html": content["html"].replace(word, other, 1),  # on the page alone: the proof stays
        "pdf": flipped(content["pdf"], content["pdf"].index(b"stream") + 20),
    }
    named = {
        "json": (f"Record {seq} has another text than was recorded.",) * 2,
        "html": (
            f"The page shows something else than was recorded, at record {seq}.",
            f"The page shows something else than the records for record {seq}.",
        ),
        "pdf": (
            "The records inside are whole, but the PDF is not the file that was made: its pages"
            " may show something else. Files that were saved or printed anew end here too.",
            "The records inside are whole, but the file is not the one that was made: its pages"
            " may show something else.",
        ),
    }
    for kind, forged in changed.items():
        assert forged != content[kind]
        file = files[kind].with_stem("forged")
        file.write_bytes(forged)
        yield file, *named[kind]


def judged(page: Page, file: Path) -> str:
    """What the page that verifies says of the file, in the reader's words."""
    page.reload()
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Verify", exact=True).click()
    return " ".join(page.locator("section[aria-labelledby=verdict] .notice").inner_text().split())


def in_the_terminal(file: Path, keys: Path | None = None) -> tuple[int, str]:
    """How `python -m majlis_verify` ends, and its first line."""
    trusted = ["--key", str(keys)] if keys else []
    done = subprocess.run(
        [sys.executable, "-m", "majlis_verify", str(file), *trusted],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()[0]


# --- Handles --------------------------------------------------------------------------------------
def message(page: Page, text: str) -> Locator:
    return page.locator(".message", has_text=text)


def say_by_phone(page: Page, text: str) -> None:
    """The key of a phone begins a line, as it does elsewhere there; the button sends."""
    page.locator("[name=body]").tap()
    page.locator("[name=body]").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("[name=body]")).to_have_value(f"{text}\n")
    page.get_by_role("button", name="إرسال", exact=True).tap()


def act(line: Locator, name: str) -> None:
    """One of the acts that are offered at a message."""
    line.locator("[data-acts]").focus()
    line.locator("[data-acts]").press("Enter")
    line.locator(".message__acts").get_by_role("button", name=name).click()


def come_back(page: Page, room: str) -> None:
    page.goto(room)
    expect(page.locator("[data-room]")).to_have_attribute("data-connection", "live")


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@contextmanager
def held(portal: Portal) -> Iterator[None]:
    """The worker has its hands full meanwhile."""
    assert portal.worker is not None
    portal.worker.send_signal(SIGSTOP)
    try:
        yield
    finally:
        portal.worker.send_signal(SIGCONT)
