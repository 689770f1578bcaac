"""What one is writing, kept on the server: for the page's script, and without one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.http import person
from messaging import actions
from messaging.composing import NO_DRAFT
from messaging.forms_drafts import DraftForm
from messaging.models import MessageDraft
from messaging.permissions import access_room


@login_required
@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    drafts = MessageDraft.objects.for_list(person(request))
    return render(request, "messaging/drafts.html", {"drafts": drafts})


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: `{version, body, reply_to, mandate}` as they stand. POST keeps them: JSON for the
    script (409 with what stands where that is another text), the room again for the form's button.
    """
    user = person(request)
    access = access_room(user, pk)
    if not access.writing:
        raise PermissionDenied
    if request.method == "GET":
        standing = MessageDraft.objects.of(user, access.room)
        return _answer(standing.as_client_data() if standing else NO_DRAFT)
    by_script = not request.accepts("text/html")
    form = DraftForm(request.POST, access=access)
    if not form.is_valid():
        reason = " ".join(str(error) for errors in form.errors.values() for error in errors)
        if by_script:
            return _answer({"code": "invalid", "reason": reason}, 422)
        messages.error(request, reason)
        return redirect("messaging:room", pk)
    try:
        saved = actions.save_draft(room=access.room, actor=user, **form.cleaned_data)
    except actions.DraftChanged as changed:
        # Only a script can have gone on from another version: the form's button sends none.
        return _answer({"code": "changed", **changed.standing.as_client_data()}, 409)
    if by_script:
        return _answer({"version": saved.version})
    messages.success(request, _("The draft is kept. You find it here on every device."))
    return redirect("messaging:room", pk)


def _answer(values: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(values, status=status, json_dumps_params={"ensure_ascii": False})
