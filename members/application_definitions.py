"""What a version of the application form asks for, read from its `definition`.

Fields that every application has are columns and not in it; it may say something more about them.
A question that is gone, or an answer that it no longer has, is simply not asked for any more.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.conf import settings

from members.enums_applying import DECLARATION, FIELD_NEEDS, Need, QuestionKind
from records.languages import Shown, in_language

MAX_QUESTIONS, MAX_DOCUMENT_KINDS, MAX_OPTIONS = 40, 20, 30
YES, NO = "yes", "no"
Texts = dict[str, str]  # language code -> text


class Question(NamedTuple):
    """One more question of a section. `options`: of a choice, each in its languages."""

    key: str
    section: str
    kind: str
    labels: Texts
    helps: Texts
    need: str
    options: list[Texts]

    @property
    def name(self) -> str:
        """What it is called among the parts of an application."""
        return f"question:{self.key}"

    def takes(self, answer: str) -> bool:
        """Whether this is an answer to it, as it is asked now."""
        if self.kind == QuestionKind.CHOICE:
            return answer in (option_value(option) for option in self.options)
        return bool(answer)


class AskedDocument(NamedTuple):
    """One more kind of document. `languages`: those in which it is asked, each; none: in any."""

    key: str
    labels: Texts
    helps: Texts
    languages: list[str]
    need: str

    @property
    def kind(self) -> str:
        """As `ApplicationDocument.kind` has it: never one of DocumentKind."""
        return f"form:{self.key}"

    def names(self) -> list[str]:
        """What its parts are called: one for each language asked."""
        name = f"document:{self.kind}"
        return [f"{name}/{code}" for code in self.languages] or [name]


class AskedField(NamedTuple):
    """What a version says of a field that every application has; empty: what the portal says."""

    labels: Texts
    helps: Texts
    need: str


class Definition(NamedTuple):
    """`labels`, `helps` and `needs`: by the name of a field that every application has.

    `declaration`: the words that are declared at submission.
    """

    questions: list[Question]
    documents: list[AskedDocument]
    helps: dict[str, Texts]
    labels: dict[str, Texts]
    needs: dict[str, str]
    declaration: Texts

    def field(self, name: str) -> AskedField:
        return AskedField(self.labels.get(name, {}), self.helps.get(name, {}), self.need_of(name))

    def need_of(self, name: str) -> str:
        """By when a field, or "credentials", must be there."""
        return self.needs.get(name, FIELD_NEEDS.get(name, Need.NOW))

    def declared(self) -> Shown:
        """The words that are declared, for the reader, and the language that they are in."""
        shown = in_language(self.declaration)
        return shown if shown.text else Shown(str(DECLARATION), shown.language)

    def of_section(self, section: str) -> list[Question]:
        return [question for question in self.questions if question.section == section]

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)

    def asked_names(self) -> list[str]:
        """Of all documents that it asks for, one for each language asked."""
        return [name for asked in self.documents for name in asked.names()]

    def sections_apart(self, other: "Definition") -> set[str]:
        """The sections in which the other asks something else, or in another way."""
        sections = {question.section for question in (*self.questions, *other.questions)}
        return {each for each in sections if self.of_section(each) != other.of_section(each)}

    def document(self, kind: str) -> AskedDocument | None:
        """By the kind that a document of it has."""
        return next((each for each in self.documents if each.kind == kind), None)

    def owed(
        self, answers: Mapping[str, Any], documents: Collection[tuple[str, str]], need: Need
    ) -> list[str]:
        """Names of what must be there by then and is not.

        `documents`: kind and language of each that is there.
        """
        missing = [
            question.name
            for question in self.questions
            if question.need == need and not question.takes(str(answers.get(question.key, "")))
        ]
        there = {f"document:{kind}" for kind, _language in documents}
        there |= {f"document:{kind}/{language}" for kind, language in documents}
        for asked in self.documents:
            if asked.need == need:
                missing += [name for name in asked.names() if name not in there]
        return missing


def read_definition(said: Mapping[str, Any]) -> Definition:
    return Definition(
        questions=[Question(**each) for each in said.get("questions", [])],
        documents=[AskedDocument(**each) for each in said.get("documents", [])],
        helps=dict(said.get("helps", {})),
        labels=dict(said.get("labels", {})),
        needs=dict(said.get("needs", {})),
        declaration=dict(said.get("declaration", {})),
    )


def written_definition(definition: Definition) -> dict[str, Any]:
    """As it is kept. What nothing is said of is left out: versions from before it could be said
    are written as they were.
    """
    since = {
        "labels": definition.labels,
        "needs": definition.needs,
        "declaration": definition.declaration,
    }
    return {
        "questions": [question._asdict() for question in definition.questions],
        "documents": [document._asdict() for document in definition.documents],
        "helps": definition.helps,
        **{name: said for name, said in since.items() if said},
    }


def mark_of(written: Mapping[str, Any]) -> int:
    """A number by which a form knows what it was opened on: another for every definition, whatever
    came between; 0 where nothing is asked.
    """
    if written in ({}, written_definition(read_definition({}))):
        return 0
    said = json.dumps(written, sort_keys=True, ensure_ascii=False).encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:4], "big") >> 1


def option_value(option: Texts) -> str:
    """What is kept as the answer, whatever language its writer reads: a text of its own, so that
    it says what was chosen even where the form asks differently later.
    """
    return in_language(option, settings.LANGUAGE_CODE).text
