"""The pack of a handover: asked for while the handover is to come, made by a job, kept with it."""

import logging
import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from members.models import Handover, Mandate, User
from members.permissions.presidencies import can_make_up_pack
from portal import tasks
from portal.enums import ExportState
from portal.handover_pack.archive import write_pack
from portal.models import HandoverPack
from portal.permissions import may_make_pack
from records.actions import append_audit_entry, discard_file, store_file
from records.models import StoredFile

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_for_pack(
    *, handover: Handover, language: str, actor: User | None, mandate: Mandate | None = None
) -> HandoverPack:
    """Have the pack made, in a language; it takes the place of the one before. While one is being
    made, that one is returned. `actor` None: the portal, at the moment of the handover.

    Raises PermissionDenied.
    """
    handover = Handover.objects.select_for_update(no_key=True).get(pk=handover.pk)
    old = HandoverPack.objects.of(handover)
    if actor is not None and not may_make_pack(actor, handover, old):
        if old and old.is_under_way and can_make_up_pack(actor, handover):
            return old  # pressed twice
        raise PermissionDenied
    if old and old.is_under_way:
        return old
    if old:
        _delete(old)
    pack = HandoverPack.objects.create(
        handover=handover, language=language, asked_by=actor, changed_at=timezone.now()
    )
    tasks.make_handover_pack.defer(pack_id=pack.pk)
    append_audit_entry(actor=actor, mandate=mandate, act="handover_pack.asked", thing=handover)
    return pack


def make_pack(*, pack_id: int) -> None:
    """The job. Not one transaction: how far it is must be seen. Repeated, it does nothing."""
    pack = HandoverPack.objects.filter(pk=pack_id).first()
    if pack is None or pack.state == ExportState.READY:
        return
    handover = Handover.objects.for_display().get(pk=pack.handover_id)
    _note(pack, state=ExportState.WORKING, progress=1)
    try:
        with tempfile.TemporaryFile() as file:
            write_pack(file, handover, pack.language, lambda done: _note(pack, progress=done))
            size = file.tell()
            file.seek(0)
            upload = UploadedFile(file, "handover.zip", "application/zip", size)
            stored = store_file(upload=upload, content_type="application/zip")
        _finish(pack, stored)
    except Exception:
        logger.exception("Handover pack %s was not made", pack_id)
        _note(pack, state=ExportState.FAILED)


@transaction.atomic
def _finish(pack: HandoverPack, stored: StoredFile) -> None:
    locked = HandoverPack.objects.select_for_update(of=("self",)).filter(pk=pack.pk).first()
    if locked is None or locked.state == ExportState.READY:  # another was faster, or it is gone
        discard_file(stored)
        return
    _note(pack, state=ExportState.READY, progress=100, made_at=timezone.now(), file_id=stored.pk)


def note_pack_download(*, pack: HandoverPack, actor: User, mandate: Mandate | None) -> None:
    """Write down that the file goes out."""
    with transaction.atomic():
        append_audit_entry(
            actor=actor, mandate=mandate, act="handover_pack.downloaded", thing=pack.handover
        )


def _delete(pack: HandoverPack) -> None:
    stored = pack.file
    pack.delete()
    if stored:
        discard_file(stored)


def _note(pack: HandoverPack, **values: Any) -> None:
    HandoverPack.objects.filter(pk=pack.pk).update(changed_at=timezone.now(), **values)
