"""What the frame and the components do in a browser: keyboard, focus, zoom, colours, uploads."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import Person
from tests.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.processes]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
HEAD = "head.kr@demo.example"


def too_wide(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def panel(page: Page, section: str, language: str, theme: str = "light") -> Locator:
    return page.locator(f"#{section} .specimen[lang={language}][data-theme={theme}]")


def test_tabs_follow_the_arrow_that_points_onward(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK).go("/styleguide/")
    for language, onward, back in (
        ("en", "ArrowRight", "ArrowLeft"),
        ("ar", "ArrowLeft", "ArrowRight"),
    ):
        tabs = panel(page, "languages", language).get_by_role("tab")
        expect(tabs).to_have_count(3)
        chosen = panel(page, "languages", language).locator("[role=tab][aria-selected=true]")
        chosen.focus()
        page.keyboard.press("Home")
        expect(tabs.nth(0)).to_be_focused()
        page.keyboard.press(onward)
        expect(tabs.nth(1)).to_be_focused()
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press(back)
        page.keyboard.press(back)
        expect(tabs.nth(2)).to_be_focused()  # round the corner
        page.keyboard.press("End")
        expect(tabs.nth(2)).to_be_focused()
        shown = panel(page, "languages", language).get_by_role("tabpanel")
        expect(shown).to_have_count(1)
        page.keyboard.press("Tab")
        expect(shown.locator("input").first).to_be_focused()  # one stop for all tabs


def test_a_link_to_a_field_opens_its_tab(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK).go("/styleguide/")
    french = page.locator("#id_en-light-texts-title_fr")
    expect(french).to_be_hidden()
    page.evaluate("location.hash = 'id_en-light-texts-title_fr'")
    expect(french).to_be_visible()


def test_without_a_script_all_languages_stand_below_each_other(
    person: Callable[..., Person],
) -> None:
    page = person(viewport=PHONE, java_script_enabled=False).go("/styleguide/#en-light-dialog")
    for code in ("ar", "en", "fr"):
        expect(page.locator(f"#id_en-light-texts-title_{code}")).to_be_visible()
    expect(page.locator("#en-light-dialog")).to_be_visible()
    expect(page.locator("#ar-light-dialog")).to_be_hidden()


def test_a_dialog_holds_the_focus_and_gives_it_back(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK).go("/styleguide/")
    opener = panel(page, "dialogs", "en").locator("a[data-dialog]")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#en-light-dialog")
    expect(dialog).to_be_visible()
    for _step in range(6):
        page.keyboard.press("Tab")
        # The browser's own bar comes between the last and the first; then the body has the focus.
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.locator(".dialog__actions button").last.click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_toast_is_read_out_and_waits(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK).go("/styleguide/")
    panel(page, "dialogs", "en").locator("[data-toast]").click()
    words = "The invitation was sent to the national focal point."
    expect(page.locator("[data-announce]")).to_have_text(words)
    toast = page.locator("[data-toasts] .toast")
    expect(toast.locator(".toast__text")).to_have_text(words)
    page.wait_for_timeout(3_000)
    expect(toast).to_be_visible()
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)


def test_the_bar_leads_on_a_phone_and_is_not_there_on_a_desk(person: Callable[..., Person]) -> None:
    someone = person(HEAD, "ar", viewport=PHONE)
    page = someone.go("/")
    bar = page.locator(".bar")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == PHONE["height"]
    assert all(
        (link.bounding_box() or {"height": 0})["height"] >= 44
        for link in bar.locator("a.bar__link").all()
    )
    bar.locator("a[href='/ar/rooms/']").first.click()
    expect(bar.locator("a[href='/ar/rooms/']").first).to_have_attribute("aria-current", "page")
    page.wait_for_load_state()  # Escape is the script's
    more = bar.locator("summary")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bar__drawer a[href='/ar/settings/']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".bar__drawer")).to_be_hidden()
    expect(more).to_be_focused()
    page.set_viewport_size(DESK)
    expect(bar).to_be_hidden()
    expect(page.locator(".side")).to_be_visible()


def test_shortcuts_are_listed_lead_and_can_be_switched_off(person: Callable[..., Person]) -> None:
    page = person(HEAD, "en", viewport=DESK).go("/")
    dialog = page.locator("#shortcuts")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/en/members/")
    page.keyboard.press("/")
    field = page.locator("[name=q]:focus")
    expect(field).to_have_count(1)
    page.keyboard.type("gr?")  # typed, not obeyed
    expect(field).to_have_value("gr?")
    expect(dialog).to_be_hidden()

    page.goto(page.url)
    page.locator(".top__tools summary", has_text="Account").click()
    page.locator(".top__tools a[data-dialog]").click()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator(".top__tools summary", has_text="Account")).to_be_focused()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.reload()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/en/members/")


def test_an_arabic_keyboard_has_the_same_shortcuts(person: Callable[..., Person]) -> None:
    page = person(HEAD, "ar", viewport=DESK).go("/")
    for code, key in (("KeyG", "ل"), ("KeyM", "ة")):
        page.evaluate(
            "([code, key]) => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {code, key, bubbles: true}))",
            [code, key],
        )
    page.wait_for_url("**/ar/members/")


def test_a_message_is_read_out_once_and_can_be_dismissed(person: Callable[..., Person]) -> None:
    contact = person("contact.mx@demo.example", "en", viewport=DESK)
    page = contact.go("/applications/")
    page.locator(".empty form button").click()
    page.locator(".sections a[href$='/institution/']").click()
    page.locator("[name=name_en]").fill("Institute of Examples")
    page.locator("button[value=save]").click()
    message = page.locator("[data-message]")
    expect(message).to_have_count(1)
    expect(page.locator("[data-announce]")).to_have_text(message.locator("p").inner_text())
    assert page.locator("[data-messages]").get_attribute("aria-live") is None  # not twice
    message.get_by_role("button").click()
    expect(message).to_have_count(0)


def test_a_file_shows_its_progress_and_the_form_keeps_what_was_typed(
    person: Callable[..., Person], tmp_path: Path
) -> None:
    contact = person("contact.mx@demo.example", "en", viewport=DESK)
    page = contact.go("/applications/")
    page.locator(".empty form button").click()
    page.locator(".sections a[href$='/documents/']").click()
    expect(page.locator("[name=document-file]")).to_be_visible()
    address = page.url
    page.locator("[name=document-kind]").select_option("other")
    file = tmp_path / "credentials.pdf"
    file.write_bytes(PDF)
    page.locator("[name=document-file]").set_input_files(file)

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/form/documents/", fail)
    page.locator("button[value=add]").click()
    upload = page.locator(".upload")
    expect(upload).to_contain_text("could not be sent")
    expect(page.locator("[name=document-kind]")).to_have_value("other")
    page.unroute("**/form/documents/", fail)

    page.locator("button[value=add]").click()
    expect(page.locator("#documents table")).to_contain_text("credentials.pdf")
    expect(page.locator("[data-announce]")).to_contain_text("The file was added")
    expect(page.locator("#documents")).to_be_focused()
    assert page.url == address

    large = tmp_path / "large.pdf"
    large.write_bytes(PDF + b" " * 10 * 1024 * 1024)
    page.locator("[name=document-file]").set_input_files(large)
    expect(page.locator("[data-too-large]")).to_be_visible()
    page.locator("button[value=add]").click()
    expect(page.locator("[name=document-file]")).to_be_focused()

    false = tmp_path / "false.pdf"
    false.write_text("<html>not a PDF</html>")
    page.locator("[name=document-file]").set_input_files(false)
    page.locator("button[value=add]").click()
    expect(page.locator(".error-summary")).to_be_focused()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    "viewport", [SMALL, PHONE, {"width": 640, "height": 400}, {"width": 2560, "height": 1440}]
)
def test_the_specimen_book_never_scrolls_sideways(
    person: Callable[..., Person], language: str, viewport: dict[str, int]
) -> None:
    """640 × 400 is a window of 1280 × 800 at 200 % zoom."""
    page = person(language=language, viewport=viewport).go("/styleguide/")
    assert not too_wide(page)


def test_both_themes_and_both_directions_hold_on_one_page(person: Callable[..., Person]) -> None:
    page = person(language="ar", viewport=DESK, color_scheme="dark").go("/styleguide/")
    grounds = {
        theme: panel(page, "buttons", "en", theme).evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        for theme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(245, 242, 235)", "dark": "rgb(18, 24, 26)"}
    assert (
        page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
        == grounds["dark"]
    )
    mirrored = {
        language: panel(page, "buttons", language)
        .locator("svg.flip")
        .first.evaluate("e => getComputedStyle(e).scale")
        for language in ("ar", "en")
    }
    assert mirrored == {"ar": "-1 1", "en": "none"}


def test_a_run_of_the_other_script_has_the_same_size_in_both(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK).go("/styleguide/")
    page.evaluate("document.fonts.ready")
    widths = page.evaluate(
        """() => ["ar", "en"].map((language) => ["مجلس", "Majlis"].map((word) => {
            const run = document.createElement("span");
            run.textContent = word;
            const line = `#type .specimen[lang=${language}] p:nth-of-type(5)`;
            document.querySelector(line).append(run);
            return run.getBoundingClientRect().width;
        }))"""
    )
    assert widths[0] == pytest.approx(widths[1], abs=0.1)


def test_who_wants_no_motion_gets_none(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK, reduced_motion="reduce").go("/styleguide/")
    for piece in (".loading__mark", ".skeleton > span"):
        assert (
            page.locator(piece).first.evaluate("e => getComputedStyle(e).animationName") == "none"
        )


def test_forced_colours_keep_edges_focus_and_icons(person: Callable[..., Person]) -> None:
    page = person(viewport=DESK, forced_colors="active").go("/styleguide/")
    button = panel(page, "buttons", "en").locator(".button--primary")
    button.focus()
    style = button.evaluate(
        "e => { const s = getComputedStyle(e); "
        "const seen = s.borderTopColor !== s.backgroundColor; "
        "return [s.borderTopWidth, s.outlineStyle, s.outlineWidth, seen]; }"
    )
    assert style == ["1px", "solid", "3px", True]
    icon = panel(page, "buttons", "en").locator("button svg").first
    assert icon.evaluate(
        "e => getComputedStyle(e).stroke === getComputedStyle(e.parentElement).color"
    )
    notice = panel(page, "cards", "en").locator(".notice").first
    assert notice.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


def test_paper_shows_the_page_and_not_the_frame(person: Callable[..., Person]) -> None:
    page = person(HEAD, "ar", viewport=DESK, color_scheme="dark").go("/members/")
    page.emulate_media(media="print")
    for piece in (".side", ".top", ".bar"):
        expect(page.locator(piece)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


def test_the_first_stop_of_the_keyboard_leads_to_the_content(person: Callable[..., Person]) -> None:
    page = person(HEAD, "ar", viewport=DESK).go("/meetings/")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
