from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.actions.attendance import note_attendance
from assembly.attendance import Counted, counted
from assembly.enums import MeetingKind
from assembly.forms_attendance import AttendanceForm
from assembly.models import Meeting
from assembly.permissions import access_begun_meeting, members_expected_at
from members.http import acting_as_office, secretariat_only
from records.reading import number

TICK_ALL = "tick_all"  # the button that ticks every box and keeps nothing


@require_http_methods(["GET", "POST"])
@secretariat_only
def attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Which members came to a meeting that has begun, or is over."""
    meeting = access_begun_meeting(request.user, meeting_id)
    members = members_expected_at(meeting)
    recorded = {each.institution_id for each in meeting.delegations.all() if each.institution_id}
    ticks_all = TICK_ALL in request.POST
    form = AttendanceForm(
        request.POST if request.method == "POST" and not ticks_all else None,
        members=members,
        present=recorded,
        ticks_all=ticks_all,
    )
    if not form.is_valid():
        context = {
            "meeting": meeting,
            "form": form,
            "counted": counted(meeting, members),
            "counts": meeting.kind == MeetingKind.GENERAL_ASSEMBLY,
            "tick_all": TICK_ALL,
            "ticks_all": ticks_all,
        }
        status = 422 if form.is_bound else 200
        return render(request, "assembly/attendance.html", context, status=status)
    came, did_not_come = form.changes()
    note_attendance(
        meeting=meeting, came=came, did_not_come=did_not_come, **acting_as_office(request)
    )
    messages.success(request, _told(meeting, counted(meeting, members)))
    return redirect("assembly:meeting", meeting.pk)


def _told(meeting: Meeting, now: Counted) -> str:
    """What is kept now, and what follows for who is not on the list."""
    if not now.noted:
        return _("No member is noted as present any more.")
    if meeting.kind == MeetingKind.GENERAL_ASSEMBLY:
        told = _("The list is kept. Noted as present: %(noted)s. Count as absent: %(absent)s.")
    else:
        told = _("The list is kept. Noted as present: %(noted)s. Not noted: %(others)s.")
    return told % {
        "noted": number(now.noted),
        "absent": number(now.absent),
        "others": number(now.others),
    }
