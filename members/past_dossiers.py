"""A dossier as it stood when the office that kept it handed over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from members.enums import ApplicationState
from members.models import Application, ApplicationDocument, InformationRequest
from records.models import AuditEntry


@dataclass(frozen=True)
class PastState:
    """In which state an application was."""

    application: Application
    state: ApplicationState

    @classmethod
    def of(cls, applications: Sequence[Application], until: datetime) -> "list[PastState]":
        """Of each, before a moment. One query."""
        logs: dict[int, list[AuditEntry]] = defaultdict(list)
        for entry in AuditEntry.objects.about_any(applications):
            logs[entry.object_id].append(entry)
        return [cls(each, _state_of(each, logs[each.pk], until)) for each in applications]


def _state_of(
    application: Application, log: Sequence[AuditEntry], until: datetime
) -> ApplicationState:
    """What it was before every move since. `log`: all that was done to it, the latest first."""
    state = application.state
    for entry in log:
        if entry.at >= until:
            state = entry.before.get("state", state)
    return ApplicationState(state)


@dataclass(frozen=True)
class PastDossier:
    """What was there before a moment. `facts`: whether what the application says is still that."""

    application: Application
    until: datetime
    state: ApplicationState
    facts: bool
    documents: list[ApplicationDocument]
    questions: list[InformationRequest]
    entries: list[AuditEntry]

    @classmethod
    def of(cls, application: Application, until: datetime) -> "PastDossier":
        """Of an application that was read with `for_dossier()`. One query."""
        log = list(AuditEntry.objects.about(application))
        entries = [entry for entry in log if entry.at < until]
        questions = [r for r in application.information_requests.all() if r.asked_at < until]
        for asked in questions:
            if asked.answered_at and asked.answered_at >= until:
                asked.answer, asked.answered_at = "", None  # shown, never saved
        return cls(
            application=application,
            until=until,
            state=_state_of(application, log, until),
            # Its contact can change all of it once it is asked for more: then it is left out.
            facts=len(entries) == len(log),
            documents=[d for d in application.documents.all() if d.created_at < until],
            questions=questions,
            entries=entries,
        )
