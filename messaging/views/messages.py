from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from members.http import person
from messaging import actions, commands
from messaging.forms import MessageForm
from messaging.forms_drafts import SentDraftForm
from messaging.permissions import access_room
from messaging.views.rooms import render_room
from messaging.views.scheduled import schedule


@login_required
@require_POST
def post_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The composer without a socket (JSON asked for) or without JavaScript (a page asked for)."""
    user = person(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    access = None if wants_json else access_room(user, pk)
    if access and request.POST.get("due_at"):  # whoever has said when does not want it sent at once
        return schedule(request, pk)
    reply = commands.post(user, {**request.POST.dict(), "room": pk})
    if wants_json or access is None:
        return JsonResponse(reply, status=reply.get("status", 200))
    if reply["type"] == "message.saved":
        actions.forget_draft(room=access.room, actor=user, **SentDraftForm(request.POST).sent())
        return redirect(f"{reverse('messaging:room', args=[pk])}?latest=1#r{reply['seq']}")
    form = MessageForm(request.POST, writing=access.writing)
    form.is_valid()
    if not form.errors:
        form.add_error(None, reply["reason"])
    return render_room(request, access, form, status=reply["status"])
