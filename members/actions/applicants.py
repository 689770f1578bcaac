"""What the applicants do: begin, fill, submit, answer, withdraw, sign."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.application_places import mark_saved
from members.actions.application_revisions import keep_first_revision, keep_revision
from members.actions.applications import (
    WrongStateError,
    close_request,
    end,
    lock_application,
    move,
    require_step,
)
from members.actions.decisions import require_not_too_early
from members.application_changes import plain
from members.enums import ApplicationState as State
from members.enums import DocumentKind
from members.enums_applying import PERSONAL_FIELDS, SECTION_OF
from members.models import (
    Application,
    ApplicationDocument,
    ApplicationFormVersion,
    CharterSending,
    Declaration,
    InformationRequest,
    Mandate,
    User,
)
from members.permissions.applications import can_move, is_applicant, is_contact
from records.actions import append_audit_entry, store_file

MAX_DOCUMENTS = 20  # beside those that its form asks for
APPLICANT_FIELDS = frozenset(SECTION_OF)


class StaleSectionError(ValidationError):
    """Somebody else changed the section after this form was opened; `version` stands now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version


class CharterNotSentError(WrongStateError):
    """The secretariat has not sent the charter yet: there is none that could be signed."""

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self.message = _(
            "The secretariat has not sent you the charter yet. Sign the one that it sends you."
        )
        self.params = None
        self.code = "charter_not_sent"


class OtherDeclarationError(ValidationError):
    """The draft goes on with another version of the form than the one whose words were read."""

    def __init__(self) -> None:
        super().__init__(
            _("The form was changed in the meantime. Please read the declaration again."),
            code="other_declaration",
        )


class IncompleteError(ValidationError):
    """Something must be there before submission and is not; `missing` names it."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(_("The application is not complete."), code="incomplete")
        self.missing = missing


@transaction.atomic
def start_application(*, actor: User, mandate: Mandate | None = None) -> Application:
    """A draft of the signed-in person's own. Safe to repeat: an empty one is taken up again."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    empty = Application.objects.of_contact(actor.pk).untouched().first()
    if empty is not None:
        return empty
    application = Application.objects.create(
        contact=actor, form_version=ApplicationFormVersion.objects.current()
    )
    append_audit_entry(actor=actor, mandate=mandate, act="application.started", thing=application)
    return application


@transaction.atomic
def save_application(
    *,
    application: Application,
    fields: dict[str, Any],
    more_answers: dict[str, str] | None = None,
    section: str = "",
    version: int | None = None,
    actor: User,
    mandate: Mandate | None = None,
) -> Application:
    """Keep what the applicants have typed so far; it need not be complete.

    `fields`: some of APPLICANT_FIELDS; `more_answers`: to questions of its form, by their keys.
    `version`: of `section`, as the actor has seen it. Safe to repeat. Raises PermissionDenied,
    StaleSectionError, and WrongStateError once it was submitted (until information is asked for).
    A new contact may say their position and telephone later too.
    """
    if unknown := fields.keys() - APPLICANT_FIELDS:
        raise ValueError(f"not the applicant's: {unknown}")
    more_answers = more_answers or {}
    known = application.more_answers
    answered = {key for key, answer in more_answers.items() if answer != known.get(key, "")}
    application = _lock_to_save(application, actor, {*fields, *answered})
    if not answered:  # what stands was sent along
        more_answers = {}
    if version is not None and version != application.section_version(section):
        raise StaleSectionError(application.section_version(section))
    before = {name: plain(getattr(application, name)) for name in fields}
    changed = {n: v for n, v in fields.items() if plain(v) != before[n]}
    answers = {**application.more_answers, **more_answers}
    if not changed and answers == application.more_answers:
        return application
    keep_first_revision(application)
    sections = {SECTION_OF[name] for name in changed}
    changed_questions: list[str] = []
    for question in application.definition.questions:
        was = application.more_answers.get(question.key, "")
        if answers.get(question.key, "") != was:
            sections.add(question.section)
            changed_questions.append(question.name)
    for name, value in changed.items():
        setattr(application, name, value)
    application.search_text = application.searchable()
    application.more_answers = {key: answer for key, answer in answers.items() if answer}
    mark_saved(application, sections, actor)
    application.save(update_fields=[*changed, "more_answers", "section_saves", "search_text"])
    keep_revision(application, actor)
    told = changed.keys() - PERSONAL_FIELDS if application.submitted_at else set()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.saved",
        thing=application,
        before={n: before[n] for n in sorted(told)},
        after={
            "changed": sorted([*changed, *changed_questions]),
            **{n: plain(changed[n]) for n in sorted(told)},
        },
    )
    return application


