"""What an application said, kept whole, and what is another between two of these, in words."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.application_parts import (
    answered,
    document_label,
    field_label,
    official_name_label,
    said_of,
)
from members.enums import DocumentKind
from members.enums_applying import SECTION_OF
from members.models import Application, InformationRequest
from records.languages import in_language

Contents = dict[str, Any]


class Change(NamedTuple):
    """One thing that is another. `language`: of both texts, "" where they are of the reader's."""

    label: str
    before: str
    after: str
    language: str = ""


def contents_of(application: Application) -> Contents:
    """All that its applicants say in it, to be kept as JSON."""
    return {
        **{name: plain(getattr(application, name)) for name in SECTION_OF},
        "more_answers": dict(application.more_answers),
        "documents": [
            {
                "kind": document.kind,
                "name": document.name,
                "language": document.language,
                "sha256": document.file.sha256,
            }
            for document in application.documents.select_related("file")
            if document.kind != DocumentKind.SIGNED_CHARTER
        ],
    }


def plain(value: Any) -> Any:
    """The value of a field as JSON has it."""
    return dict(value) if isinstance(value, dict) else str(value or "")


def application_changes(
    application: Application, old: Contents, new: Contents, names: Iterable[str] | None = None
) -> list[Change]:
    """Everything that is another in `new`; `names`: of these fields alone, and the answers."""
    found = [
        *_fields(application, old, new, SECTION_OF if names is None else names),
        *_answers(application, old, new),
        *(_documents(application, old, new) if names is None else ()),
    ]
    return [change for change in found if change.before != change.after]


def _fields(
    application: Application, old: Contents, new: Contents, names: Iterable[str]
) -> Iterator[Change]:
    for name in names:
        if name == "institution_names":
            for code, _own_name in settings.LANGUAGES:
                before, after = (said[name].get(code, "") for said in (old, new))
                yield Change(str(official_name_label(code)), before, after, code)
        else:
            before, after = (said_of(name, said[name]) for said in (old, new))
            yield Change(field_label(application, name), before, after)


def _answers(application: Application, old: Contents, new: Contents) -> Iterator[Change]:
    was, now = old["more_answers"], new["more_answers"]
    for question in application.definition.questions:
        before, after = (answered(question, said.get(question.key, "")) for said in (was, now))
        yield Change(in_language(question.labels).text, before, after)


def _documents(application: Application, old: Contents, new: Contents) -> Iterator[Change]:
    def files(said: Contents) -> str:
        return "\n".join(
            pgettext("a thing and its value", "%(name)s: %(value)s")
            % {
                "name": document_label(application, each["kind"]),
                "value": f"\u2068{each['name']}\u2069",
            }
            for each in said["documents"]
        )

    before, after = files(old), files(new)
    if before == after and old["documents"] != new["documents"]:
        after += "\n" + str(_("(with another content)"))
    yield Change(str(_("Documents")), before, after)


def corrected_since(application: Application, request: InformationRequest) -> frozenset[str]:
    """Names of the parts that are another than when the request was made."""
    asked = [item.about for item in request.items.all()]
    then = application.revisions.filter(at__lte=request.asked_at).last() if asked else None
    if then is None:
        return frozenset()
    old, new = then.contents, contents_of(application)
    return frozenset(name for name in asked if _part(old, name) != _part(new, name))


def _part(said: Contents, name: str) -> Any:
    if name.startswith("question:"):
        return said["more_answers"].get(name.removeprefix("question:"), "")
    if name.startswith("document:"):
        kind, _slash, language = name.removeprefix("document:").partition("/")
        return [
            each["sha256"]
            for each in said["documents"]
            if each["kind"] == kind and language in ("", each["language"])
        ]
    return said[name]
