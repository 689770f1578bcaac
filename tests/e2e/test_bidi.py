"""Two directions in one line, as a browser really sets them: `bidi.json` through our templates."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_countries.fields import Country
from playwright.sync_api import Browser, Page

from assembly.models import Meeting
from assembly.rules import Result, compute_result, explain
from portal.embedded import ROOT
from records.reading import as_read_by

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parent / "bidi.json").read_text())["cases"]
STYLES = "".join(
    (ROOT / "portal/static/portal/css" / name).read_text() for name in ("tokens.css", "base.css")
)
# Every character that is seen, with its place: x grows to the right, lines are told apart by y.
SEEN = """() => {
  const found = [];
  const nodes = document.createTreeWalker(document.getElementById("case"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    for (let at = 0; at < node.length; at++) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const rect = range.getClientRects()[0];
      if (rect && rect.width > 0) {
        found.push([node.data[at], rect.left, (rect.top + rect.bottom) / 2]);
      }
    }
  }
  return found;
}"""
RULES = SimpleNamespace(
    quorum_rule="3.1",
    quorum_numerator=1,
    quorum_denominator=2,
    majority_rule="4.2",
    majority_numerator=2,
    majority_denominator=3,
)


@dataclass
class Reader:
    digits: str
    shows_hijri: bool


def paragraphs(given: str) -> str:
    return Template("{{ text|paragraphs }}").render(Context({"text": given}))


def spoken(given: dict[str, str]) -> str:
    return Template("<h1>{{ names|spoken }}</h1>").render(Context({"names": given}))


def sentence(given: str) -> str:
    """As the templates put names into sentences of the interface."""
    words = {"ar": "اعتمدها %s في 3 مايو", "en": "Certified by %s on 3 May"}
    name = Template("{{ name|isolated }}").render(Context({"name": given}))
    return f"<p>{words[translation.get_language() or 'en'] % name}</p>"


def record(given: dict[str, Any]) -> str:
    institution = SimpleNamespace(names=given["institution"], country=Country("QA"))
    capacity = {"ar": "مندوب", "en": "delegate"}[translation.get_language() or "en"]
    at = datetime(2026, 11, 25, 9, 5, tzinfo=UTC)
    message = SimpleNamespace(
        author=SimpleNamespace(name=given["name"]),
        client_id="",
        mandate=SimpleNamespace(institution=institution, get_capacity_display=capacity),
        body=given["body"],
        posted_at=at,
        version=1,
        deletion=None,
        reply_to=None,
        **{"room_id": 1, "seq": 1, "author_id": 1},
    )
    shown = SimpleNamespace(seq=1, actor_id=1, message=message, kind="message.posted", at=at)
    return render_to_string("messaging/_record.html", {"record": shown})


def result(in_favour: int, against: int, abstentions: int, absent: int = 0) -> Result:
    choices = ["in_favour"] * in_favour + ["against"] * against
    choices += ["abstention"] * abstentions + ["absent"] * absent
    return compute_result(choices, RULES)


def tally(given: list[int]) -> str:
    template = Template("{% load assembly_tags %}<p>{{ result|tally }}</p>")
    return template.render(Context({"result": result(*given)}))


def days(given: list[str]) -> str:
    first, last = (date.fromisoformat(day) for day in given)
    template = Template("{% load assembly_tags %}<p>{{ meeting|days }}</p>")
    return template.render(Context({"meeting": Meeting(starts_on=first, ends_on=last)}))


def file(given: str) -> str:
    """The cell of the table of documents that has the name."""
    document = SimpleNamespace(
        pk=1,
        name=given,
        file=SimpleNamespace(size=1024),
        get_kind_display="",
        created_at=timezone.now(),
    )
    documents = SimpleNamespace(all=[document])
    application = SimpleNamespace(pk=1, documents=documents)
    html = render_to_string("members/_application_documents.html", {"application": application})
    cell = re.search(r"<a href=.*?</a>", html)
    assert cell is not None
    return f"<p>{cell[0]}</p>"


def explanation(given: list[int]) -> str:
    said = explain(result(*given), RULES, translation.get_language() or "en")
    return f'<p class="result__why">{said}</p>'


RENDERED: dict[str, Callable[[Any], str]] = {
    f.__name__: f for f in (paragraphs, spoken, sentence, record, tally, days, file, explanation)
}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    yield page
    page.close()


def lines_of(page: Page, case: dict[str, Any]) -> list[str]:
    """What stands on each line, from left to right."""
    language = case["page"]
    reader = Reader(case.get("digits", ""), case.get("hijri", False))
    with translation.override(language), as_read_by(reader), timezone.override("UTC"):
        html = RENDERED[case["by"]](case["given"])
        direction = "rtl" if translation.get_language_bidi() else "ltr"
    page.set_content(
        f'<!doctype html><html lang="{language}" dir="{direction}"><style>{STYLES}</style>'
        f'<body><div id="case">{html}</div>'
    )
    lines: dict[int, list[tuple[float, str]]] = {}
    for character, x, y in page.evaluate(SEEN):
        line = next((known for known in lines if abs(known - y) < 12), round(y))
        lines.setdefault(line, []).append((x, character))
    return [
        plain("".join(character for _x, character in sorted(lines[line]))) for line in sorted(lines)
    ]


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def seen(runs: list[str]) -> str:
    """A line of the corpus: Arabic runs are seen from right to left, numbers in them are not."""
    return plain("".join(turned(run) if is_arabic(run) else run for run in runs))


def is_arabic(run: str) -> bool:
    return any(unicodedata.bidirectional(c) == "AL" for c in run)


def turned(run: str) -> str:
    letters = "".join(c for c in run if not unicodedata.combining(c))
    return letters[::-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_lines_are_seen_in_the_order_of_the_corpus(blank: Page, case: dict[str, Any]) -> None:
    found = [
        "".join(c for c in line if not unicodedata.combining(c)) for line in lines_of(blank, case)
    ]
    assert found == [seen(line) for line in case["seen"]]