def _lock_to_save(application: Application, actor: User, names: set[str]) -> Application:
    """As `_lock_open`; a contact's own position and telephone are written until all is over."""
    if not names <= PERSONAL_FIELDS:
        return _lock_open(application, actor)
    application = lock_application(application)
    if not is_contact(actor, application) or application.is_closed:
        return _lock_open(application, actor)
    return application


@transaction.atomic
def add_document(
    *,
    application: Application,
    kind: DocumentKind | str,
    upload: UploadedFile,
    language: str = "",
    actor: User,
    mandate: Mandate | None = None,
) -> ApplicationDocument:
    """Keep a file that `StoredFileField` has checked. Safe to repeat: the same file, one document.

    `kind`: a DocumentKind or one of the application's form; `language`: of what it says.

    Raises PermissionDenied, WrongStateError, and ValidationError when there are too many. The
    signed charter has its own door, `hand_in_charter`.
    """
    if kind == DocumentKind.SIGNED_CHARTER:
        raise PermissionDenied
    application = _lock_open(application, actor)
    return _add(application, kind, upload, actor, mandate, language)


@transaction.atomic
def remove_document(
    *, document: ApplicationDocument, actor: User, mandate: Mandate | None = None
) -> None:
    """Take a document out of the application. Safe to repeat.

    Raises PermissionDenied, WrongStateError.
    """
    application = _lock_open(document.application, actor)
    keep_first_revision(application)
    gone, _each = ApplicationDocument.objects.filter(
        pk=document.pk, application=application
    ).delete()
    if gone:
        keep_revision(application, actor)
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="application.document_removed",
            thing=application,
            before={"kind": document.kind, "sha256": document.file.sha256},
        )


@transaction.atomic
def submit_application(
    *,
    application: Application,
    capacity: str = "",
    seen: int | None = None,
    actor: User,
    mandate: Mandate | None = None,
) -> Application:
    """Hand it in, with the actor's declaration in the language they read.

    `capacity`: in which they declare; their position where nothing is said. `seen`: the id of the
    version of the form whose declaration they have read, 0 for none. Raises PermissionDenied,
    WrongStateError, OtherDeclarationError, and IncompleteError with what is missing.
    """
    application = lock_application(application)
    if not can_move(actor, application, State.SUBMITTED):
        raise PermissionDenied
    require_step(application, State.SUBMITTED)
    if missing := application.missing():
        raise IncompleteError(missing)
    require_not_too_early(application)
    if seen is not None and seen != (application.form_version_id or 0):
        raise OtherDeclarationError
    words = application.definition.declared()
    Declaration.objects.create(
        application=application,
        user=actor,
        name=actor.name,
        capacity=capacity or application.contact_position,
        words=words.text,
        language=words.language,
    )
    application = move(application, to=State.SUBMITTED, actor=actor, mandate=mandate)
    keep_revision(application, actor)
    return application


