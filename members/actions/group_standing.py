"""What becomes of an institution's places in groups when its membership ends.

The institution is locked before the groups, which go by their numbers; whoever gives it a place, or
asks for one in its name, locks it too: else what is given at the same moment would outlive it.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from members import signals, tasks_groups
from members.actions.groups import answer_request, lock_group
from members.enums import GroupRole, JoinState
from members.models import Group, GroupMember, Institution, JoinRequest, Mandate
from members.models.people import beginning_of


def end_places(
    *, institution: Institution, since: date, reason: str, mandate: Mandate | None
) -> list[dict[str, Any]]:
    """End every place that it has, in closed groups too, from the day on which it withdrew; what it
    asked for is taken back. Nothing brings them back: who returns asks anew.

    Asks no right: the caller does, with the institution locked. Returns the audit entries for the
    caller to append: they come after the last lock of a room.
    """
    entries: list[dict[str, Any]] = []
    for pk in GroupMember.objects.groups_concerning(institution):
        group = lock_group(Group(pk=pk))
        if place := GroupMember.objects.place(group, institution):
            place.until = _end_of(place, since)
            place.save(update_fields=["until"])
            role = GroupRole(place.role)
            signals.group_member_removed.send(
                Group, group=group, institution=institution, role=role
            )
            entries.append(
                {
                    "act": "group.member_withdrawn",
                    "thing": group,
                    "before": {"institution": institution.pk, "role": str(role)},
                    "after": {"reason": reason},
                }
            )
        waiting = JoinRequest.objects.pending().of_group(group).of_institutions([institution.pk])
        for request in waiting.for_display():
            answer_request(request, JoinState.WITHDRAWN, mandate)
            tasks_groups.tell_deciders("withdrawn", request)
            entries.append(
                {
                    "act": "group.join_withdrawn",
                    "thing": group,
                    "after": {"institution": institution.pk, "role": request.role},
                }
            )
    return entries


def _end_of(place: GroupMember, since: date) -> datetime:
    """The day may lie in the past, and the place may have been given after it."""
    now = timezone.now()
    ended = now if since >= now.date() else beginning_of(since, UTC)
    return max(ended, place.since) if place.since else ended
