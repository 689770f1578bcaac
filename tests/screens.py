"""`make screens`: photographs of every page, Arabic and English, on desk and phone.

They go to var/screens/<language>-<device>/, the main pages in the dark as well. Two pictures are
kept under docs/images: contact-sheet.png, the main pages side by side, and room.png, a room in two
browsers. `python -m tests.screens home room` photographs only the places with such a name.
"""

import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import environment  # noqa: F401  starts the services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.site.places import Found
    from tests.site.visit import Site

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screens"
PICTURES = ROOT / "docs" / "images"
LANGUAGES = ("ar", "en")
DEVICES = {"desk": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
BY_ROLE = (  # they look different to everybody
    "portal:home",
    "members:application",
    "members:delegation",
    "assembly:agenda_item",
)
AS_SEEN = ("messaging:room",)  # its end is what one sees first
# The contact sheet: place, who sees it, what it is called. What is not there is left out.
MAIN = (
    ("portal-home", "out", "Public home", "الصفحة العامة"),
    ("members-directory", "out", "Members", "الأعضاء"),
    ("members-institution", "out", "An institution", "صفحة مؤسسة"),
    ("account_login", "out", "Sign in", "تسجيل الدخول"),
    ("portal-news_item", "out", "News", "الأخبار"),
    ("portal-calendar", "out", "Calendar", "التقويم"),
    ("portal-home", "delegate", "Home of a delegate", "الصفحة الرئيسية لمندوب"),
    ("portal-home", "secretariat", "Home of the secretariat", "الصفحة الرئيسية للأمانة العامة"),
    ("messaging-room", "delegate", "A room", "غرفة نقاش"),
    ("members-application-under_review", "secretariat", "A dossier", "ملف طلب انضمام"),
    ("assembly-agenda_item-adopted", "delegate", "The result of a vote", "نتيجة تصويت"),
    ("portal-search-found", "out", "Search", "البحث"),
    ("portal-styleguide", "out", "The design system", "نظام التصميم"),
)
ON_PHONE = (
    ("en-phone", "portal-home", "delegate"),
    ("ar-phone-dark", "messaging-room", "delegate"),
    ("en-phone", "members-directory", "out"),
    ("ar-phone", "assembly-agenda_item-adopted", "delegate"),
    ("en-phone-dark", "members-institution", "out"),
    ("ar-phone", "account_login", "out"),
)
SAID = (
    ("ar", "يؤيد وفد كوريا المقترح، ويضع مركز التدريب التابع لمؤسسة كوريا (KF) في خدمة الورشة."),
    ("en", "Nigeria thanks Korea, and will send two trainers in March."),
)


def main(asked: list[str]) -> None:
    prepare()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.chromium import find_chromium  # noqa: PLC0415
    from tests.site.visit import running_site  # noqa: PLC0415

    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for number, path in enumerate(photographs(browser, site, asked), 1):
            print(f"\r{number} {path.relative_to(ROOT)}\033[K", end="", flush=True)
        print()
        if not asked:
            print(draw_sheet(browser))
            print(draw_room(browser, site))
        browser.close()


def prepare() -> None:
    """Django, for what the tests import: nothing here reads its database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django  # noqa: PLC0415  after the environment

    django.setup()


def photographs(browser: "Browser", site: "Site", asked: list[str]) -> Iterator[Path]:
    """Take them; the path of each."""
    from tests.site.eyes import Eyes  # noqa: PLC0415

    mains = {(title, who) for title, who, *_names in MAIN}
    for who in dict.fromkeys(who for place in site.places for who in place.answers):
        for language in LANGUAGES:
            eyes = Eyes(browser, site, who, language, every=False)
            for place, address in site.pages(who, language):
                if not wanted(place, who, asked):
                    continue
                if place.asks_password:
                    site.visitor(who).give_password()
                eyes.page.set_viewport_size(DEVICES["desk"])  # type: ignore[arg-type]
                eyes.page.goto(address, wait_until="load")
                for device, size in DEVICES.items():
                    eyes.page.set_viewport_size(size)  # type: ignore[arg-type]
                    if place.name in AS_SEEN:
                        eyes.page.reload(wait_until="load")
                    yield photograph(eyes.page, f"{language}-{device}", place, who)
                    if (place.title, who) in mains:
                        eyes.page.emulate_media(color_scheme="dark")
                        yield photograph(eyes.page, f"{language}-{device}-dark", place, who)
                        eyes.page.emulate_media(color_scheme="light")
            eyes.context.close()


def wanted(place: "Found", who: str, asked: list[str]) -> bool:
    """Pages, each as the first who sees it; some as everybody."""
    from tests.site.plan import FILES  # noqa: PLC0415

    sees = [one for one, letter in place.answers.items() if letter in "ogu"]
    first = place.name in BY_ROLE or sees[:1] == [who]
    nowhere = place.name.startswith("(") and who in ("out", "delegate")
    if place.name in FILES or not (nowhere or (who in sees and first)):
        return False
    return not asked or any(each in place.title for each in asked)


SEEN = """async () => {
  const pictures = [...document.images];
  for (const one of pictures) one.loading = "eager";
  await Promise.all([document.fonts.ready, ...pictures.map((one) => one.decode().catch(() => {}))]);
}"""


def photograph(page: "Page", folder: str, place: "Found", who: str) -> Path:
    path = FOLDER / folder / f"{place.title.strip('()')}-{who}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate(SEEN)
    if place.name in AS_SEEN:
        page.screenshot(path=path, animations="disabled", caret="hide")
        return path
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**size, "height": max(height, size["height"])})  # what sticks, ends
    page.screenshot(path=path, animations="disabled", caret="hide")
    page.set_viewport_size(size)
    return path


def draw_sheet(browser: "Browser") -> Path:
    """The main pages, Arabic and English side by side, set by the browser itself."""
    pairs = [
        f"<figure><div>{shot('en-desk', title, who)}{shot('ar-desk', title, who)}</div>"
        f'<figcaption><span>{english}</span><span dir="rtl" lang="ar">{arabic}</span></figcaption>'
        "</figure>"
        for title, who, english, arabic in MAIN
        if (FOLDER / "en-desk" / f"{title}-{who}.png").exists()
    ]
    even = "".join(pairs[: len(pairs) // 2 * 2])
    phones = "".join(shot(folder, title, who) for folder, title, who in ON_PHONE)
    page = browser.new_page(viewport={"width": 1640, "height": 900}, device_scale_factor=1.4)
    page.set_content(f"<style>{fonts()}{SHEET}</style>{even}<footer>{phones}</footer>")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot(full_page=True)
    page.close()
    return keep(taken, "contact-sheet.png", colours=96)


def shot(folder: str, title: str, who: str) -> str:
    """The upper part of a photograph, as an <img>."""
    path = FOLDER / folder / f"{title}-{who}.png"
    if not path.exists():
        return ""
    return f'<img alt="" src="data:image/png;base64,{b64encode(path.read_bytes()).decode()}">'


def fonts() -> str:
    from portal.embedded import var_dir  # noqa: PLC0415

    sheet = (ROOT / "portal/static/portal/css/fonts.css").read_text()
    for path in (var_dir() / "build/portal/fonts").glob("*.woff2"):
        data = b64encode(path.read_bytes()).decode()
        sheet = sheet.replace(f"../fonts/{path.name}", f"data:font/woff2;base64,{data}")
    return sheet


SHEET = """
body { margin: 0; padding: 28px; background: #e4dfd3; color: #1b2327; display: grid;
       grid-template-columns: 1fr 1fr; gap: 26px 28px;
       font: 15px/1.5 "Plex Sans", "Plex Sans Arabic", sans-serif; }
figure { margin: 0; }
div { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
img { inline-size: 100%; aspect-ratio: 1366 / 900; object-fit: cover; object-position: top;
      border: 1px solid #a9a18f; box-sizing: border-box; display: block; }
figcaption { display: flex; justify-content: space-between; padding-block-start: 6px; }
footer { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(6, 1fr); gap: 16px; }
footer img { aspect-ratio: 390 / 720; }
"""


def draw_room(browser: "Browser", site: "Site") -> Path:
    """One working group's room, in two browsers: Arabic right to left, English left to right."""
    from tests.e2e.conftest import Person  # noqa: PLC0415
    from tests.e2e.test_talk import enter, write  # noqa: PLC0415

    window: Any = {"width": 1100, "height": 760}
    pages = {}
    for language, email in (("ar", "head.kr"), ("en", "head.ng")):
        context = browser.new_context(viewport=window, locale=language, reduced_motion="reduce")
        someone = Person(site.portal, context, language)
        pages[language] = enter(someone.sign_in(f"{email}@demo.example"))
    for language, text in SAID:
        write(pages[language], text)
    shots = []
    for page in pages.values():
        page.wait_for_selector(f"text={SAID[-1][1]}")
        page.wait_for_selector(".message--pending", state="detached")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 1e9)")
        shots.append(b64encode(page.screenshot(animations="disabled")).decode())
        page.context.close()
    sheet = browser.new_page(viewport={"width": 2216, "height": 760})
    images = "".join(f'<img src="data:image/png;base64,{one}">' for one in shots)
    sheet.set_content(
        "<style>body { margin: 0; display: flex; gap: 16px; background: #a9a18f }</style>" + images
    )
    taken = sheet.screenshot()
    sheet.close()
    return keep(taken, "room.png", colours=128)


def keep(taken: bytes, name: str, *, colours: int) -> Path:
    """Few colours are enough for pages, and make small files."""
    from PIL import Image  # noqa: PLC0415

    path = PICTURES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(taken)).convert("RGB").quantize(colours).save(path, optimize=True)
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
