"""A visitor with a real browser: what one sees on a page, on desk and phone, by day and night."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.site.plan import Way
from tests.site.visit import Site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
SIZES = {
    "desk": DESK,
    "phone": PHONE,
    "320": {"width": 320, "height": 640},
    "2560": {"width": 2560, "height": 1200},
}
NARROW = ("phone", "320")
LISTEN = """
window.reports = [];
document.addEventListener("securitypolicyviolation",
    (event) => window.reports.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
TOO_WIDE = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const sticksOut = [...document.querySelectorAll("main *, header *, nav *, footer *")].filter(
        (one) => { const box = one.getBoundingClientRect();
                   return box.right > root.clientWidth + 1 || box.left < -1; });
    return `${root.scrollWidth}: ` + (sticksOut.at(-1)?.outerHTML.slice(0, 200) ?? "?");
}"""
OVERLAP = """() => {
    const boxes = (cell) => {
        const found = [];
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            if (texts.currentNode.parentElement.closest(".visually-hidden")) continue;
            const range = document.createRange();
            range.selectNodeContents(texts.currentNode);
            found.push(...range.getClientRects());
        }
        return found;
    };
    const meet = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4; // lines are close
    for (const row of document.querySelectorAll("main tbody tr")) {
        const cells = [...row.cells].map(boxes);
        for (const [place, cell] of cells.entries())
            for (const other of cells.slice(place + 1))
                if (cell.some((one) => other.some((two) => meet(one, two)))) return row.innerText;
    }
    return null;
}"""
SQUEEZED = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const letters = texts.currentNode.data.trim().length;
        if (letters < 8 || !texts.currentNode.parentElement.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        if (range.getClientRects().length > letters / 2) // one or two letters in a line
            return texts.currentNode.parentElement.outerHTML.slice(0, 200);
    }
    return null;
}"""
RUN = """async ([options, known]) => {
    for (let frame = 0; frame < 60; frame += 1) { // colours settle, one level of nesting a frame
        await new Promise(requestAnimationFrame);
        if (frame > 1 && !document.getAnimations().length) break;
    }
    const frame = document.body.className + document.querySelector(".shell")?.className;
    const looked = known.includes(frame) ? { include: ["main"] } : document;
    const { violations } = await axe.run(looked, options);
    const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    return [frame, serious.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(
        ({ html, any, all, none }) =>
            `${id}: ${html.slice(0, 200)} ${[...any, ...all, ...none][0]?.message}`))];
}"""
ALL = {
    "resultTypes": ["violations"],
    "preload": False,  # of style sheets, for a rule that is no part of these
    "rules": {"target-size": {"enabled": True}},
}
COLOURS = {  # what alone changes with the theme
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
SEND_NOTHING = """(form) => {
    for (const one of form.querySelectorAll("input, textarea, select")) {
        if (["hidden", "submit", "button"].includes(one.type)) continue;
        if (["checkbox", "radio"].includes(one.type)) one.checked = false; else one.value = "";
    }
    const button = [...form.querySelectorAll("button[name]")].at(-1);
    if (button) {
        const sent = document.createElement("input");
        Object.assign(sent, { type: "hidden", name: button.name, value: button.value });
        form.append(sent);
    }
    HTMLFormElement.prototype.submit.call(form);
}"""


class Eyes:
    """One browser context: a person, a language. `faults` is what was wrong with what was seen;
    `every`: see `tests.site.plan`.
    """

    def __init__(
        self, browser: Browser, site: Site, who: str, language: str, *, every: bool
    ) -> None:
        self.site, self.who, self.language, self.every = site, who, language, every
        self.context = browser.new_context(
            base_url=site.portal.url,
            locale=language,
            viewport=DESK,
            reduced_motion="reduce",
            service_workers="block",  # what it asks for would be heard as a failed part of the page
        )
        self.context.set_default_timeout(15_000)
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": site.portal.url}
                for name, value in site.visitor(who).cookies.items()
            ]
        )
        self.context.add_init_script(LISTEN)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self._frames: dict[tuple[Way, bool], set[str]] = defaultdict(set)
        self.at = ""
        self.context.on("weberror", lambda error: self._note(str(error.error)))
        self.context.on("console", self._hear)
        self.context.on("requestfailed", self._miss)
        self.context.on("response", self._receive)

    def look(self, path: str, ways: Sequence[Way]) -> Page:
        """Go there. Layout is looked at in every size; `ways`: where axe is asked (nowhere, if
        there is none), of all its rules the first time, then of colours alone.
        """
        self.at = path
        self._shine(ways[0].theme if ways else "light")
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        self.page.goto(path, wait_until="load")
        if ways:
            self.page.evaluate(AXE)
        for device, size in SIZES.items():
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self._check_layout(device)
            here = [way for way in ways if way.device == device]
            if here:
                self._stretch(size)
            for way in here:
                self._check(way, ALL if way == ways[0] else COLOURS)
        for report in self.page.evaluate("window.reports"):
            self._note(f"refused by the policy: {report}")
        return self.page

    def send_nothing(self, path: str, ways: Sequence[Way]) -> None:
        """Each form of the page that asks for something, sent without it: look at the refusal."""
        asks = "main form[method=post]:has([required])"
        for number in range(self.page.locator(asks).count()):
            if number:
                self.page.goto(path, wait_until="load")
            self.at = f"{path}, form {number + 1} sent empty"
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            with self.page.expect_navigation(wait_until="load"):
                self.page.locator(asks).nth(number).evaluate(SEND_NOTHING)
            self.page.evaluate(AXE)
            self._check_layout("phone")
            self._stretch(PHONE)
            for way in ways:
                self._check(way, ALL if way == ways[0] else COLOURS)

    def _shine(self, theme: str) -> None:
        self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]

    def _stretch(self, size: dict[str, int]) -> None:
        """As high as the page, where what sticks to the screen's end covers nothing."""
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        height = self.page.evaluate("document.documentElement.scrollHeight")
        if height > size["height"]:
            self.page.set_viewport_size({"width": size["width"], "height": height})

    def _check(self, way: Way, options: dict[str, Any]) -> None:
        """What is around `main` is the same on all pages of a kind: it is looked at once."""
        self._shine(way.theme)
        known = self._frames[way, options is ALL]
        frame, serious = self.page.evaluate(RUN, [options, [] if self.every else list(known)])
        known.add(frame)
        for found in serious:
            self._note(f"{way.device}, {way.theme}: {found}")

    def _check_layout(self, device: str) -> None:
        if wide := self.page.evaluate(TOO_WIDE):
            self._note(f"{device}: scrolls sideways, {wide}")
        if row := self.page.evaluate(OVERLAP):
            self._note(f"{device}: cells over one another, {row!r}")
        if device in NARROW and (text := self.page.evaluate(SQUEEZED)):
            self._note(f"{device}: no room for a word, {text}")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.who} {self.at}: {fault}")

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is refused is told in the console, too; so are a socket that is left, and the
        # worker that is kept out.
        told = ("Failed to load resource", "WebSocket", "Service Worker registration blocked")
        if message.type in ("error", "warning") and not any(word in message.text for word in told):
            self._note(f"console: {message.text}")

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # by going on to the next page
            self._note(f"{request.url}: {request.failure}")

    def _receive(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self._note(f"{response.url}: {response.status}")
