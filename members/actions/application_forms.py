"""What the network asks of applicants: changed in preparation, then published as a version."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.actions.application_places import mark_saved
from members.actions.applications import WrongStateError, lock_application
from members.application_definitions import (
    MAX_DOCUMENT_KINDS,
    MAX_QUESTIONS,
    AskedDocument,
    AskedField,
    Definition,
    Question,
    mark_of,
    read_definition,
    written_definition,
)
from members.enums import ApplicationState
from members.enums_applying import FIELD_NEEDS, SECTION_OF
from members.models import Application, ApplicationFormVersion, Mandate, User
from members.permissions.application_forms import can_settle_form
from members.permissions.applications import is_applicant
from records.actions import append_audit_entry


class StaleFormError(ValidationError):
    """Somebody else changed the form after this page was opened; `version` stands now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version


@dataclass
class _Preparation:
    """The version in preparation, locked, and what it asks."""

    row: ApplicationFormVersion
    definition: Definition

    def keep(self, definition: Definition) -> bool:
        """Whether anything is another now."""
        written = written_definition(definition)
        if written == self.row.definition:
            return False
        self.row.definition = written
        self.row.changes += 1
        self.row.save()
        return True


@transaction.atomic
def keep_question(
    *, question: Question, version: int | None, actor: User | None, mandate: Mandate | None = None
) -> ApplicationFormVersion:
    """Add a question (with key ""), or change the one of that key, in the version in preparation.

    One that is answered in another way is a new one. `version`: `mark_of` what the actor has seen.
    Raises PermissionDenied, StaleFormError, and ValidationError ("too_many").
    """
    prepared = _prepare(actor, version)
    questions = list(prepared.definition.questions)
    place = next((n for n, each in enumerate(questions) if each.key == question.key), None)
    if place is None:
        if len(questions) >= MAX_QUESTIONS:
            raise _too_many(MAX_QUESTIONS)
        questions.append(question._replace(key=_key()))
    else:
        same = questions[place].kind == question.kind
        questions[place] = question if same else question._replace(key=_key())
    return _kept(
        prepared, prepared.definition._replace(questions=questions), question.labels, actor, mandate
    )


@transaction.atomic
def keep_document(
    *,
    document: AskedDocument,
    version: int | None,
    actor: User | None,
    mandate: Mandate | None = None,
) -> ApplicationFormVersion:
    """The same for a kind of document."""
    prepared = _prepare(actor, version)
    documents = list(prepared.definition.documents)
    place = next((n for n, each in enumerate(documents) if each.key == document.key), None)
    if place is None:
        if len(documents) >= MAX_DOCUMENT_KINDS:
            raise _too_many(MAX_DOCUMENT_KINDS)
        documents.append(document._replace(key=_key()))
    else:
        documents[place] = document
    return _kept(
        prepared, prepared.definition._replace(documents=documents), document.labels, actor, mandate
    )


@transaction.atomic
def keep_field(
    *,
    name: str,
    said: AskedField,
    version: int | None,
    actor: User | None,
    mandate: Mandate | None = None,
) -> ApplicationFormVersion:
    """How a field is asked that every application has. Its need is settled for those in
    FIELD_NEEDS alone; of the others it is not heard.

    Raises PermissionDenied and StaleFormError.
    """
    if name not in SECTION_OF:
        raise ValueError(f"no field of applications: {name}")
    prepared = _prepare(actor, version)
    asked = prepared.definition
    needs = {k: need for k, need in asked.needs.items() if k != name}
    if name in FIELD_NEEDS and said.need != FIELD_NEEDS[name]:
        needs[name] = said.need
    changed = asked._replace(
        labels=_with(asked.labels, name, said.labels),
        helps=_with(asked.helps, name, said.helps),
        needs=needs,
    )
    return _kept(prepared, changed, said.labels, actor, mandate, changed=[name])


@transaction.atomic
def keep_declaration(
    *,
    words: dict[str, str],
    version: int | None,
    actor: User | None,
    mandate: Mandate | None = None,
) -> ApplicationFormVersion:
    """What who submits declares; without words, what the portal says.

    Raises PermissionDenied and StaleFormError.
    """
    prepared = _prepare(actor, version)
    changed = prepared.definition._replace(declaration=words)
    return _kept(prepared, changed, words, actor, mandate, changed=["declaration"])


@transaction.atomic
def remove_part(
    *, key: str, version: int | None = None, actor: User | None, mandate: Mandate | None = None
) -> None:
    """Ask for a question or a kind of document no more. Safe to repeat.

    Raises PermissionDenied, and StaleFormError where it is asked in another way by now.
    """
    prepared = _prepare(actor, None)
    _check_seen(prepared.row, version if _asks(prepared.definition, key) else None)
    definition = prepared.definition
    parts: list[Question | AskedDocument] = [*definition.questions, *definition.documents]
    gone = [each for each in parts if each.key == key]
    if gone:
        left = definition._replace(
            questions=[each for each in definition.questions if each.key != key],
            documents=[each for each in definition.documents if each.key != key],
        )
        _kept(prepared, left, gone[0].labels, actor, mandate)


