"""A dossier as it stood when the office that kept it handed over."""

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.application_changes import Contents
from members.enums import ApplicationState
from members.enums_applying import PERSONAL_FIELDS, SECTION_OF
from members.models import (
    Application,
    ApplicationDocument,
    ApplicationRevision,
    InformationRequest,
    User,
)
from records.models import AuditEntry

CONTACT_CHANGED = "application.contact_changed"


@dataclass(frozen=True)
class PastState:
    """What an application said, and in which state it was. `application` is never saved."""

    application: Application
    state: ApplicationState

    @classmethod
    def of(cls, applications: Sequence[Application], until: datetime) -> "list[PastState]":
        """Of each, before a moment. Two queries."""
        logs: dict[int, list[AuditEntry]] = defaultdict(list)
        for entry in AuditEntry.objects.about_any(applications):
            logs[entry.object_id].append(entry)
        said = ApplicationRevision.objects.standing_at([a.pk for a in applications], until)
        return [
            cls(_with(each, said.get(each.pk)), _state_of(each, logs[each.pk], until))
            for each in applications
        ]


def _state_of(
    application: Application, log: Sequence[AuditEntry], until: datetime
) -> ApplicationState:
    """What it was before every move since. `log`: all that was done to it, the latest first."""
    state = application.state
    for entry in log:
        if entry.at >= until:
            state = entry.before.get("state", state)
    return ApplicationState(state)


def _with(application: Application, contents: Contents | None, **more: Any) -> Application:
    """A copy that says this instead; None: nothing was changed since it was submitted."""
    found = copy.copy(application)
    said = {} if contents is None else {name: contents[name] for name in SECTION_OF}
    answers = {} if contents is None else {"more_answers": contents["more_answers"]}
    for name, value in {**said, **answers, **more}.items():
        setattr(found, name, value)
    return found


@dataclass(frozen=True)
class PastDossier:
    """What was there before a moment. `application`: what it then said, never saved; `removed`:
    names of documents that were taken out since.
    """

    application: Application
    until: datetime
    state: ApplicationState
    documents: list[ApplicationDocument]
    removed: list[str]
    questions: list[InformationRequest]
    entries: list[AuditEntry]

    @classmethod
    def of(cls, application: Application, until: datetime) -> "PastDossier":
        """Of an application that was read with `for_dossier()`. Two queries, and one for a contact
        of then.
        """
        log = list(AuditEntry.objects.about(application))
        since = [entry for entry in log if entry.at >= until]
        contents = ApplicationRevision.objects.standing_at([application.pk], until).get(
            application.pk
        )
        documents = [d for d in application.documents.all() if d.created_at < until]
        kept = {document.file.sha256 for document in documents}
        then = contents["documents"] if contents else []
        questions = [r for r in application.information_requests.all() if r.asked_at < until]
        for asked in questions:
            if asked.answered_at and asked.answered_at >= until:
                asked.answer, asked.answered_at = "", None  # shown, never saved
                for item in asked.items.all():
                    item.answer = ""
        more: dict[str, Any] = {}
        if any(_recommends(entry) for entry in since):  # of then, it was written over
            given = [entry for entry in log if entry.at < until and _recommends(entry)]
            more["recommendation"] = given[0].after.get("reasons", "") if given else ""
        if (changed := [e for e in since if e.act == CONTACT_CHANGED]) and changed[-1].before:
            more["contact"] = User.objects.numbered(changed[-1].before.get("user") or 0)
            more |= dict.fromkeys(PERSONAL_FIELDS, "")  # theirs, and they have left it
        return cls(
            application=_with(application, contents, **more),
            until=until,
            state=_state_of(application, log, until),
            documents=documents,
            removed=[each["name"] for each in then if each["sha256"] not in kept],
            questions=questions,
            entries=[entry for entry in log if entry.at < until],
        )


def _recommends(entry: AuditEntry) -> bool:
    return entry.after.get("state") in (
        ApplicationState.RECOMMENDED,
        ApplicationState.NOT_RECOMMENDED,
    )
