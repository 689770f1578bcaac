"""Every page of the portal, in every language, to everybody: what needs no browser to see."""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.embedded import ROOT
from tests.portal.rights import TABLE
from tests.portal.test_rights import walk
from tests.site.page import Page
from tests.site.places import NOT_A_NAME, PLACES, names_without_a_place
from tests.site.places.place import PEOPLE
from tests.site.plan import Look, is_from_right, planned
from tests.site.visit import Answer, Site, Visitor

pytestmark = [pytest.mark.processes, pytest.mark.site]
LANGUAGES = [language for language, _name in settings.LANGUAGES]
ONE_FLOW = [  # its pages share a title
    {"account_reset_password", "account_reset_password_done"},
    {"mfa_index", "mfa_authenticate"},
    {"messaging:room", "messaging:day"},
    {"account_confirm_email", "account_email_verification_sent"},
]
OPTIONS = ["--errors-only", "--skip-non-html", "--format", "json", "--stdout"]


def after(path: str) -> str:
    """What comes after the language: the same in all."""
    return path[3:]


class Walk:
    """Every place visited once, and what was found."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.wrong: list[str] = []
        self.faults: list[str] = []
        self.titles: dict[tuple[str, str], set[str]] = defaultdict(set)  # to names
        self.assets: dict[str, str] = {}  # to somebody who saw it
        self.links: dict[str, set[str]] = defaultdict(set)  # by who saw them
        self.been: dict[str, set[str]] = defaultdict(set)  # where each was let in, as `after`
        self.refused: list[str] = []
        self.kept: set[int] = set()
        for who in PEOPLE:
            for language in LANGUAGES:
                self.visit(who, language)

    def visit(self, who: str, language: str) -> None:
        visitor = self.site.visitor(who)
        for place, path in self.site.pages(who, language):
            if place.asks_password:
                visitor.give_password()
            answer = visitor.get(path)
            seen = f"{who} {path}"
            if answer.letter != place.answers[who]:
                self.wrong.append(
                    f"{seen} ({place.title}): {answer.letter}, not {place.answers[who]}"
                )
            if answer.letter in "or":
                self.been[who].add(after(path))
            if answer.letter == "r" and place.name == "account_reset_password_from_key":
                answer = visitor.get(answer.headers["location"])
            if answer.is_page:
                page = self.keep(f"{language}-{place.title}-{who}", seen, answer, language)
                if answer.status == 200 and place.name != NOT_A_NAME:
                    self.titles[language, page.title].add(place.name)
                    self.links[who] |= page.links
                if answer.status == 200:
                    self.send_nothing(visitor, page, f"{language}-{place.title}-{who}", path)

    def keep(self, name: str, seen: str, answer: Answer, language: str) -> Page:
        """Note its faults, and write it down for the validator."""
        page = Page(answer.text)
        self.faults += [f"{seen}: {fault}" for fault in page.faults(language)]
        self.assets |= dict.fromkeys(page.assets, seen.partition(" ")[0])
        if hash(answer.body) not in self.kept:
            self.kept.add(hash(answer.body))
            (self.folder / f"{name.replace('(', '').replace(')', '')}.html").write_bytes(
                answer.body
            )
        return page

    def send_nothing(self, visitor: Visitor, page: Page, name: str, path: str) -> None:
        """Every form that asks for something, sent without it: it must come back with words."""
        for number, form in enumerate(page.forms):
            if not form.can_be_refused:
                continue
            answer = visitor.post(form.action or path.partition("?")[0], form.nothing)
            seen = f"{visitor.who} {path}, sent empty"
            if answer.status not in (200, 422):  # allauth's pages say 200
                self.refused.append(f"{seen}: {answer.status}")
            elif 'role="alert"' not in answer.text and "error-summary" not in answer.text:
                self.refused.append(f"{seen}: no word of what is wrong")
            if answer.is_page:
                self.keep(f"{name}-refused-{number}", seen, answer, name[:2])


@pytest.fixture(scope="session")
def walked(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(site, tmp_path_factory.mktemp("pages"))


def test_every_address_is_a_place() -> None:
    assert {name for name, _url in walk()} - TABLE.keys() - PLACES.keys() == set()
    assert PLACES.keys() - TABLE.keys() == set()
    assert names_without_a_place() == set()


def test_looks_are_shared_out_and_no_pair_is_left_out(site: Site) -> None:
    shared, products = (
        [*planned(site.places)],
        [*planned(site.places, every=True)],
    )
    assert pairs(shared) == pairs(products)
    assert {look.page for look in shared if look.sends} == {look.page for look in products}
    assert len(shared) < len(products) / 2


def pairs(looks: list[Look]) -> set[tuple[str, str]]:
    """A page with who sees it, with a device and with a theme; a name with a direction."""
    found = {(look.page, look.who) for look in looks}
    found |= {(look.page, part) for look in looks for way in look.ways for part in way}
    seen = [look for look in looks if look.page not in "nf"]
    return found | {(look.place.name, f"{is_from_right(look.language)}") for look in seen}


def test_everybody_is_answered_as_the_table_says(walked: Walk) -> None:
    assert walked.wrong == [], "\n".join(walked.wrong)


def test_every_page_has_what_a_page_must_have(walked: Walk) -> None:
    assert walked.faults == [], "\n".join(walked.faults)


def test_every_kind_of_page_has_a_title_of_its_own(walked: Walk) -> None:
    shared = [(t, n) for t, n in walked.titles.items() if len(n) > 1 and n not in ONE_FLOW]
    assert shared == [], "\n".join(map(str, shared))


def test_every_form_that_is_sent_empty_comes_back_with_words(walked: Walk) -> None:
    assert walked.refused == [], "\n".join(walked.refused)


def test_everything_that_pages_are_made_of_is_there(walked: Walk) -> None:
    assert len(walked.assets) > 10
    assert {
        path: code
        for path, who in walked.assets.items()
        if (code := walked.site.visitor(who).get(path).status) != 200
    } == {}


def test_no_link_leads_nowhere(walked: Walk) -> None:
    """Each once, in whichever language, where nobody has been on the walk."""
    dead = []
    for who, links in walked.links.items():
        visitor = walked.site.visitor(who)
        once = {after(link): link for link in links if after(link) not in walked.been[who]}
        dead += [
            (who, link, status)
            for link in sorted(once.values())
            if (status := visitor.get(link).status) not in (200, 302)
        ]
    assert dead == []


def vnu() -> list[str]:
    """The command that runs the Nu HTML checker, or a skipped test."""
    jar = Path(os.environ.get("VNU_JAR", ROOT / "var/vnu/node_modules/vnu-jar/build/dist/vnu.jar"))
    java = shutil.which("java")
    if java is None or not jar.exists():
        pytest.skip(
            "the Nu HTML checker is not here: it needs Java and VNU_JAR, or "
            "`npm install --no-save --ignore-scripts --prefix var/vnu vnu-jar`"
        )
    return [java, "-Xss4m", "-jar", str(jar)]


def messages(folder: Path) -> Iterator[str]:
    """What the checker says of the pages in the folder: errors alone, and none left out."""
    done = subprocess.run(
        [*vnu(), *OPTIONS, str(folder)],
        capture_output=True,
        text=True,
    )
    for message in json.loads(done.stdout)["messages"]:
        page = Path(message.get("url", "")).name
        yield f"{page}:{message.get('lastLine')}: {message['message']} {message.get('extract')!r}"


def test_every_page_is_valid_html(walked: Walk) -> None:
    for language in LANGUAGES:
        with override(language):
            for name in ("400.html", "403_csrf.html", "500.html"):  # nobody is sent there by us
                (walked.folder / f"{language}-{name}").write_text(render_to_string(name))
    assert len(list(walked.folder.iterdir())) > 100
    found = list(messages(walked.folder))
    assert found == [], "\n".join(found)


def test_every_letter_is_valid_html(site: Site, tmp_path: Path) -> None:
    written = 0
    for path in (site.portal.directory / "mail").iterdir():
        for letter in re.split(rb"^-{79}\n", path.read_bytes(), flags=re.MULTILINE):
            for part in message_from_bytes(letter, policy=policy.default).walk():
                if part.get_content_type() != "text/html":
                    continue
                written += 1
                text = part.get_content()
                assert re.search('<html lang=".." dir="(rtl|ltr)">', text)
                (tmp_path / f"{written}.html").write_text(text)
    assert written > 20
    assert list(messages(tmp_path)) == []
