"""The person's files: which they are, and where they lie in the archive."""

from collections.abc import Iterator

from members.models import (
    ApplicationDocument,
    AppointmentLetter,
    GroupFileVersion,
    InstitutionPicture,
    PersonProfile,
    ProfileProposal,
    ProfileVersion,
    User,
)
from messaging.models import Attachment, ScheduledMessage
from records.models import StoredFile

Named = ApplicationDocument | Attachment | AppointmentLetter | GroupFileVersion
Unnamed = InstitutionPicture | ProfileProposal | ProfileVersion

_FOLDERS: dict[type, str] = {
    AppointmentLetter: "files/appointment",
    GroupFileVersion: "files/groups",
    InstitutionPicture: "files/pictures",
    ProfileProposal: "files/logos-proposed",
    ProfileVersion: "files/logos",
}


def files_of(user: User) -> Iterator[tuple[str, StoredFile]]:
    """Everything that goes into the archive, with the name that it has there."""
    for document, stored in documents_of(user):
        yield name_in_archive(document), stored
    profile = PersonProfile.objects.of(user)
    if profile.photo:
        yield name_of_photo(profile), profile.photo
    named = (
        *AppointmentLetter.objects.of_person(user),
        *message_files_of(user),
        *held_by(user),
        *put_in_by(user),
    )
    for each in named:
        yield name_in_archive(each), each.file
    for picture in InstitutionPicture.objects.added_by_person(user):
        yield name_in_archive(picture), picture.large
    said = (
        *ProfileVersion.objects.saved_by_person(user),
        *ProfileProposal.objects.made_by_person(user),
    )
    for profile_said in said:
        if profile_said.logo and profile_said.has_new_logo:
            yield name_in_archive(profile_said), profile_said.logo


def documents_of(user: User) -> list[tuple[ApplicationDocument, StoredFile]]:
    """The files that the person uploaded."""
    found = ApplicationDocument.objects.uploaded_by_person(user.pk)
    return [(document, document.file) for document in found]


def message_files_of(user: User) -> list[Attachment]:
    """Those of their messages, and those that wait for one."""
    return list(Attachment.objects.sent_or_waiting_of(user))


def held_by(user: User) -> list[Attachment]:
    """The files that wait with messages of theirs to be sent later: nobody else has them."""
    return [file for each in ScheduledMessage.objects.kept(user) for file in each.files.all()]


def put_in_by(user: User) -> list[GroupFileVersion]:
    """What they put in for groups: the versions that brought a file."""
    found = GroupFileVersion.objects.saved_by_person(user.pk)
    return [version for version in found if version.has_new_content]


def name_of_photo(profile: PersonProfile) -> str:
    return f"files/photo-{profile.pk}.webp"


def name_in_archive(thing: Named | Unnamed) -> str:
    """Under which a file lies there: two may have the same name, and none leads elsewhere."""
    if isinstance(thing, Unnamed):
        return f"{_FOLDERS[type(thing)]}/{thing.pk}.webp"
    name = thing.name.replace("/", "_").replace("\\", "_")
    if isinstance(thing, Attachment):
        folder = "files/later" if thing.scheduled_id else "files/messages"
    else:
        folder = _FOLDERS.get(type(thing), "files")
    return f"{folder}/{thing.pk}-{name}"
