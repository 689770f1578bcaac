"""Messages that are sent later: from the composer, on a page of their own, one by one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import person
from messaging import actions
from messaging.forms import MessageForm
from messaging.forms_drafts import SentDraftForm
from messaging.forms_scheduled import LaterForm, ScheduledForm
from messaging.models import Attachment, ScheduledMessage
from messaging.permissions import access_room
from messaging.scheduling import Line, accesses_to, reason_of
from messaging.standing import WHY_SHUT, slow_mode_explained, why_missing
from messaging.throttle import seconds_to_wait
from messaging.views import uploads
from messaging.views.rooms import render_room
from messaging.zones import comes_twice, in_words


@login_required
@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the composer, at the time that is said below it."""
    user = person(request)
    access = access_room(user, pk)
    kept, faults = uploads.keep(request, access)
    sent = [*request.POST.getlist("files"), *kept]
    form = MessageForm({**request.POST.dict(), "files": sent}, writing=access.writing)
    later = LaterForm(request.POST)

    def again(status: int = 422) -> HttpResponse:
        attaching = {"waiting": uploads.waiting(access, user, sent), "faults": faults}
        return render_room(request, access, form, status, attaching=attaching, later=later)

    if not (form.is_valid() & later.is_valid()) or faults:
        return again()
    said = {**form.cleaned_data, **later.cleaned_data}
    try:
        made = actions.schedule_message(room=access.room, author=user, **said)
    except actions.SubjectNotOpen:
        form.add_error(None, _("This is no open subject of the room."))
        return again()
    except actions.FilesMissing as missing:
        form.add_error(None, why_missing(too_much=missing.too_much))
        return again()
    except actions.RoomShut as shut:
        form.add_error(None, str(WHY_SHUT[shut.code]))
        return again(403)
    except actions.TooMany:
        later.add_error(None, _("Fifty messages of yours wait already. Withdraw one first."))
        return again()
    actions.forget_draft(room=access.room, actor=user, **SentDraftForm(request.POST).sent())
    messages.success(request, _promise(made))
    return redirect(f"{reverse('messaging:room', args=[pk])}?latest=1#composer")


def _promise(made: ScheduledMessage) -> str:
    said = _("Your message will be sent on %(when)s.") % {"when": in_words(made.due_at)}
    if comes_twice(made.due_at):
        said += " " + _("That hour comes twice, because the clocks go back: it is the first one.")
    return said


@login_required
@require_GET
def scheduled_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = list(ScheduledMessage.objects.for_list(user, timezone.now()))
    accesses = accesses_to(user, (each.room for each in found))
    lines = [Line(each, accesses.get(each.room_id)) for each in found]
    context = {
        "failed": [line for line in lines if line.scheduled.is_failed],
        "waiting": [line for line in lines if line.scheduled.is_waiting],
        "sent": [line for line in lines if line.scheduled.message][::-1],
    }
    return render(request, "messaging/scheduled_list.html", context)


def _own(request: HttpRequest, pk: int) -> ScheduledMessage:
    found = ScheduledMessage.objects.find(person(request), pk)
    if found is None:
        raise Http404
    return found


def _too_late(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("It does not wait any more: see what has become of it."))
    return redirect("messaging:scheduled_list")


@login_required
@require_http_methods(["GET", "POST"])
def scheduled(request: HttpRequest, pk: int) -> HttpResponse:
    """Another text or another time."""
    found = _own(request, pk)
    if not found.is_waiting:
        return _too_late(request)
    initial = {"body": found.body, "due_at": found.due_at}
    files = list(Attachment.objects.held_by(found))
    form = ScheduledForm(request.POST or None, initial=initial, has_files=bool(files))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_scheduled(
                scheduled=found, actor=person(request), **form.cleaned_data
            )
        except actions.NotWaiting:
            return _too_late(request)
        messages.success(request, _promise(changed))
        return redirect("messaging:scheduled_list")
    context: dict[str, Any] = {"form": form, "scheduled": found, "files": files}
    status = 422 if form.is_bound else 200
    return render(request, "messaging/scheduled.html", context, status=status)


@login_required
@require_POST
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _own(request, pk), person(request)
    [wait] = seconds_to_wait(found.room_id, [user.pk])
    if wait:
        messages.error(request, _("You write very fast. Wait a moment."))
        return redirect("messaging:scheduled_list")
    try:
        message = actions.send_now(scheduled=found, actor=user)
    except actions.NotWaiting:
        return _too_late(request)
    except actions.Refused as refused:
        messages.error(request, reason_of(refused.code))
    except actions.TooSoon as soon:
        messages.error(request, slow_mode_explained(soon.every))
    else:
        place = reverse("messaging:place", args=[message.room_id, message.seq])
        return redirect(f"{place}#r{message.seq}")
    return redirect("messaging:scheduled_list")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.withdraw_scheduled(scheduled=_own(request, pk), actor=person(request))
    except actions.NotWaiting:
        return _too_late(request)
    messages.success(request, _("The message was withdrawn. It will not be sent."))
    return redirect("messaging:scheduled_list")


@login_required
@require_POST
def write_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What was refused, into the composer again."""
    found = _own(request, pk)
    try:
        files = actions.write_again(scheduled=found, actor=person(request))
    except actions.NotWaiting:
        return _too_late(request)
    again = f"&files={','.join(map(str, files))}" if files else ""
    return redirect(f"{reverse('messaging:room', args=[found.room_id])}?latest=1{again}#composer")
