"""Applications that a person writes, and what they say."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.application_changes import application_changes, plain
from members.application_parts import part_of
from members.enums_applying import PERSONAL_FIELDS, SECTION_OF, ApplicationPlace
from members.models import Application, ApplicationRevision, Declaration, User
from portal.data_export.files import documents_of, name_in_archive
from portal.data_export.parts import Row

_ASKED = _("Request for information")
_FIELDS = [name for name in SECTION_OF if name not in PERSONAL_FIELDS]
_NOTHING: dict[str, Any] = {
    **dict.fromkeys(_FIELDS, ""),
    "institution_names": {},
    "more_answers": {},
}


def application_rows(user: User) -> Iterator[Row]:
    """Position and telephone are those of the contact: of who is an editor they are not."""
    for application in Application.objects.of_applicant(user.pk).order_by("pk"):
        is_contact = application.contact_id == user.pk
        place = ApplicationPlace.CONTACT if is_contact else ApplicationPlace.EDITOR
        yield {
            "institution": application.name.text,
            "place": str(place.label),
            "state": str(application.get_state_display()),
            "since": application.created_at,
            "position": application.contact_position if is_contact else "",
            "telephone": application.contact_phone if is_contact else "",
        }


def answer_rows(user: User) -> Iterator[Row]:
    """What the applications say of the institution, and what was answered when more was asked, as
    they stand: whoever writes one reads all of it. What the secretariat asked is not theirs.
    """
    for application in Application.objects.of_applicant(user.pk).for_dossier().order_by("pk"):
        said = {name: plain(getattr(application, name)) for name in _FIELDS}
        said["more_answers"] = application.more_answers
        for answer in application_changes(application, _NOTHING, said, _FIELDS):
            yield _answer(application, answer.label, answer.after)
        for request in application.information_requests.all():
            if request.answer:
                yield _answer(application, str(_ASKED), request.answer)
            for item in request.items.all():
                if item.answer:
                    yield _answer(application, part_of(application, item.about).label, item.answer)


def _answer(application: Application, question: str, text: str) -> Row:
    return {"institution": application.name.text, "question": question, "text": text}


def revision_rows(user: User) -> Iterator[Row]:
    """When they changed one that was submitted. What it says is among the answers, for who writes
    it still.
    """
    for revision in ApplicationRevision.objects.made_by_person(user.pk):
        yield {
            "institution": revision.application.name.text,
            "version": revision.number,
            "since": revision.at,
        }


def declaration_rows(user: User) -> Iterator[Row]:
    for declared in Declaration.objects.of_person(user.pk):
        yield {
            "institution": declared.application.name.text,
            "name": declared.name,
            "capacity": declared.capacity,
            "since": declared.at,
            "text": declared.words,
        }


def document_rows(user: User) -> Iterator[Row]:
    for document, _file in documents_of(user):
        yield {
            "file": name_in_archive(document),
            "kind": str(document.get_kind_display()),
            "since": document.created_at,
        }
