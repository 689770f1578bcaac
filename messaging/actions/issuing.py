"""What makes a message a statement: its conditions, its row, what its record says."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from members.models import Mandate
from messaging.enums import RecordKind
from messaging.models import Attachment, Message, Statement
from messaging.permissions_statements import can_be_corrected


class CorrectsNothing(Exception):
    """What is to be put right is no statement of this delegation that stands."""


class ReleaseNeeded(Exception):
    """The delegation has its statements released by a second person."""


@dataclass(frozen=True, slots=True)
class Issue:
    """That a message is issued on behalf of its mandate's delegation."""

    corrects: int | None = None  # the number of the statement that it puts right
    released_by: Mandate | None = None


def not_issued(issue: Issue, mandate: Mandate, corrected: Message | None) -> Exception | None:
    """Why nothing may be issued so through `mandate` (with its institution), or None."""
    if not mandate.issues_statements:
        return PermissionDenied()
    if issue.corrects is not None and not (corrected and can_be_corrected(corrected, mandate)):
        return CorrectsNothing()
    if mandate.institution.statements_need_release and issue.released_by is None:
        return ReleaseNeeded()
    return None


def make_statement(issue: Issue, corrected: Message | None) -> Statement:
    return Statement.objects.create(
        corrects=corrected.statement if corrected else None, released_by=issue.released_by
    )


def as_recorded(message: Message, files: list[Attachment] | None) -> dict[str, Any]:
    """`kind` and `detail` of the record that posts `message` with `files`."""
    detail: dict[str, Any] = {}
    kind = RecordKind.MESSAGE_POSTED
    if message.reply_to:
        detail["reply_to"] = message.reply_to.seq
    if message.mentioned:
        detail["mentions"] = message.mentioned
    if message.subject_id:
        detail["subject"] = message.subject_id
    if files:
        detail["files"] = [each.recorded() for each in files]
    if statement := message.statement:
        kind = RecordKind.STATEMENT_ISSUED
        if statement.corrects:
            kind = RecordKind.CORRIGENDUM_ISSUED
            detail["corrects"] = statement.corrects.message.seq
        if statement.released_by_id:
            detail["released_by"] = statement.released_by_id
    return {"kind": kind, "detail": detail}


def is_issued_so(message: Message, issue: Issue | None) -> bool:
    """Whether `message` is what `issue` says: a message, a statement, a corrigendum to that one."""
    if message.statement is None or issue is None:
        return message.statement is None and issue is None
    corrected = message.statement.corrects
    return (corrected.message.seq if corrected else None) == issue.corrects
