"""Two people write an application, in two languages, and are asked twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.admission import (
    accept,
    add_document,
    answer,
    ask,
    begin,
    correct_aims,
    invitation_link,
    invite_editor,
    save,
    section,
    start_review,
    submit,
)
from tests.e2e.conftest import Person
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME = "Instituto de Asuntos (demonstration)"
ANSWERS = ("تأسس المعهد بالقانون 17.", "The director general signs for it.")


@pytest.mark.usefixtures("worker")
def test_two_editors_apply_and_answer_twice(
    person: Callable[..., Person], portal: Portal, tmp_path: Path
) -> None:
    contact, editor = person("contact.mx@demo.example", "en"), person("observer@demo.example", "ar")
    mexico = contact.page
    form = begin(contact, NAME)

    # The second editor is invited, gets the letter and accepts.
    invite_editor(mexico, form, name="المراقبة", email="observer@demo.example")
    second = editor.page
    accept(second, invitation_link(portal, "observer@demo.example"))
    expect(second.locator("progress")).to_be_visible()
    expect(second.locator("html")).to_have_attribute("dir", "rtl")

    # Both write the same section: the second to save sees both texts, and loses nothing.
    section(second, "reasons")
    section(mexico, "reasons")
    second.locator("[name=aims]").fill("تدريب الدبلوماسيين الشباب.")
    second.locator("[name=letter_text]").fill("نطلب الانضمام.")
    save(second)
    mexico.locator("[name=aims]").fill("Training of young diplomats.")
    mexico.locator("button[value=save]").click()
    expect(mexico.get_by_text("Somebody else has saved this in the meantime.")).to_be_visible()
    expect(mexico.locator(".changes")).to_contain_text("تدريب الدبلوماسيين الشباب.")
    expect(mexico.locator("[name=aims]")).to_have_value("Training of young diplomats.")
    mexico.locator("[name=aims]").fill("Training.\n\nتدريب الدبلوماسيين الشباب.")
    mexico.locator("[name=letter_text]").fill("نطلب الانضمام.")
    save(mexico)

    add_document(second, tmp_path / "أوراق الاعتماد.pdf")
    section(second, "declaration")  # the contact alone submits
    expect(second.locator("[name=declared]")).to_have_count(0)

    submit(mexico)
    own = mexico.url

    desk = person("secretariat@demo.example", "en").go("/applications/")
    desk.get_by_role("link", name=NAME).click()
    start_review(desk)
    for page, text in zip((second, mexico), ANSWERS, strict=True):
        desk.reload()
        ask(desk)
        page.goto(own.replace("/en/", "/ar/") if page is second else own)
        expect(page.locator("#answer")).to_contain_text("Please say more.")
        if page is second:
            correct_aims(page, "تدريب الدبلوماسيات والدبلوماسيين.")
        answer(page, text)
    desk.reload()
    for text in ANSWERS:
        expect(desk.locator("main")).to_contain_text(text)
    desk.get_by_role("link", name="Compare what it said").click()
    expect(desk.locator(".changes")).to_contain_text("تدريب الدبلوماسيات والدبلوماسيين.")
    expect(desk.locator(".changes")).to_contain_text("Training.")
    assert not [*contact.errors, *editor.errors]
