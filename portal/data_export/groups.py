"""What a person does in groups: places, requests, dates, files."""

from collections.abc import Iterator

from members.models import (
    GroupDateVersion,
    GroupFileVersion,
    GroupMember,
    JoinRequest,
    User,
)
from portal.data_export.files import name_in_archive
from portal.data_export.parts import Row


def group_place_rows(user: User) -> Iterator[Row]:
    for place in GroupMember.objects.held_by_person(user):
        yield {
            "group": place.group.name.text,
            "institution": place.institution.name.text,
            "role": str(place.get_role_display()),
            "from": place.since,
            "until": place.until,
        }


def join_request_rows(user: User) -> Iterator[Row]:
    for asked in JoinRequest.objects.asked_by_person(user):
        yield {
            "group": asked.group.name.text,
            "institution": asked.institution.name.text,
            "state": str(asked.get_state_display()),
            "since": asked.created_at,
            "text": asked.words,
        }


def join_answer_rows(user: User) -> Iterator[Row]:
    """The reason is theirs; the words of who asked are not."""
    for asked in JoinRequest.objects.answered_by_person(user):
        yield {
            "group": asked.group.name.text,
            "institution": asked.institution.name.text,
            "state": str(asked.get_state_display()),
            "since": asked.answered_at,
            "text": asked.reason,
        }


def group_date_rows(user: User) -> Iterator[Row]:
    """Each version that they made, with the description that it brought: another may be of somebody
    else. The address of a meeting lets people in, and is not there.
    """
    for version in GroupDateVersion.objects.saved_by_person(user):
        before = version.said_before or {}
        brought = [t for code, t in version.descriptions.items() if t and t != before.get(code)]
        yield {
            "group": version.date.group.name.text,
            "version": version.number,
            "since": version.saved_at,
            "title": version.title.text,
            "from": version.starts_at,
            "until": version.ends_at,
            "place": version.place,
            "text": "\n\n".join(brought),
            "cancelled": version.cancelled_at,
            "reason": version.cancel_reason,
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
