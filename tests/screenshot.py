"""`python -m tests.screenshot`: makes the README's picture from a running demo network.

One working group's room, in two browsers: Arabic from right to left, English from left to right.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from tests import environment  # noqa: F401  starts the services

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "room.png"
WINDOW = {"width": 1100, "height": 760}
SAID = [
    ("ar", "يؤيد وفد كوريا المقترح، ويضع مركز التدريب التابع لمؤسسة كوريا (KF) في خدمة الورشة."),
    ("en", "Nigeria thanks Korea, and will send two trainers in March."),
]


def main() -> None:
    from PIL import Image  # noqa: PLC0415  after the environment
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.chromium import find_chromium  # noqa: PLC0415
    from tests.e2e.conftest import Person  # noqa: PLC0415
    from tests.e2e.test_talk import enter, write  # noqa: PLC0415
    from tests.processes import (  # noqa: PLC0415
        OwnValkey,
        Portal,
        collect_static,
        create_database,
        template_database,
    )

    collect_static()
    folder = Path(tempfile.mkdtemp(prefix="majlis-"))
    valkey = OwnValkey(folder / "v")
    (folder / "v").mkdir()
    valkey.start()
    portal = Portal(
        folder / "portal",
        database_url=create_database("screenshot", template_database()),
        redis_url=valkey.url,
        demo=True,
    ).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=["--no-sandbox"]
            )
            pages = {}
            for language, email in (("ar", "head.kr"), ("en", "head.ng")):
                context = browser.new_context(viewport=WINDOW, locale=language)  # type: ignore[arg-type]
                someone = Person(portal, context, language)
                pages[language] = enter(someone.sign_in(f"{email}@demo.example"))
            for language, text in SAID:
                write(pages[language], text)
            shots = []
            for page in pages.values():
                page.wait_for_selector(f"text={SAID[-1][1]}")
                page.wait_for_selector(".message--pending", state="detached")
                page.evaluate("document.activeElement.blur(); scrollTo(0, 1e9)")
                shots.append(Image.open(BytesIO(page.screenshot())))
    finally:
        portal.stop()
        valkey.stop()
    gap = 16
    picture = Image.new("RGB", (WINDOW["width"] * 2 + gap, WINDOW["height"]), "#a9a18f")
    picture.paste(shots[0], (0, 0))
    picture.paste(shots[1], (WINDOW["width"] + gap, 0))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(128).save(PICTURE, optimize=True)
    print(PICTURE)


if __name__ == "__main__":
    main()
