from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from members.http import person
from messaging import actions, commands
from messaging.forms import MessageForm
from messaging.forms_drafts import SentDraftForm
from messaging.forms_subjects import ViewForm
from messaging.models import GENERAL, General, Subject, Viewed
from messaging.permissions import access_room
from messaging.views import uploads
from messaging.views.rooms import address_of, render_room
from messaging.views.scheduled import schedule


@login_required
@require_POST
def post_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The composer without a socket (JSON asked for) or without JavaScript (a page asked for):
    that of a subject's own page says so in its address (`?subject=`).
    """
    user = person(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    payload: dict[str, Any] = {**request.POST.dict(), "room": pk}
    if wants_json:
        reply = commands.post(user, payload)
        return JsonResponse(reply, status=reply.get("status", 200))
    access = access_room(user, pk)
    if request.POST.get("due_at"):  # whoever has said when does not want it sent at once
        return schedule(request, pk)
    asked = ViewForm(request.GET)
    viewed = asked.cleaned_data["subject"] if asked.is_valid() else None
    subject: Viewed | None = General() if viewed == GENERAL else None
    if viewed:
        subject = Subject.objects.find(access.room, viewed)
    kept, faults = uploads.keep(request, access)
    payload["files"] = [*request.POST.getlist("files"), *kept]
    if faults:
        status = 422
    else:
        reply = commands.post(user, payload)
        if reply["type"] == "message.saved":
            actions.forget_draft(room=access.room, actor=user, **SentDraftForm(request.POST).sent())
            here = address_of(access.room, subject)
            return redirect(f"{here}?latest=1#r{reply['seq']}")
        status = reply["status"]
    form = MessageForm(payload, writing=access.writing)
    form.is_valid()
    if faults:
        form.errors.clear()
    elif not form.errors:
        form.add_error(None, reply["reason"])
    attaching = {"waiting": uploads.waiting(access, user, payload["files"]), "faults": faults}
    return render_room(request, access, form, status=status, attaching=attaching, subject=subject)
