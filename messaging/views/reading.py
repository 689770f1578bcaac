from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from members.http import person
from messaging import commands
from messaging.forms import SyncForm
from messaging.models import Record
from messaging.permissions import access_room
from messaging.permissions_subjects import access_subject
from messaging.places import PAGE
from messaging.rendering import render_records

SYNC_PAGE = 100


@login_required
@require_POST
def read_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Raise the read mark: JSON for the page's script, a redirect for its form."""
    reply = commands.read(person(request), {"room": pk, "seq": request.POST.get("seq")})
    if request.accepts("text/html"):
        if reply.get("status") == 404:
            raise Http404
        return redirect("messaging:room_list") if "status" not in reply else _gone(request, reply)
    return JsonResponse(reply, status=reply.get("status", 200))


@require_GET
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """`?after=seq`: what follows; `?before=seq`: what came before; neither: the last. With
    `&subject=`, posts in that subject alone (0: in General).

    `{room, head, records, limited}`; limited: there is more in that direction, ask again.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    access = access_room(person(request), pk)
    form = SyncForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"type": "error", "status": 422, "code": "invalid"}, status=422)
    after, before = form.cleaned_data["after"], form.cleaned_data["before"]
    subject = form.cleaned_data["subject"]
    if subject:
        access_subject(person(request), pk, subject)
    if after is not None and subject is not None:
        records = Record.objects.following(pk, after, PAGE + 1, subject)
        limited = len(records) > PAGE
        records = records[:PAGE]
    elif after is not None:
        records = Record.objects.after(pk, after, SYNC_PAGE + 1)
        limited = len(records) > SYNC_PAGE
        records = records[:SYNC_PAGE]
    else:
        records = Record.objects.before(pk, before, PAGE + 1, subject)
        limited = len(records) > PAGE
        records = records[-PAGE:]
    return JsonResponse(
        {
            "type": "room.sync",
            "room": pk,
            "head": access.room.head_seq,
            "records": render_records(records, get_language()),
            "limited": limited,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _gone(request: HttpRequest, reply: dict[str, Any]) -> HttpResponse:
    messages.error(request, reply["reason"])
    return redirect("messaging:room_list")
