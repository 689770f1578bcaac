"""Erasing texts for law's sake: asked for by one of the secretariat, carried out by another. The
text of a message, the reason that stands in a record, the words of a report.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import person, prove_again
from messaging import actions
from messaging.erasing import Thing, address_of, named
from messaging.forms import SyncForm
from messaging.forms_moderation import ErasureAnswerForm, ErasureForm
from messaging.models import Erasure, Hold, Message, Record, Report, Room, Transcript
from messaging.permissions_moderation import (
    access_message_of_office,
    access_office,
    access_reason_of_office,
    access_report_of_office,
    office_people,
)

LISTED = 50  # reasons on a page


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    access, message, _mandate = access_message_of_office(person(request), pk, seq)
    return _ask(request, access.room, message)


@login_required
@require_http_methods(["GET", "POST"])
def reason_erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    access, record, _mandate = access_reason_of_office(person(request), pk, seq)
    return _ask(request, access.room, record)


@login_required
@require_http_methods(["GET", "POST"])
def report_erasure(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    access, found, _mandate = access_report_of_office(person(request), pk, report)
    return _ask(request, access.room, found)


@login_required
@require_POST
def answer_erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Carry the erasure out, refuse it, or take one's own request back."""
    access, message, _mandate = access_message_of_office(person(request), pk, seq)
    return _answer(request, access.room, message)


@login_required
@require_POST
def answer_reason_erasure(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    access, record, _mandate = access_reason_of_office(person(request), pk, seq)
    return _answer(request, access.room, record)


@login_required
@require_POST
def answer_report_erasure(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    access, found, _mandate = access_report_of_office(person(request), pk, report)
    return _answer(request, access.room, found)


@login_required
@require_GET
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """The reasons that people gave in the record of a room, the last first."""
    access, _mandate = access_office(person(request), pk)
    form = SyncForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    found = list(Record.objects.reasons(access.room, before)[: LISTED + 1])
    context = {
        "room": access.room,
        "records": found[:LISTED],
        "before": found[LISTED - 1].seq if len(found) > LISTED else None,
    }
    return render(request, "messaging/reasons.html", context)


def _ask(request: HttpRequest, room: Room, thing: Thing) -> HttpResponse:
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = {"actor": person(request), **form.cleaned_data}
        try:
            match thing:
                case Record():
                    actions.ask_for_reason_erasure(room=room, seq=thing.seq, **said)
                case Report():
                    actions.ask_for_report_erasure(report=thing, **said)
                case _:
                    actions.ask_for_erasure(room=room, seq=thing.seq, **said)
        except (actions.TextGone, actions.RoomHeld) as error:
            messages.error(request, _why(error))
        else:
            messages.success(request, _("It is asked for. A second person must agree."))
        return redirect(address_of(thing))
    return _page(request, room, thing, form=form, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, room: Room, thing: Thing) -> HttpResponse:
    user = person(request)
    found = Erasure.objects.of(thing).first()
    if found is None:
        raise Http404
    form = ErasureAnswerForm(request.POST, is_own=found.asked_by_id == user.pk)
    if not form.is_valid():
        return _page(request, room, thing, answer=form, status=422)
    if form.cleaned_data["do"] == "approve":
        prove_again(request)
    try:
        if form.cleaned_data["do"] == "approve":
            actions.approve_erasure(erasure=found, actor=user)
            messages.success(request, _("The text is erased."))
        else:
            actions.refuse_erasure(erasure=found, note=form.cleaned_data["note"], actor=user)
            messages.success(request, _("The text stands."))
    except (actions.AnsweredOtherwise, actions.RoomHeld) as error:
        messages.error(request, _why(error))
    return redirect(address_of(thing))


def _why(error: Exception) -> str:
    match error:
        case actions.RoomHeld():
            return _("A legal hold stands on the room: nothing is erased while it does.")
        case actions.TextGone():
            return _("The text is erased already.")
    return _("This was answered or withdrawn in the meantime.")


def _page(
    request: HttpRequest,
    room: Room,
    thing: Thing,
    *,
    form: ErasureForm | None = None,
    answer: ErasureAnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    past = list(Erasure.objects.of(thing))
    waiting = next((each for each in past if each.is_waiting), None)
    context: dict[str, Any] = {
        "room": room,
        "name": named(thing),
        "here": address_of(thing),
        "answer_address": address_of(thing, answers=True),
        "hold": Hold.objects.standing(room),
        "waiting": waiting,
        "past": [each for each in past if not each.is_waiting],
        "is_own": waiting is not None and waiting.asked_by_id == user.pk,
        "is_alone": office_people() <= {user.pk},
        "form": form or ErasureForm(),
        "answer": answer
        or ErasureAnswerForm(initial={"do": "refuse"}, is_own=False, auto_id="answer_%s"),
        **_shown(room, thing),
    }
    return render(request, "messaging/erasure.html", context, status=status)


def _shown(room: Room, thing: Thing) -> dict[str, Any]:
    """What is to be erased, whether it is gone, and which transcripts have it too."""
    if isinstance(thing, Report):
        return {"report": thing, "message": thing.message, "is_gone": not thing.has_words}
    if isinstance(thing, Message):
        shown: dict[str, Any] = {"message": thing, "is_gone": thing.erased_at is not None}
        said = list(Record.objects.with_text([thing]))
    else:
        shown = {"record": thing, "is_gone": thing.text is None}
        said = [thing] if thing.text else []
    holding = actions.transcripts_holding(room, said)
    return {**shown, "transcripts": Transcript.objects.with_downloads(holding)}
