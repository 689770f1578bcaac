"""Files that stand in a form: those that came with it, and those that wait for it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from members.http import person
from members.models import User
from messaging import attachment_commands
from messaging.forms_files import LARGEST, GivenBackForm
from messaging.models import Attachment
from messaging.permissions import RoomAccess
from records.inspection import clean_file_name


def waiting(access: RoomAccess, user: User, sent: list[Any]) -> list[Attachment]:
    """Which of the files that were `sent` (numbers as they came) wait for the message still."""
    ids = [int(each) for each in map(str, sent) if each.isascii() and each.isdigit()]
    ids = [each for each in ids if each < LARGEST]
    return list(Attachment.objects.waiting_of(access.room, user, ids)) if ids else []


def given_back(request: HttpRequest, access: RoomAccess) -> dict[str, Any] | None:
    """The files of a message that was refused later on, which the address names (`?files=`)."""
    form = GivenBackForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["files"]:
        return None
    ids = form.cleaned_data["files"]
    return {"waiting": list(Attachment.objects.waiting_of(access.room, person(request), ids))}


def keep(request: HttpRequest, access: RoomAccess) -> tuple[list[int], list[dict[str, str]]]:
    """Keep the files that came with the message: their numbers, and what was refused and why."""
    kept: list[int] = []
    faults: list[dict[str, str]] = []
    for upload in request.FILES.getlist("uploads"):
        if not isinstance(upload, UploadedFile):
            continue
        reply = attachment_commands.attach(person(request), access.room.pk, upload)
        if reply["type"] == "file.kept":
            kept.append(reply["file"]["id"])
        else:
            name = clean_file_name(upload.name or "", "")
            faults.append({"name": name, "reason": reply["reason"]})
    return kept, faults
