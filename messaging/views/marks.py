"""What a person says about what they have read, on purpose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.http import person
from messaging import actions, commands


@login_required
@require_POST
def mark_unread(request: HttpRequest, pk: int) -> HttpResponse:
    """Unread from `seq` on. Leads to the list: the room would have it read again at once."""
    reply = commands.unread(person(request), {"room": pk, "seq": request.POST.get("seq")})
    if not request.accepts("text/html"):
        return JsonResponse(reply, status=reply.get("status", 200))
    if reply.get("status") == 404:
        raise Http404
    if "status" in reply:
        messages.error(request, reply["reason"])
    else:
        messages.success(request, _("The room is unread from that message on."))
    return redirect("messaging:room_list")


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(user=person(request))
    messages.success(request, _("All rooms are marked as read."))
    return redirect("messaging:room_list")
