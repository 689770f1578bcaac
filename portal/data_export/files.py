"""The person's files: which they are, and where they lie in the archive."""

from members.models import (
    ApplicationDocument,
    AppointmentLetter,
    GroupFileVersion,
    PersonProfile,
    User,
)
from messaging.models import Attachment, ScheduledMessage
from records.models import StoredFile

_FOLDERS: dict[type, str] = {
    Attachment: "files/later",
    AppointmentLetter: "files/appointment",
    GroupFileVersion: "files/groups",
}


def documents_of(user: User) -> list[tuple[ApplicationDocument, StoredFile]]:
    """The files that the person uploaded."""
    found = ApplicationDocument.objects.uploaded_by_person(user.pk)
    return [(document, document.file) for document in found]


def held_by(user: User) -> list[Attachment]:
    """The files that wait with messages of theirs to be sent later: nobody else has them."""
    return [file for each in ScheduledMessage.objects.kept(user) for file in each.files.all()]


def put_in_by(user: User) -> list[GroupFileVersion]:
    """What they put in for groups: the versions that brought a file."""
    found = GroupFileVersion.objects.saved_by_person(user.pk)
    return [version for version in found if version.has_new_content]


def name_of_photo(profile: PersonProfile) -> str:
    return f"files/photo-{profile.pk}.webp"


def name_in_archive(
    document: ApplicationDocument | Attachment | AppointmentLetter | GroupFileVersion,
) -> str:
    """Under which a file lies there: two may have the same name, and none leads elsewhere."""
    name = document.name.replace("/", "_").replace("\\", "_")
    folder = _FOLDERS.get(type(document), "files")
    return f"{folder}/{document.pk}-{name}"
