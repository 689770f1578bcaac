"""A focal point invites a delegation by a list: the good rows go, the bad ones are put right."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from records.sheets import xlsx_file
from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]

FOCAL = "focal.ng@demo.example"


def fates(page: Page) -> list[str]:
    return page.locator(".invitees tbody .badge").all_inner_texts()


def choose(page: Page, file: Path) -> None:
    page.locator("[name=sheet]").set_input_files(file)
    page.locator("main form[enctype] button.button--primary").click()


def test_a_list_with_two_bad_rows(person: Callable[..., Person], tmp_path: Path) -> None:
    focal = person(FOCAL)
    page = focal.go("/")
    page.get_by_role("link", name="Delegation").first.click()
    page.get_by_role("link", name="Invite several").click()
    with page.expect_download() as empty:
        page.get_by_role("link", name="Empty list (CSV)").click()
    head = empty.value.path().read_text("utf-8-sig").strip()
    sheet = tmp_path / "list.csv"
    sheet.write_text(
        f"{head}\n"
        "Ada Obi,ada.obi@demo.example,adviser,English\n"
        "Musa Bello,musa.bello at demo.example,delegate,French\n"
        "Zainab Sani,zainab.sani@demo.example,ambassador,Arabic\n"
        "أمينة يوسف,amina@demo.example,مستشارة,العربية\n"
        f"Focal Point,{FOCAL},focal_point,\n",
        encoding="utf-8-sig",
    )
    choose(page, sheet)
    expect(page.get_by_role("heading", level=1)).to_have_text("What becomes of each row")
    assert fates(page) == [
        "will be invited",
        "refused",
        "refused",
        "will be invited",
        "already holds this mandate",
    ]
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    expect(page.get_by_text("“ambassador” is no capacity.")).to_be_visible()

    page.get_by_role("button", name="Send 2 invitations").click()
    told = page.get_by_role("paragraph").filter(has_text="2 invitations are on their way.")
    expect(told).to_be_visible()
    assert fates(page)[:4] == ["invited just now", "refused", "refused", "invited just now"]

    expect(page.get_by_text("“ambassador” is no capacity.")).to_be_visible()  # still

    page.get_by_label("E-mail address, row 3").fill("musa.bello@demo.example")
    page.get_by_label("Capacity, row 4").select_option("delegate")
    page.get_by_role("button", name="Look at the rows again").click()
    page.get_by_role("button", name="Send 2 invitations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delegation")
    invitations = page.locator("section", has_text="Invitations without an answer")
    for name in ("Ada Obi", "Musa Bello", "Zainab Sani", "أمينة يوسف"):
        expect(invitations.get_by_role("rowheader", name=name)).to_have_count(1)


def test_the_same_in_arabic_on_a_phone_without_javascript(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    phone = person(FOCAL, "ar", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = phone.go("/")
    delegation = page.locator("a[href$='/delegation/']").first.get_attribute("href")
    page.goto(f"{phone.portal.url}{delegation}")
    page.locator("a[href$='/invitations/several/']").click()
    workbook = tmp_path / "قائمة.xlsx"
    rows = [["أمينة يوسف", "amina@demo.example", "مندوبة", "العربية"], ["", "x", "مندوب", ""]]
    workbook.write_bytes(
        xlsx_file(
            "List", ["الاسم", "البريد الإلكتروني", "الصفة", "اللغة"], rows, right_to_left=True
        )
    )
    choose(page, workbook)
    expect(page.locator(".invitees tbody tr")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("button[value=send]").click()
    expect(page.locator("[name=left-3-email]")).to_have_value("x")
    page.locator("[name=left-3-name]").fill("سليم")
    page.locator("[name=left-3-email]").fill("salim@demo.example")
    page.locator("button[value=check]").click()
    page.locator("button[value=send]").click()
    expect(page.locator(".invitees")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("سليم")
