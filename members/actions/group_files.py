"""Files that a group keeps: put in, given new versions, taken out and put back.

Every act locks the group's row first, then the file's, then the head of the audit log.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from members.actions.groups import GroupClosedError, lock_group
from members.models import Group, GroupFile, GroupFileVersion, Mandate, User
from members.models.group_files import MOST_BYTES
from members.permissions.group_space import (
    can_remove_file,
    can_restore_files,
    writing_mandate,
)
from records.actions import append_audit_entry, store_file

CONTENTS = ("title", "language", "file", "name", "number", "saved_by", "saved_at")


class StaleFileError(Exception):
    """Somebody has changed the file since, to this version. Nothing was changed."""

    def __init__(self, document: GroupFile) -> None:
        super().__init__()
        self.document = document


class FileGoneError(Exception):
    """The file was taken out of the group's files meanwhile. Nothing was changed."""


class NoSpaceError(Exception):
    """The group's files take up all the space there is for them. Nothing was kept."""


@transaction.atomic
def put_in_file(
    *,
    group: Group,
    title: str,
    language: str,
    upload: UploadedFile,
    content_type: str,
    actor: User,
    mandate: Mandate | None,
) -> GroupFile:
    """Keep `upload` (checked by `records.forms.StoredFileField`) among the group's files.

    Sent twice, it is one file. Raises GroupClosedError, PermissionDenied, NoSpaceError.
    """
    kept, writer = _to_write(group, actor, mandate)
    _check_space(kept, upload)
    stored = store_file(upload=upload, content_type=content_type)
    if there := GroupFile.objects.same(kept, title, stored.sha256):
        return there
    document = GroupFile(
        group=kept,
        put_in_by=writer,
        title=title,
        language=language,
        file=stored,
        name=upload.name or "",
        saved_by=writer,
    )
    document.search_text = document.searchable()
    document.save()
    _keep_version(document)
    _log("group.file_added", document, actor, writer, sha256=stored.sha256)
    return document


@transaction.atomic
def change_file(
    *,
    document: GroupFile,
    version: int,
    title: str,
    language: str,
    upload: UploadedFile | None,
    content_type: str = "",
    actor: User,
    mandate: Mandate | None,
) -> GroupFile:
    """Make the file's next version: another title, language or content. What stood is kept.

    `version` is the one that the actor had before them. Where nothing is another, nothing is done.
    Raises as `put_in_file`, StaleFileError, FileGoneError.
    """
    kept, writer = _to_write(document.group, actor, mandate)
    found = _lock(document)
    if found.is_removed:
        raise FileGoneError
    if found.number != version:
        raise StaleFileError(found)
    new: dict[str, Any] = {"title": title, "language": language}
    if upload is not None:
        _check_space(kept, upload)
        new["file"] = store_file(upload=upload, content_type=content_type)
        new["name"] = upload.name or ""
    changed = [key for key, value in new.items() if getattr(found, key) != value]
    if not changed:
        return found
    for key in changed:
        setattr(found, key, new[key])
    found.number += 1
    found.saved_by, found.saved_at = writer, timezone.now()
    found.search_text = found.searchable()
    found.save()
    _keep_version(found)
    digest = {"sha256": found.file.sha256} if "file" in changed else {}
    _log("group.file_changed", found, actor, writer, version=found.number, **digest)
    return found


@transaction.atomic
def remove_file(*, document: GroupFile, actor: User, mandate: Mandate | None) -> GroupFile:
    """Take it out of the list. Its versions are kept; who runs the group can put it back.

    Repeated, it does nothing. Raises GroupClosedError, PermissionDenied.
    """
    kept = _open(document.group)
    found = _lock(document)
    if not can_remove_file(actor, kept, found):
        raise PermissionDenied
    if found.is_removed:
        return found
    found.removed_at, found.removed_by = timezone.now(), mandate
    found.save(update_fields=["removed_at", "removed_by"])
    _log("group.file_removed", found, actor, mandate)
    return found


@transaction.atomic
def restore_file(*, document: GroupFile, actor: User, mandate: Mandate | None) -> GroupFile:
    """Put it back into the list. Repeated, it does nothing. Raises as `remove_file`."""
    kept = _open(document.group)
    found = _lock(document)
    if not can_restore_files(actor, kept):
        raise PermissionDenied
    if not found.is_removed:
        return found
    found.removed_at = found.removed_by = None
    found.save(update_fields=["removed_at", "removed_by"])
    _log("group.file_restored", found, actor, mandate)
    return found


def _open(group: Group) -> Group:
    kept = lock_group(group)
    if kept.is_closed:
        raise GroupClosedError
    return kept


def _to_write(group: Group, actor: User, mandate: Mandate | None) -> tuple[Group, Mandate]:
    """The group, locked, and the mandate by which the actor writes there."""
    kept = _open(group)
    writer = writing_mandate(actor, kept, mandate)
    if writer is None:
        raise PermissionDenied
    return kept, writer


def _lock(document: GroupFile) -> GroupFile:
    locked = GroupFile.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("file", "put_in_by").get(pk=document.pk)


def _check_space(group: Group, upload: UploadedFile) -> None:
    if (upload.size or 0) > MOST_BYTES - GroupFileVersion.objects.bytes_in(group):
        raise NoSpaceError


def _keep_version(document: GroupFile) -> None:
    GroupFileVersion.objects.create(
        document=document, **{name: getattr(document, name) for name in CONTENTS}
    )


def _log(act: str, document: GroupFile, actor: User, mandate: Mandate | None, **after: Any) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=document,
        after={"group": document.group_id} | after,
    )
