from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.actions.attendance import note_attendance
from assembly.forms_attendance import AttendanceForm
from assembly.permissions import access_begun_meeting, members_expected_at
from members.http import acting, secretariat_only


@require_http_methods(["GET", "POST"])
@secretariat_only
def attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Which members came to a meeting that has begun, or is over."""
    meeting = access_begun_meeting(request.user, meeting_id)
    recorded = {each.institution_id for each in meeting.delegations.all() if each.institution_id}
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        members=members_expected_at(meeting),
        present=recorded,
    )
    if not form.is_valid():
        context = {"meeting": meeting, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "assembly/attendance.html", context, status=status)
    came, did_not_come = form.changes()
    note_attendance(meeting=meeting, came=came, did_not_come=did_not_come, **acting(request))
    messages.success(request, _("It is on record who was there."))
    return redirect("assembly:meeting", meeting.pk)
