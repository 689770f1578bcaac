"""The only writes of records. None checks a right: the caller has."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.utils import timezone

from records.chain import GENESIS, link
from records.models import AuditEntry, AuditHead, StoredFile
from records.storage import path_of


def store_file(*, upload: UploadedFile, content_type: str) -> StoredFile:
    """Keep the content of `upload` once under its SHA-256 and return its row.

    `content_type` is what `records.forms.StoredFileField` found (`upload.checked_type`). The
    bytes are on the disk before the row is; a rollback leaves bytes without a row, never the
    reverse. Safe to repeat and to run in parallel: the same content, the same row.
    """
    digest = hashlib.sha256()
    size = 0
    for chunk in upload.chunks():
        digest.update(chunk)
        size += len(chunk)
    sha256 = digest.hexdigest()
    path = path_of(sha256)
    _write(path, upload, size)
    with transaction.atomic():
        # Locked to the end of the caller's transaction, by when something refers to it.
        locked = StoredFile.objects.select_for_update(no_key=True)
        stored = locked.filter(sha256=sha256).first()
        if stored is None:
            stored, _ = StoredFile.objects.get_or_create(
                sha256=sha256, defaults={"size": size, "content_type": content_type}
            )
        _write(path, upload, size)  # it may have been discarded between the two
    return stored


@transaction.atomic
def discard_file(stored: StoredFile) -> bool:
    """Take `stored` away for good where nothing refers to it any more; else False.

    The bytes go while the row is locked: who stores the same meanwhile waits, and writes them anew.
    """
    locked = StoredFile.objects.select_for_update().filter(pk=stored.pk).first()
    if locked is None:
        return False
    try:
        locked.delete()
    except models.ProtectedError:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the commit could fail, without bytes
    path_of(locked.sha256).unlink(missing_ok=True)
    return True


def _write(path: Path, upload: UploadedFile, size: int) -> None:
    if path.exists() and path.stat().st_size == size:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # or the name could be lost with the power, the row not
    finally:
        os.close(directory)


def append_audit_entry(
    *,
    actor: models.Model | None,
    mandate: models.Model | None = None,
    act: str,
    thing: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one act to the audit log, in the caller's transaction (there must be one).

    `act` is `noun.past_participle`; `before` and `after` hold what changed, as plain JSON
    (TypeError otherwise; floats are refused, PostgreSQL writes them its own way). Call it last:
    the head stays locked until the caller commits, so whoever locks rows after it can deadlock.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(
        pk=1, defaults={"last_hash": GENESIS}
    )
    previous = bytes(head.last_hash)
    entry = AuditEntry(
        number=head.last_number + 1,
        at=timezone.now(),
        actor_id=actor.pk if actor else None,
        mandate_id=mandate.pk if mandate else None,
        act=act,
        object_type=thing._meta.label_lower,
        object_id=thing.pk,
        before=_plain(before or {}),
        after=_plain(after or {}),
        previous_hash=previous,
    )
    entry.hash = link(previous, entry.content())
    entry.save(force_insert=True)
    head.last_number, head.last_hash = entry.number, entry.hash
    head.save(update_fields=["last_number", "last_hash"])
    return entry


def _plain(value: Any) -> Any:
    """`value` if it comes back from PostgreSQL as it went in; lazy texts become texts."""
    match value:
        case None | bool() | int():
            return value
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case float():
            raise TypeError("floats do not come back from PostgreSQL as they went in")
        case str():
            return str(value)
    raise TypeError(f"{type(value).__name__} is no plain JSON")
