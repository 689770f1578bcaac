"""A person's own data as a file: asked for, made by a job, kept for some days."""

import logging
import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from members.models import User
from portal import tasks
from portal.data_export.archive import write_archive
from portal.enums import ExportState
from portal.models import DataExport
from records.actions import append_audit_entry, discard_file, store_file
from records.models import StoredFile

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_for_export(*, user: User, language: str) -> DataExport:
    """Have a copy of the person's data made. One at a time: while one is being made, that one is
    returned; the earlier ones go.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if earlier := DataExport.objects.under_way(user):
        return earlier
    for old in DataExport.objects.of(user):
        _delete(old)
    export = DataExport.objects.create(user=user, language=language, changed_at=timezone.now())
    tasks.make_data_export.defer(export_id=export.pk)
    append_audit_entry(actor=user, act="data_export.asked", thing=export)
    return export


def make_export(*, export_id: int) -> None:
    """The job. Not one transaction: how far it is must be seen. Repeated, it does nothing."""
    export = DataExport.objects.select_related("user").filter(pk=export_id).first()
    if export is None or export.state == ExportState.READY:
        return
    _note(export, state=ExportState.WORKING, progress=1)
    try:
        with tempfile.TemporaryFile() as file:
            write_archive(
                file, export.user, export.language, lambda done: _note(export, progress=done)
            )
            size = file.tell()
            file.seek(0)
            upload = UploadedFile(file, "export.zip", "application/zip", size)
            stored = store_file(upload=upload, content_type="application/zip")
        _finish(export, stored)
    except Exception:
        logger.exception("Data export %s was not made", export_id)
        _note(export, state=ExportState.FAILED)


@transaction.atomic
def _finish(export: DataExport, stored: StoredFile) -> None:
    locked = DataExport.objects.select_for_update(of=("self",)).filter(pk=export.pk).first()
    if locked is None or locked.state == ExportState.READY:  # another was faster, or it is gone
        discard_file(stored)
        return
    _note(export, state=ExportState.READY, progress=100, made_at=timezone.now(), file_id=stored.pk)
    tasks.send_export_letter.defer(export_id=export.pk)


def note_export_download(*, export: DataExport, actor: User) -> None:
    """Write down that the file goes out."""
    with transaction.atomic():
        append_audit_entry(actor=actor, act="data_export.downloaded", thing=export)


@transaction.atomic
def forget_exports(*, user: User) -> None:
    """All copies of the data of somebody whose account is erased."""
    for export in DataExport.objects.of(user):
        _delete(export)


@transaction.atomic
def delete_old_exports() -> int:
    """The nightly job: what is older than it is kept goes; returns how many."""
    expired = list(DataExport.objects.expired())
    for export in expired:
        _delete(export)
    return len(expired)


def _delete(export: DataExport) -> None:
    stored = export.file
    export.delete()
    if stored:
        discard_file(stored)


def _note(export: DataExport, **values: Any) -> None:
    DataExport.objects.filter(pk=export.pk).update(changed_at=timezone.now(), **values)
