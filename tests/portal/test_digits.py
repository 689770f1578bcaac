"""A page in Arabic for whoever reads ٠١٢٣: the interface writes no 0123."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.portal.rights import TABLE
from tests.portal.world import World

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
NOT_SHOWN = {"head", "script", "style", "template", "title", "kbd"}  # keys are as they are printed
# Names of things that have digits in them, and the choice between digits itself.
NAMES = re.compile(
    r"0123456789|ISO 3166|LGPL-3|^Rules \(1\)$|^1$"
    r"|^([0-9a-f]{12}|[0-9a-f]{64})$|^\d{4}-\d\d-\d\dT\S+$"
)
WRITTEN = {"portal:page_contact", "portal:styleguide"}  # by people; as a specimen


class Text(HTMLParser):
    """What stands on a page, apart from what people wrote and what has a direction of its own
    (addresses, secrets).
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        own = said.get("dir") in ("auto", "ltr") or "lang" in said or tag in NOT_SHOWN
        if tag not in VOID:
            self.open.append((tag, (own and tag != "html") or any(o for _t, o in self.open)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][1] and data.strip():
            self.found.append(" ".join(data.split()))


def european(page: str) -> list[str]:
    text = Text()
    text.feed(page)
    return [each for each in text.found if re.search("[0-9]", NAMES.sub("", each))]


@pytest.fixture
def world(db: None) -> World:
    return World()


def reads_arabic_indic(user: User) -> User:
    user.language, user.digits, user.shows_hijri = "ar", "arabic_indic", True
    user.save()
    return user


def test_no_page_mixes_digits(client: Client, world: World) -> None:
    client.force_login(reads_arabic_indic(world.cast.dina))
    mixed, seen = [], 0
    for name, row in TABLE.items():
        if name in WRITTEN:
            continue
        address = reverse(name, args=row.args(world)).replace("/en/", "/ar/", 1)
        answer = client.get(address)
        if (
            name in WRITTEN
            or answer.status_code != 200
            or "text/html" not in answer.headers["content-type"]
        ):
            continue
        page = answer.content.decode()
        seen += bool(re.search("[٠-٩]", page))
        mixed += [(name, text) for text in european(page)]
    assert mixed == [], "\n".join(map(str, mixed))
    assert seen > 10
