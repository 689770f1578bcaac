"""A page as it came over the wire: what every one of them must have, and its forms."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

LEFT_OUT = ("hidden", "submit", "button")  # kinds of <input> that nobody fills in
RIGHT_TO_LEFT = ("ar", "ar-xb")


@dataclass
class Form:
    """A form that is posted: where to, what it sends by itself, what a person fills in."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    names: dict[str, bool] = field(default_factory=dict)  # whether it is required
    button: dict[str, str] = field(default_factory=dict)  # the last one

    @property
    def can_be_refused(self) -> bool:
        """Whether it does nothing when it is sent empty."""
        return any(self.names.values())

    @property
    def nothing(self) -> dict[str, str]:
        """What is sent when nobody filled in anything."""
        return self.hidden | self.button | dict.fromkeys(self.names, "")


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = self.direction = self.title = ""
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.inline: list[str] = []  # what the policy of the site refuses
        self.assets: set[str] = set()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self.headings: list[int] = []
        self._in_title = self._in_svg = False
        self._form: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_svg |= tag == "svg"
        self.tags[tag] += 1
        if tag == "html":
            self.language, self.direction = given.get("lang", ""), given.get("dir", "")
        if tag == "title" and not self._in_svg:
            self._in_title = True
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        for name in given:
            if name == "style" or name.startswith("on"):
                self.inline.append(f"<{tag} {name}>")
        if tag == "style" or (tag == "script" and "src" not in given):
            data = given.get("type") in ("application/json", "application/ld+json")
            self.inline += [] if data else [f"<{tag}>"]
        self._take_addresses(tag, given)
        self._take_form(tag, given)

    def _take_addresses(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("script", "img", "source") and given.get("src", "").startswith("/"):
            self.assets.add(given["src"])
        if tag == "link" and given.get("href", "").startswith("/"):
            self.assets.add(given["href"])
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.add(given["href"].partition("#")[0])

    def _take_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            posted = given.get("method", "").lower() == "post"
            self._form = Form(given.get("action", "")) if posted else None
            if self._form:
                self.forms.append(self._form)
        if self._form is None or tag not in ("input", "textarea", "select", "button"):
            return
        name = given.get("name", "")
        if tag == "button":
            self._form.button = {name: given.get("value", "")} if name else {}
            return
        if tag == "input" and given.get("type") in LEFT_OUT:
            self._form.hidden[name] = given.get("value", "")
        elif name:
            self._form.names[name] = self._form.names.get(name, False) or "required" in given

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._in_svg = False
        if tag == "title":
            self._in_title = False
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def faults(self, language: str) -> list[str]:
        """Against what every page must have, in words."""
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        found = [f"the id {name} stands {n} times" for name, n in self.ids.items() if n > 1]
        found += [f"{what} is refused by the policy" for what in self.inline]
        if (self.language, self.direction) != (language, direction):
            found.append(f"<html lang={self.language} dir={self.direction}>")
        if not self.title.partition("·")[0].strip():
            found.append("no title")
        found += [f"{self.tags[tag]} <{tag}>" for tag in ("h1", "main") if self.tags[tag] != 1]
        steps = zip([0, *self.headings], self.headings, strict=False)
        found += [f"from h{above} to h{below}" for above, below in steps if below > above + 1]
        return found