@transaction.atomic
def answer_information_request(
    *,
    application: Application,
    answer: str,
    upload: UploadedFile | None = None,
    answers: Mapping[int, tuple[str, UploadedFile | None]] | None = None,
    request: InformationRequest | None = None,
    actor: User,
    mandate: Mandate | None = None,
) -> Application:
    """Answer what the secretariat asked, with a file where there is one; the review goes on.

    `answers`: to the things it asked about, by their numbers; the file of a document is added to
    the application as that. `request`: the one that was read; another asked meanwhile is not
    answered by it. Raises PermissionDenied, WrongStateError.
    """
    application = lock_application(application)
    if not is_applicant(actor, application):
        raise PermissionDenied
    if application.state != State.INFORMATION_REQUESTED:
        raise WrongStateError(application)
    if request is not None and request != application.open_request:
        raise WrongStateError(application)
    if upload is not None:
        _add(application, DocumentKind.OTHER, upload, actor, mandate)
    said = {}
    for item in application.open_request.items.all() if application.open_request else []:
        words, file = (answers or {}).get(item.pk, ("", None))
        if file is not None and item.is_document:
            kind, language = item.asked_document
            added = _add(application, kind, file, actor, mandate, language)
            words = words or added.name
        said[item.pk] = words
    close_request(application, answer=answer, answers=said)
    return move(
        application,
        to=State.UNDER_REVIEW,
        actor=actor,
        mandate=mandate,
        act="application.information_given",
        letter="information_given",
        after={"answer": answer},
    )


@transaction.atomic
def withdraw_application(
    *, application: Application, reason: str = "", actor: User, mandate: Mandate | None = None
) -> Application:
    """Take it back, at any step until it is declined or the membership is active.

    Raises PermissionDenied, WrongStateError.
    """
    application = lock_application(application)
    if not can_move(actor, application, State.WITHDRAWN):
        raise PermissionDenied
    require_step(application, State.WITHDRAWN)
    return end(application, to=State.WITHDRAWN, reason=reason, actor=actor, mandate=mandate)


@transaction.atomic
def hand_in_charter(
    *,
    application: Application,
    upload: UploadedFile,
    actor: User,
    mandate: Mandate | None = None,
) -> Application:
    """After admission, the charter that the secretariat has sent, signed.

    Raises PermissionDenied, WrongStateError, CharterNotSentError.
    """
    application = lock_application(application)
    if not can_move(actor, application, State.CHARTER_SIGNED):
        raise PermissionDenied
    require_step(application, State.CHARTER_SIGNED)
    if not CharterSending.objects.to(application.pk).exists():
        raise CharterNotSentError(application)
    _add(application, DocumentKind.SIGNED_CHARTER, upload, actor, mandate)
    return move(application, to=State.CHARTER_SIGNED, actor=actor, mandate=mandate)


def _lock_open(application: Application, actor: User) -> Application:
    application = lock_application(application)
    if not is_applicant(actor, application):
        raise PermissionDenied
    if not application.is_open_to_applicant:
        raise WrongStateError(application)
    return application


def _add(
    application: Application,
    kind: DocumentKind | str,
    upload: UploadedFile,
    actor: User,
    mandate: Mandate | None,
    language: str = "",
) -> ApplicationDocument:
    keep_first_revision(application)
    stored = store_file(
        upload=upload,
        content_type=upload.checked_type,  # type: ignore[attr-defined]
    )
    documents = application.documents.all()
    for document in documents:
        if (document.file_id, document.kind, document.language) == (stored.pk, kind, language):
            return document
    most = MAX_DOCUMENTS + len(application.definition.asked_names())
    if len(documents) >= most and kind != DocumentKind.SIGNED_CHARTER:
        raise ValidationError(
            _("An application can have at most %(number)s documents."),
            code="too_many_documents",
            params={"number": most},
        )
    document = ApplicationDocument.objects.create(
        application=application,
        file=stored,
        kind=kind,
        name=upload.name or "",
        language=language,
        uploaded_by=actor,
    )
    keep_revision(application, actor)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.document_added",
        thing=application,
        after={"kind": str(kind), "sha256": stored.sha256},
    )
    return document
