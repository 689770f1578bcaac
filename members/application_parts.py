"""The parts of an application, by name: what they are called and where they are written.

A name is a field ("aims"), "credentials", "question:" and a key, or "document:" and a kind, with
"/" and a language where it is asked in that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.application_definitions import NO, YES, Question, option_value
from members.countries import country_name
from members.enums import DocumentKind, InstitutionKind, MembershipClass
from members.enums_applying import (
    SECTION_FIELDS,
    SECTION_OF,
    ApplicationSection,
    Need,
    QuestionKind,
)
from members.languages import language_words
from members.models import Application, InformationRequest
from members.network import first_language
from records.languages import in_language
from records.reading import written_date

FIELD_LABELS = {
    "institution_names": _("Official name of the institution"),
    "acronym": _("Acronym"),
    "country": _("Country"),
    "kind": _("Kind of institution"),
    "membership_class": _("Class of membership sought"),
    "website": _("Website"),
    "contact_position": _("Position of the contact person"),
    "contact_phone": _("Telephone of the contact person"),
    "aims": _("Aims"),
    "letter_text": _("Letter of intent"),
}
_AS_PARTS = {**FIELD_LABELS, "letter_text": _("Letter of intent, as text or as a file")}

_NAME_LABELS = {
    "ar": _("Official name in Arabic"),
    "en": _("Official name in English"),
    "fr": _("Official name in French"),
}


class Part(NamedTuple):
    name: str
    label: str
    section: str
    anchor: str


def part_of(application: Application, name: str) -> Part:
    """The part of that name, in the reader's language; one that the form has no more by its key."""
    if name == "credentials":
        return Part(
            name, str(_("Credentials, as a file")), ApplicationSection.DOCUMENTS, "id_document-kind"
        )
    if name.startswith("question:"):
        key = name.removeprefix("question:")
        question = application.definition.question(key)
        label = in_language(question.labels).text if question else key
        section = question.section if question else ApplicationSection.REASONS
        return Part(name, label, section, f"id_question_{key}")
    if name.startswith("document:"):
        kind, _slash, language = name.removeprefix("document:").partition("/")
        label = document_label(application, kind)
        label = label[:1].upper() + label[1:]
        if language:
            label = f"{label} · \u2068{dict(settings.LANGUAGES).get(language, language)}\u2069"
        return Part(name, label, ApplicationSection.DOCUMENTS, "id_document-kind")
    anchor = f"id_name_{first_language()}" if name == "institution_names" else f"id_{name}"
    label = field_label(application, name, ours=_AS_PARTS)
    return Part(name, label, SECTION_OF.get(name, ApplicationSection.INSTITUTION), anchor)


def field_label(application: Application, name: str, ours: Mapping[str, Any] = FIELD_LABELS) -> str:
    """What its form calls a field that every application has, in the reader's language."""
    said = in_language(application.definition.labels.get(name, {})).text
    return said or str(ours.get(name, name))


def document_label(application: Application, kind: str) -> str:
    """What a kind of document is called."""
    asked = application.definition.document(kind)
    if asked is not None:
        return in_language(asked.labels).text
    return str(DocumentKind(kind).label) if kind in DocumentKind.values else kind


def missing_parts(application: Application) -> list[Part]:
    """What must be there before it can be submitted, and is not."""
    return [part_of(application, name) for name in application.missing()]


def review_parts(application: Application) -> list[Part]:
    """What must be there by the end of the review, and is not."""
    return [part_of(application, name) for name in application.missing_by_review()]


def all_parts(application: Application) -> list[Part]:
    """Everything about which the secretariat may ask, in the order of the form."""
    names: list[str] = []
    for section in SECTION_FIELDS:
        names += SECTION_FIELDS[section]
        names += [question.name for question in application.definition.of_section(section)]
    kinds = (DocumentKind.LETTER_OF_INTENT, DocumentKind.CREDENTIALS, DocumentKind.OTHER)
    names += [f"document:{kind.value}" for kind in kinds]
    for asked in application.definition.documents:
        names += asked.names()
    return [part_of(application, name) for name in names]


def said_of(name: str, value: Any) -> str:
    """The value of a field of every application, in words."""
    match name:
        case "country":
            return country_name(str(value)).text if value else ""
        case "kind" if value in InstitutionKind.values:
            return str(InstitutionKind(value).label)
        case "membership_class" if value in MembershipClass.values:
            return str(MembershipClass(value).label)
    return str(value or "")


def answered(question: Question, answer: str) -> str:
    """An answer in words, in the reader's language."""
    if question.kind == QuestionKind.YES_NO and answer in (YES, NO):
        return str(_("yes") if answer == YES else _("no"))
    if question.kind == QuestionKind.DAY and answer:
        return written_date(date.fromisoformat(answer))
    for option in question.options:
        if option_value(option) == answer:
            return in_language(option).text
    return answer


def asked_documents(application: Application) -> list[dict[str, Any]]:
    """The kinds of documents that its form asks for: texts, and in which languages and by when."""
    return [
        {
            "labels": asked.labels,
            "helps": asked.helps,
            "words": " · ".join(
                [str(Need(asked.need).label), *filter(None, [language_words(asked.languages)])]
            ),
        }
        for asked in application.definition.documents
    ]


def asked_text(application: Application, request: InformationRequest) -> str:
    """All that a request asks, as text, in the reader's language."""
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    lines = []
    for item in request.items.all():
        label = part_of(application, item.about).label
        said = pattern % {"name": label, "value": item.question} if item.question else label
        lines.append(f"• {said}")
    if request.due_on:
        lines.append("")
        lines.append(_("To be answered by: %(day)s") % {"day": written_date(request.due_on)})
    return "\n".join([request.question, *([""] if lines and lines[0] else []), *lines])


def official_name_label(code: str) -> Any:
    """What the field of an official name is called; lazy."""
    if code in _NAME_LABELS:
        return _NAME_LABELS[code]
    pattern = _("Official name (%(language)s)")
    return lazystr(pattern % {"language": dict(settings.LANGUAGES).get(code, code)})
