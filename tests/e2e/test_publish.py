"""The secretariat writes news and publishes it; the public reads it, and writes back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Person
from tests.files import image
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def open_language(page: Page, code: str) -> None:
    """With scripts the languages are tabs, and only one can be typed in."""
    tab = page.locator(f"[role=tab][aria-controls$='-{code}']")
    if tab.count():
        tab.click()


def write(page: Page, code: str, **fields: str) -> None:
    open_language(page, code)
    for name, text in fields.items():
        if name == "state":
            page.locator(f"[name=state_{code}][value={text}]").check()
        else:
            page.locator(f"[name={name}_{code}]").fill(text)


def test_news_from_the_first_word_to_the_reader(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    office = person("secretariat@demo.example", "ar")
    page = office.go("/news/")
    page.locator(".page-header__actions a[href='/ar/news/new/']").click()
    write(page, "ar", title="اجتماع مجلس الإدارة", body="## القرارات\n\n- أولًا", state="final")
    write(page, "en", title="The board meets", body="", state="final")
    page.locator(
        "form.form--texts button[type=submit], form.form--texts button:not([type])"
    ).click()
    expect(page.get_by_role("alert").first).to_be_visible()  # a final text must not be empty
    write(page, "en", body="The board **met**.", state="draft")
    page.locator(
        "form.form--texts button[type=submit], form.form--texts button:not([type])"
    ).click()
    expect(page).to_have_url(re.compile(r"/ar/news/\d+/edit/$"))
    number = int(page.url.split("/")[-3])

    false_picture = tmp_path / "hall.png"
    false_picture.write_text("<svg onload='alert(1)'></svg>")
    page = office.go(f"/news/{number}/pictures/")
    page.locator("[name=picture]").set_input_files(false_picture)
    write(page, "ar", alternative="قاعة الاجتماع")
    page.locator("form.form button").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("[name=alternative_ar]")).to_have_value("قاعة الاجتماع")
    false_picture.write_bytes(image())
    page.locator("[name=picture]").set_input_files(false_picture)
    page.locator("form.form button").last.click()
    expect(page.locator(".pictures__one")).to_have_count(1)

    page = office.go(f"/news/{number}/preview/")
    expect(page.locator(".preview-bar")).to_be_visible()
    expect(page.locator("article h1")).to_have_text("اجتماع مجلس الإدارة")
    reader = person()
    reader.go(f"/news/{number}/")
    expect(reader.page.locator("article")).to_have_count(0)  # not yet

    page = office.go(f"/news/{number}/publication/")
    page.locator("form.form .button--primary").click()
    expect(page.locator(".badge--success").first).to_be_visible()

    reader.go("/news/")
    reader.page.get_by_role("link", name="اجتماع مجلس الإدارة").click()
    expect(reader.page.locator(".language-note")).to_be_visible()  # English is a draft
    expect(reader.page.locator("article")).to_have_attribute("dir", "rtl")
    expect(reader.page.locator("article h2")).to_have_text("القرارات")
    picture = reader.page.locator("article img")
    expect(picture).to_have_attribute("alt", "قاعة الاجتماع")
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth") > 0


@pytest.mark.usefixtures("worker")
def test_a_message_from_outside_reaches_the_secretariat(person: Callable[..., Person]) -> None:
    reader = person(language="fr")
    page = reader.go("/contact/")
    page.locator("[name=name]").fill("Lectrice")
    page.locator("[name=email]").fill("lectrice@example.org")
    page.locator("[name=subject]").fill("Visite")
    page.locator("form.form .button--primary").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value("Visite")
    page.locator("[name=body]").fill("Pouvons-nous venir ?")
    page.locator("form.form .button--primary").click()
    expect(page).to_have_url(re.compile("/fr/contact/sent/$"))
    office = person("secretariat@demo.example")

    def arrived() -> bool:
        return "Visite" in (office.go("/mail/").locator("main").text_content() or "")

    wait_until(arrived, what="the letter")
