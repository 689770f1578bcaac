"""What changed between two versions of texts, for people to read."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from django.conf import settings

from portal.models import TextVersion
from records.languages import TextState, state_of

KINDS = ("titles", "summaries", "bodies")  # in the order in which they are read
SAME, ADDED, REMOVED = "same", "added", "removed"
WORDS_COMPARED = 400  # in longer lines the whole line stands against the other


class Piece(NamedTuple):
    kind: str
    text: str


Line = list[Piece]


class TextChange(NamedTuple):
    """One text of one language, line by line."""

    kind: str  # of KINDS
    language: str
    name: str  # of the language, as its speakers call it
    lines: list[Line]


class StateChange(NamedTuple):
    name: str
    before: TextState
    after: TextState


def text_changes(old: TextVersion | None, new: TextVersion) -> list[TextChange]:
    """Every text that is another in `new`; without `old`, all that `new` has."""
    return [
        TextChange(kind, code, name, list(_lines(before, after)))
        for code, name in settings.LANGUAGES
        for kind in KINDS
        if (before := old.text(kind, code) if old else "") != (after := new.text(kind, code))
    ]


def state_changes(old: TextVersion | None, new: TextVersion) -> list[StateChange]:
    return [
        StateChange(name, before, after)
        for code, name in settings.LANGUAGES
        if (before := _state(old, code)) != (after := _state(new, code))
    ]


def _state(version: TextVersion | None, language: str) -> TextState:
    if version is None:
        return TextState.MISSING
    return state_of(version.texts["titles"], version.texts["states"], language)


def _lines(old: str, new: str) -> Iterator[Line]:
    before, after = old.splitlines(), new.splitlines()
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ([Piece(SAME, line)] for line in before[a:b] if line)
        elif kind == "replace" and b - a == d - c:
            yield from (_words(x, y) for x, y in zip(before[a:b], after[c:d], strict=True))
        else:
            yield from ([Piece(REMOVED, line)] for line in before[a:b] if line)
            yield from ([Piece(ADDED, line)] for line in after[c:d] if line)


def _words(old: str, new: str) -> Line:
    before, after = old.split(" "), new.split(" ")
    if max(len(before), len(after)) > WORDS_COMPARED:
        return [Piece(REMOVED, old), Piece(ADDED, new)]
    line: Line = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            line.append(Piece(SAME, " ".join(before[a:b])))
            continue
        if a < b:
            line.append(Piece(REMOVED, " ".join(before[a:b])))
        if c < d:
            line.append(Piece(ADDED, " ".join(after[c:d])))
    return line