@transaction.atomic
def move_question(
    *, key: str, up: bool, actor: User | None, mandate: Mandate | None = None
) -> None:
    """Exchange it with its neighbour in its section; at the end it stays. Raises
    PermissionDenied.
    """
    prepared = _prepare(actor, None)
    questions = list(prepared.definition.questions)
    moved = prepared.definition.question(key)
    if moved is None:
        return
    beside = [n for n, each in enumerate(questions) if each.section == moved.section]
    at = beside.index(questions.index(moved))
    to = at - 1 if up else at + 1
    if 0 <= to < len(beside):
        one, other = beside[at], beside[to]
        questions[one], questions[other] = questions[other], questions[one]
        changed = prepared.definition._replace(questions=questions)
        _kept(prepared, changed, moved.labels, actor, mandate)


@transaction.atomic
def publish_form(
    *, version: int | None = None, actor: User | None, mandate: Mandate | None = None
) -> ApplicationFormVersion:
    """Let the version in preparation be the form: of new applications at once; drafts are offered
    it; what was submitted keeps its own.

    Raises PermissionDenied, StaleFormError (the actor has seen another), and ValidationError where
    nothing is in preparation ("nothing").
    """
    _lock(actor)
    row = ApplicationFormVersion.objects.in_preparation()
    if row is None:
        raise ValidationError(_("Nothing was changed since the last version."), code="nothing")
    _check_seen(row, version)
    row.published_at, row.published_by = timezone.now(), actor
    row.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application_form.published",
        thing=row,
        after={"version": row.number},
    )
    return row


@transaction.atomic
def discard_form(
    *, version: int | None = None, actor: User | None, mandate: Mandate | None = None
) -> None:
    """Forget what is in preparation. Safe to repeat. Raises PermissionDenied, StaleFormError."""
    _lock(actor)
    row = ApplicationFormVersion.objects.in_preparation()
    if row is not None:
        _check_seen(row, version)
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="application_form.discarded",
            thing=row,
            before={"version": row.number},
        )
        row.delete()


@transaction.atomic
def renew_application_form(
    *, application: Application, actor: User, mandate: Mandate | None = None
) -> Application:
    """Let a draft go on with the form of today. What was answered stays. Safe to repeat.

    Raises PermissionDenied, and WrongStateError once it was submitted.
    """
    application = lock_application(application)
    if not is_applicant(actor, application):
        raise PermissionDenied
    if application.state != ApplicationState.DRAFT:
        raise WrongStateError(application)
    current = ApplicationFormVersion.objects.current()
    if current is None or application.form_version_id == current.pk:
        return application
    before, asked = application.form_version, application.definition
    application.form_version = current
    # Whoever has such a section open may answer there what is asked no more: they are told.
    mark_saved(application, asked.sections_apart(application.definition), actor)
    application.save(update_fields=["form_version", "section_saves"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.form_renewed",
        thing=application,
        before={"version": before.number if before else None},
        after={"version": current.number},
    )
    return application


def _lock(actor: User | None) -> None:
    if actor is not None and not can_settle_form(actor):
        raise PermissionDenied
    with connection.cursor() as cursor:  # there may be no row yet
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.application_form'))")


def _prepare(actor: User | None, version: int | None) -> _Preparation:
    """The version in preparation: begun as a copy of the form of today where there is none."""
    _lock(actor)
    row = ApplicationFormVersion.objects.in_preparation()
    if row is None:
        current = ApplicationFormVersion.objects.current()
        row = ApplicationFormVersion(
            number=ApplicationFormVersion.objects.latest_number() + 1,
            definition=current.definition if current else written_definition(read_definition({})),
        )
    _check_seen(row, version)
    return _Preparation(row, read_definition(row.definition))


def _check_seen(row: ApplicationFormVersion, version: int | None) -> None:
    """`version`: None where the actor has seen nothing, as the demo network."""
    if version is not None and version != mark_of(row.definition):
        raise StaleFormError(mark_of(row.definition))


def _with(texts: dict[str, dict[str, str]], name: str, said: dict[str, str]) -> Any:
    return {k: kept for k, kept in {**texts, name: said}.items() if kept}


def _asks(definition: Definition, key: str) -> bool:
    parts: list[Question | AskedDocument] = [*definition.questions, *definition.documents]
    return any(each.key == key for each in parts)


def _kept(
    prepared: _Preparation,
    definition: Definition,
    labels: dict[str, str],
    actor: User | None,
    mandate: Mandate | None,
    **more: Any,
) -> ApplicationFormVersion:
    if prepared.keep(definition):
        said: dict[str, Any] = {"version": prepared.row.number, "names": labels, **more}
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="application_form.changed",
            thing=prepared.row,
            after=said,
        )
    return prepared.row


def _too_many(most: int) -> ValidationError:
    return ValidationError(
        _("The form can have at most %(number)s of these."),
        code="too_many",
        params={"number": most},
    )


def _key() -> str:
    """Never given again, so that an old answer is never taken for one to another question."""
    return uuid4().hex[:10]
