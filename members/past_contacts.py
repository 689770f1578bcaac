"""What the contact before said of themselves does not go with the application."""

from collections.abc import Iterable
from datetime import datetime

from members.enums_applying import PERSONAL_FIELDS
from members.models import Application, ApplicationRevision
from members.past_dossiers import CONTACT_CHANGED
from records.models import AuditEntry


def hide_past_contact(application: Application, revisions: Iterable[ApplicationRevision]) -> None:
    """Take position and telephone out of what was kept while somebody else was the contact. Shown,
    never saved.
    """
    last = _last_change(application)
    for revision in revisions:
        if last is not None and revision.at < last:
            revision.contents = {**revision.contents, **dict.fromkeys(PERSONAL_FIELDS, "")}


def _last_change(application: Application) -> datetime | None:
    log = AuditEntry.objects.about(application)
    return next((entry.at for entry in log if entry.act == CONTACT_CHANGED), None)
