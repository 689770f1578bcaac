"""Everything that the audit log says has a word: keys and acts are read out of the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from members.audit import described
from members.audit_words import ACTS, KEYS, WORDS
from members.enums_applying import SECTION_OF
from members.forms.audit import AuditFilterForm
from members.forms.lists import PeopleListForm, QueueListForm
from members.models.institutions import PROFILE
from portal.letters import TASKS
from records.actions import append_audit_entry
from tests.factories import Cast

ROOT = Path(settings.BASE_DIR)
APPS = ("members", "messaging", "assembly", "portal")
WRITERS = {"append_audit_entry", "move", "change_state"}  # whose `before` and `after` are logged
# Functions that make what is logged; what they put in is read there.
HELPERS = {"_said", "_place", "held_by", "_told", "_named", "_facts", "facts"}
NO_KEYS = {"mandate", "actor"}  # of other dictionaries in the same functions


def _functions() -> Iterator[ast.FunctionDef]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "actions" in path.parts or path.stem in ("actions", "receivers"):
                yield from (
                    node
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.FunctionDef)
                )


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITERS
    ]


def _keys(node: ast.AST) -> set[str]:
    """Keys that a dictionary of it has, or gets."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Dict):
            found |= {key.value for key in each.keys if isinstance(key, ast.Constant)}
        if (
            isinstance(each, ast.Subscript)
            and isinstance(each.ctx, ast.Store)
            and isinstance(each.slice, ast.Constant)
        ):
            found.add(each.slice.value)
    return {key for key in found if isinstance(key, str)}


def _logged(function: ast.FunctionDef) -> set[str]:
    found = set()
    for call in _calls(function):
        for given in call.keywords:
            if given.arg in ("before", "after"):
                found |= _keys(given.value)
                names = {n.id for n in ast.walk(given.value) if isinstance(n, ast.Name)}
                for node in ast.walk(function):  # `after = {…}`, handed on by its name
                    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                        to = node.targets if isinstance(node, ast.Assign) else [node.target]
                        if names & {
                            n.id for t in to for n in ast.walk(t) if isinstance(n, ast.Name)
                        }:
                            found |= _keys(node.value)
    return found


def test_every_key_that_is_written_has_a_word() -> None:
    found = {*PROFILE, *SECTION_OF} - {"contact_phone", "contact_position"}  # never logged
    for function in _functions():
        found |= _keys(function) if function.name in HELPERS else _logged(function)
    for form in (AuditFilterForm, PeopleListForm, QueueListForm):  # as what was sought
        found |= set(form.base_fields) - {"before"}
    assert sorted(found - NO_KEYS - set(KEYS) - set(dict(settings.LANGUAGES))) == []


def test_every_act_that_is_written_has_a_word() -> None:
    found = {
        each.value
        for function in _functions()
        for call in _calls(function)
        for given in call.keywords
        if given.arg == "act"
        for each in ast.walk(given.value)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value
    }
    assert sorted(act for act in found - set(ACTS) if not act.endswith(".") and act[0] != ".") == []
    assert WORDS["task"] is TASKS


@pytest.mark.django_db
def test_values_are_said_in_the_language_of_the_reader(cast: Cast) -> None:
    said = {
        "point": "letter",
        "open_points": ["founding"],
        "changed": ["aims", "document:credentials/ar", "time_zone"],
        "criteria": {"mission": 3},
        "sought": {"act": "mandate.started", "country": "none", "kind": "research_body"},
        "task": "members.send_invitation",
    }
    entry = append_audit_entry(actor=None, act="review_guide.changed", thing=cast.kr, after=said)
    with override("ar"):
        [shown] = described([entry])
    text = " ".join(f"{change.name} {change.after}" for change in shown.changes)
    assert not any("a" <= letter <= "z" for letter in text), text
