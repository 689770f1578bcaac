"""Erasing the text of a message: asked for by one of the secretariat, carried out by another."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.http import person
from messaging import actions
from messaging.forms_moderation import ErasureAnswerForm, ErasureForm
from messaging.models import Erasure, Hold, Message, Transcript
from messaging.permissions import RoomAccess
from messaging.permissions_moderation import access_message_of_office, office_people


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message, _mandate = access_message_of_office(user, pk, seq)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.ask_for_erasure(
                room=access.room, seq=message.seq, actor=user, **form.cleaned_data
            )
        except (actions.TextGone, actions.RoomHeld) as error:
            messages.error(request, _why(error))
        else:
            messages.success(request, _("It is asked for. A second person must agree."))
        return redirect("messaging:erasure", pk, seq)
    return _page(request, access, message, form=form, status=422 if form.is_bound else 200)


@login_required
@require_POST
def answer_erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Carry the erasure out, refuse it, or take one's own request back."""
    user = person(request)
    access, message, _mandate = access_message_of_office(user, pk, seq)
    found = Erasure.objects.of_message(message).first()
    if found is None:
        raise Http404
    form = ErasureAnswerForm(request.POST, is_own=found.asked_by_id == user.pk)
    if not form.is_valid():
        return _page(request, access, message, answer=form, status=422)
    try:
        if form.cleaned_data["do"] == "approve":
            actions.approve_erasure(erasure=found, actor=user)
            messages.success(request, _("The text is erased."))
        else:
            actions.refuse_erasure(erasure=found, note=form.cleaned_data["note"], actor=user)
            messages.success(request, _("The text stands."))
    except (actions.AnsweredOtherwise, actions.RoomHeld) as error:
        messages.error(request, _why(error))
    return redirect("messaging:erasure", pk, seq)


def _why(error: Exception) -> str:
    match error:
        case actions.RoomHeld():
            return _("A legal hold stands on the room: nothing is erased while it does.")
        case actions.TextGone():
            return _("The text is erased already.")
    return _("This was answered or withdrawn in the meantime.")


def _page(
    request: HttpRequest,
    access: RoomAccess,
    message: Message,
    *,
    form: ErasureForm | None = None,
    answer: ErasureAnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    past = list(Erasure.objects.of_message(message))
    waiting = next((each for each in past if each.is_waiting), None)
    context: dict[str, Any] = {
        "room": access.room,
        "message": message,
        "hold": Hold.objects.standing(access.room),
        "waiting": waiting,
        "past": [each for each in past if not each.is_waiting],
        "is_own": waiting is not None and waiting.asked_by_id == user.pk,
        "is_alone": office_people() <= {user.pk},
        "transcripts": Transcript.objects.with_downloads(
            actions.transcripts_holding(access.room, [message])
        ),
        "form": form or ErasureForm(),
        "answer": answer
        or ErasureAnswerForm(initial={"do": "refuse"}, is_own=False, auto_id="answer_%s"),
    }
    return render(request, "messaging/erasure.html", context, status=status)
