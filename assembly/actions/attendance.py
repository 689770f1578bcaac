"""Who was at a meeting, as the secretariat notes it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.models import Meeting, MeetingDelegation
from assembly.permissions import can_run_meetings, members_expected_at
from members.models import Mandate, User
from records.actions import append_audit_entry


@transaction.atomic
def note_attendance(
    *,
    meeting: Meeting,
    came: set[int],
    did_not_come: set[int],
    actor: User,
    mandate: Mandate | None,
) -> None:
    """Note members (institutions, by id) as present, and others as not.

    Of whom nothing is said, nothing is changed: two who note others at once both have their way.
    Guests stay as they are recorded. Safe to repeat. Raises PermissionDenied, also before the
    meeting has begun.
    """
    if not can_run_meetings(actor) or not meeting.has_begun:
        raise PermissionDenied
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    members = {each.pk: each for each in members_expected_at(meeting)}
    recorded = {each.institution_id: each for each in MeetingDelegation.objects.of_meeting(meeting)}
    gone = [recorded[pk] for pk in did_not_come & members.keys() & recorded.keys()]
    for delegation in gone:
        delegation.delete()
    new = [members[pk] for pk in sorted(came & members.keys() - recorded.keys())]
    for institution in new:  # its country may stand there without an institution
        MeetingDelegation.objects.update_or_create(
            meeting=meeting,
            country=institution.country.code,
            defaults={"institution": institution},
        )
    if new or gone:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="meeting.attendance_noted",
            thing=meeting,
            before={"countries": sorted(each.country for each in gone)} if gone else {},
            after={"countries": sorted(each.country.code for each in new)} if new else {},
        )
