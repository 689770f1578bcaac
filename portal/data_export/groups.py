"""What a person asked of groups, and the files that they put in."""

from collections.abc import Iterator
from typing import Any

from members.models import GroupFileVersion, JoinRequest, User
from portal.data_export.files import name_in_archive

Row = dict[str, Any]


def join_request_rows(user: User) -> Iterator[Row]:
    for asked in JoinRequest.objects.asked_by_person(user):
        yield {
            "group": asked.group.name.text,
            "institution": asked.institution.name.text,
            "state": str(asked.get_state_display()),
            "since": asked.created_at,
            "text": asked.words,
        }


def group_file_rows(user: User) -> Iterator[Row]:
    """Each version that they made. Of one that brought another title or language alone, no file:
    its content may be of somebody else.
    """
    for version in GroupFileVersion.objects.saved_by_person(user.pk):
        yield {
            "group": version.document.group.name.text,
            "title": version.title,
            "version": version.number,
            "since": version.saved_at,
            "file": name_in_archive(version) if version.has_new_content else "",
            "removed": version.document.removed_at,
        }
