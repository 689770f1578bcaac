"""The calendar of a group: dates are set, changed and cancelled by who runs it.

Every act locks the group's row first, then the date's, then the head of the audit log. Members are
told of what comes, moves or falls away, by a job of the same transaction.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members import tasks_group_dates
from members.actions.groups import GroupClosedError, SentBeforeError, lock_group
from members.models import Group, GroupDate, GroupDateVersion, Mandate, User
from members.permissions.group_space import can_set_dates
from records.actions import append_audit_entry

SAID = (
    "titles",
    "descriptions",
    "starts_at",
    "ends_at",
    "has_hours",
    "zone",
    "place",
    "link",
)
WHEN_AND_WHERE = ("starts_at", "ends_at", "has_hours", "place", "link")
CONTENTS = (*SAID, "number", "cancelled_at", "cancel_reason", "saved_by", "saved_at")


class StaleDateError(Exception):
    """Somebody has changed the date since, or cancelled it. Nothing was changed."""

    def __init__(self, date: GroupDate) -> None:
        super().__init__()
        self.date = date


@transaction.atomic
def set_date(
    *,
    group: Group,
    said: dict[str, Any],
    actor: User | None,
    mandate: Mandate,
    client_id: UUID | None = None,
) -> GroupDate:
    """Put a date (`said` has SAID) into the calendar, and tell the members if it is to come.

    `actor` None is the portal itself (the demo network): nobody is told. The same `client_id` again
    is the same date, and nobody is told twice.
    Raises GroupClosedError, PermissionDenied, SentBeforeError for it with other words.
    """
    kept = _open(group, actor)
    if made := GroupDate.objects.of_form(kept, client_id):
        first = GroupDateVersion.objects.first_of(made)
        if any(getattr(first, key) != said[key] for key in SAID):
            raise SentBeforeError
        return made
    date = GroupDate.objects.create(group=kept, saved_by=mandate, client_id=client_id, **said)
    _keep_version(date, "set", actor)
    _log("group.date_set", date, actor, mandate, after=_plain(said, SAID))
    return date


@transaction.atomic
def change_date(
    *, date: GroupDate, version: int, said: dict[str, Any], actor: User, mandate: Mandate
) -> GroupDate:
    """Make the date's next version; members are told where it moved in time or place.

    `version` is the one that the actor had before them. Where nothing is another, nothing is done.
    Raises as `set_date`, StaleDateError.
    """
    _open(date.group, actor)
    found = _lock(date)
    if found.number != version or found.is_cancelled:
        raise StaleDateError(found)
    changed = [key for key in SAID if getattr(found, key) != said[key]]
    if not changed:
        return found
    before = {key: getattr(found, key) for key in changed}
    for key in changed:
        setattr(found, key, said[key])
    _save(found, mandate)
    moved = not set(WHEN_AND_WHERE).isdisjoint(changed)
    _keep_version(found, "moved" if moved else "", actor, was_to_come=_to_come(before, found))
    _log(
        "group.date_changed",
        found,
        actor,
        mandate,
        before=_plain(before, changed),
        after=_plain(said, changed),
    )
    return found


@transaction.atomic
def cancel_date(*, date: GroupDate, reason: str, actor: User, mandate: Mandate) -> GroupDate:
    """It stays in the calendar, as cancelled, and members are told. Repeated, it does nothing.

    Raises as `set_date`.
    """
    _open(date.group, actor)
    found = _lock(date)
    if found.is_cancelled:
        return found
    found.cancelled_at, found.cancel_reason = timezone.now(), reason
    _save(found, mandate)
    _keep_version(found, "cancelled", actor)
    _log("group.date_cancelled", found, actor, mandate, after={"reason": reason})
    return found


def _open(group: Group, actor: User | None) -> Group:
    kept = lock_group(group)
    if kept.is_closed:
        raise GroupClosedError
    if actor and not can_set_dates(actor, kept):
        raise PermissionDenied
    return kept


def _lock(date: GroupDate) -> GroupDate:
    return GroupDate.objects.select_for_update(no_key=True).get(pk=date.pk)


def _save(date: GroupDate, mandate: Mandate) -> None:
    date.number += 1
    date.saved_by, date.saved_at = mandate, timezone.now()
    date.save()


def _to_come(before: dict[str, Any], date: GroupDate) -> bool:
    return bool(before.get("ends_at", date.ends_at) > timezone.now())


def _keep_version(
    date: GroupDate, told: str, actor: User | None, *, was_to_come: bool = False
) -> None:
    """Keep what the date is now, and let the members be told, unless it is of the past."""
    told = told if actor and (was_to_come or not date.is_over) else ""
    version = GroupDateVersion.objects.create(
        date=date, told=told, **{name: getattr(date, name) for name in CONTENTS}
    )
    if actor and told:
        tasks_group_dates.tell_members.defer(version_id=version.pk, actor_id=actor.pk)


def _log(act: str, date: GroupDate, actor: User | None, mandate: Mandate, **kept: Any) -> None:
    after = {"group": date.group_id, **kept.pop("after", {})}
    append_audit_entry(actor=actor, mandate=mandate, act=act, thing=date, after=after, **kept)


def _plain(said: dict[str, Any], keys: Any) -> dict[str, Any]:
    """For the log: of a description only that it is another, for the versions have it."""
    return {
        key: value.isoformat() if isinstance(value := said[key], datetime) else value
        for key in keys
        if key not in ("descriptions", "link")
    }
