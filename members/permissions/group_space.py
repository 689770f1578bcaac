"""A group's own files and calendar.

Its institutions and the secretariat read them, the group closed or not. Files are put in by members
and chairs, and given new versions by any of them; who put one in takes it out again, and who runs
the group does so with all, and puts them back. Dates are of who runs the group.
"""

from django.http import Http404

from members.enums import Capacity, GroupRole
from members.models import (
    Group,
    GroupDate,
    GroupFile,
    GroupFileVersion,
    GroupMember,
    Mandate,
    User,
)
from members.permissions.groups import access_group, can_run_group
from members.permissions.people import Someone, running_mandates


def can_read_space(user: Someone, group: Group) -> bool:
    roles = _roles(group)
    return any(m.is_of_secretariat or m.institution_id in roles for m in running_mandates(user))


def can_write_space(mandate: Mandate, group: Group) -> bool:
    """Put in files by this (running) mandate, while the group is at work."""
    if group.is_closed:
        return False
    role = _roles(group).get(mandate.institution_id, GroupRole.OBSERVER)
    return mandate.is_of_secretariat or (
        role != GroupRole.OBSERVER and mandate.capacity != Capacity.OBSERVER
    )


def writing_mandate(user: Someone, group: Group, speaks: Mandate | None) -> Mandate | None:
    """The mandate by which the person puts in files: the one that speaks, if it may, else the
    first that may.
    """
    able = [m for m in running_mandates(user) if can_write_space(m, group)]
    chosen = [m for m in able if speaks and m.pk == speaks.pk]
    return next(iter([*chosen, *able]), None)


def can_remove_file(user: Someone, group: Group, document: GroupFile) -> bool:
    """The delegation that put it in, and who runs the group."""
    if group.is_closed:
        return False
    by = document.put_in_by
    own = by.capacity != Capacity.SECRETARIAT and any(
        m.institution_id == by.institution_id and can_write_space(m, group)
        for m in running_mandates(user)
    )
    return own or can_run_group(user, group)


def can_restore_files(user: Someone, group: Group) -> bool:
    return not group.is_closed and can_run_group(user, group)


def can_set_dates(user: Someone, group: Group) -> bool:
    return not group.is_closed and can_run_group(user, group)


def access_space(user: Someone, pk: int) -> Group:
    """A group whose files and calendar the person may read. Raises Http404."""
    group = access_group(user, pk)
    if not can_read_space(user, group):
        raise Http404
    return group


def access_file(user: Someone, pk: int, file_id: int) -> tuple[Group, GroupFile]:
    """A group and a file of it; a removed one for who runs the group. Raises Http404."""
    group = access_space(user, pk)
    document = GroupFile.objects.find(group, file_id)
    if document is None or (document.is_removed and not can_run_group(user, group)):
        raise Http404
    return group, document


def access_file_version(user: Someone, pk: int, file_id: int, number: int) -> GroupFileVersion:
    """A version of a file, old ones too. Raises Http404."""
    _group, document = access_file(user, pk, file_id)
    version = GroupFileVersion.objects.find(document, number)
    if version is None:
        raise Http404
    return version


def access_date(user: Someone, pk: int, date_id: int) -> tuple[Group, GroupDate]:
    """A group and a date of its calendar. Raises Http404."""
    group = access_space(user, pk)
    found = GroupDate.objects.find(group, date_id)
    if found is None:
        raise Http404
    return group, found


def readers_of(group: Group) -> list[User]:
    """Who is told of its dates: everybody of the delegations that have a place in the group, and
    the secretariat's people where it chairs.
    """
    mandates = Mandate.objects.running().filter(institution__in=_roles(group)).for_display()
    office = Mandate.objects.of_secretariat().for_display() if group.secretariat_chairs else []
    return list(dict.fromkeys(m.user for m in [*office, *mandates]))


def _roles(group: Group) -> dict[int, str]:
    """Institution (id) -> its role in the group today."""
    places = getattr(group, "places", None)
    if places is None:
        places = GroupMember.objects.current().of_group(group)
    return {place.institution_id: place.role for place in places}
