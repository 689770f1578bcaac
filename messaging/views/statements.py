"""Issuing a statement, in two steps that no single key takes; and releasing one."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import mandate_of, person
from members.models import Mandate
from messaging import actions
from messaging.forms_statements import AboutForm, ReturnForm, StatementForm
from messaging.mentions import MentionRefused
from messaging.models import Message, StatementDraft, is_right_of_reply
from messaging.permissions import RoomAccess, Seat, access_room
from messaging.permissions_statements import (
    access_draft,
    can_be_corrected,
    correcting_seats,
    issuing_seats,
    releasers_of,
    seat_to_release,
)
from messaging.standing import WHY_SHUT, mention_refused
from messaging.throttle import seconds_to_wait

REFUSALS: dict[type[Exception], Any] = {
    actions.ClientIdReused: gettext_lazy("This was already sent with another text."),
    actions.CorrectsNothing: gettext_lazy(
        "What is to be put right is no statement of your delegation that stands."
    ),
    actions.Muted: WHY_SHUT["muted"],
    actions.RepliesToNothing: gettext_lazy("What you reply to is no message of this room."),
    actions.NobodyReleases: gettext_lazy(
        "Your delegation has its statements released by a second person, and nobody else of it "
        "may do that in this room. Ask your head of delegation."
    ),
    actions.DraftAnswered: gettext_lazy(
        "This statement was released, returned or withdrawn in the meantime."
    ),
    actions.AuthorSilenced: gettext_lazy(
        "Its author may not issue statements here any more: it can be returned, not released."
    ),
}


def refusal(error: Exception) -> str:
    """Why nothing was issued, for the reader."""
    if isinstance(error, actions.RoomShut):
        return str(WHY_SHUT[error.code])
    if isinstance(error, MentionRefused):
        return mention_refused(error)
    return str(REFUSALS[type(error)])


REFUSED: tuple[type[Exception], ...] = (*REFUSALS, actions.RoomShut, MentionRefused)


@dataclass(frozen=True)
class About:
    """What a statement is about, and through which seats the person may issue it."""

    replied: Message | None
    corrected: Message | None
    seats: tuple[Seat, ...]


def _about(access: RoomAccess, form: AboutForm) -> About:
    """Raises Http404 where what is named is not there, PermissionDenied without a seat."""
    named = form.cleaned_data if form.is_valid() else {}
    found = {
        key: Message.objects.at(access.room, named[key]) if named.get(key) else None
        for key in ("reply_to", "corrects")
    }
    replied, corrected = found["reply_to"], found["corrects"]
    if any(named.get(key) and message is None for key, message in found.items()):
        raise Http404
    seats = correcting_seats(access, corrected) if corrected else issuing_seats(access)
    if not seats:
        raise PermissionDenied
    return About(None if corrected else replied, corrected, seats)


@login_required
@require_http_methods(["GET", "POST"])
def new_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, look, issue: `step` says which. From the room's composer comes none, but its text."""
    access = access_room(person(request), pk)
    about = _about(access, AboutForm(request.POST or request.GET))
    step = request.POST.get("step", "")
    data = request.POST.dict()
    if not step:
        data["client_id"] = str(uuid4())  # the composer's own is for a message
        data["mandate"] = str(_speaking(request, about, data))
    form = StatementForm(data if step != "write" else None, writing=[*about.seats])
    if request.method == "GET" or step == "write" or (not step and form.is_empty):
        return _write(request, access, about, _unbound(request, about, data))
    if not form.is_valid():
        return _write(request, access, about, form, status=422)
    if step != "issue":
        return _confirm(request, access, about, form)
    return _issue(request, access, about, form)


def _unbound(request: HttpRequest, about: About, data: dict[str, Any]) -> StatementForm:
    """With what was typed so far, and nothing found fault with yet."""
    initial = {
        "body": data.get("body", ""),
        "client_id": data.get("client_id") or uuid4(),
        "reply_to": about.replied.seq if about.replied else None,
        "corrects": about.corrected.seq if about.corrected else None,
        "mandate": _speaking(request, about, data),
    }
    return StatementForm(writing=[*about.seats], initial=initial)


def _speaking(request: HttpRequest, about: About, data: dict[str, Any]) -> int:
    """The mandate that was asked for where it may issue, else the one that speaks, or the first."""
    mandates = [seat.mandate.pk for seat in about.seats]
    chosen = mandate_of(request)
    asked = data.get("mandate", "")
    if asked in map(str, mandates):
        return int(asked)
    return chosen.pk if chosen and chosen.pk in mandates else mandates[0]


def _issue(
    request: HttpRequest, access: RoomAccess, about: About, form: StatementForm
) -> HttpResponse:
    user, room = person(request), access.room
    if seconds_to_wait(room.pk, [user.pk])[0]:
        form.add_error(None, _("You write very fast. Wait a moment, and issue it then."))
        return _confirm(request, access, about, form, status=429)
    try:
        issued = actions.issue_statement(room=room, author=user, **form.cleaned_data)
    except REFUSED as error:
        form.add_error(None, refusal(error))
        status = 403 if isinstance(error, actions.RoomShut) else 409
        return _confirm(request, access, about, form, status=status)
    if isinstance(issued, StatementDraft):
        messages.success(request, _("The statement waits for its release."))
        return redirect("messaging:statement_draft", room.pk, issued.pk)
    messages.success(request, _("The statement is issued."))
    return redirect(place_of(issued))


def place_of(message: Message) -> str:
    return f"{reverse('messaging:room', args=[message.room_id])}?latest=1#r{message.seq}"


def _write(
    request: HttpRequest,
    access: RoomAccess,
    about: About,
    form: StatementForm,
    status: int = 200,
) -> HttpResponse:
    context = {**_context(access, about, form), "mandate": about.seats[0].mandate}
    return render(request, "messaging/new_statement.html", context, status=status)


def _confirm(
    request: HttpRequest,
    access: RoomAccess,
    about: About,
    form: StatementForm,
    status: int = 200,
) -> HttpResponse:
    """What will stand in the room, and the button that puts it there. `form` is valid."""
    mandate: Mandate = form.cleaned_data["mandate"]
    context = _context(access, about, form)
    context |= {
        "mandate": mandate,
        "author": person(request),
        "body": form.cleaned_data["body"],
        "is_right_of_reply": is_right_of_reply(about.replied, mandate),
        "needs_release": mandate.institution.statements_need_release,
    }
    if context["needs_release"]:
        context["releasers"] = releasers_of(access.room, mandate)
    return render(request, "messaging/confirm_statement.html", context, status=status)


def _context(access: RoomAccess, about: About, form: StatementForm) -> dict[str, Any]:
    return {
        "room": access.room,
        "shut": WHY_SHUT[access.shut] if access.shut else "",
        "form": form,
        "replied": about.replied,
        "corrected": about.corrected,
    }


@login_required
@require_GET
def statement_drafts(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits in the delegations for which the person may issue statements here."""
    access = access_room(person(request), pk)
    own = {seat.mandate.institution_id for seat in issuing_seats(access)}
    if not own:
        raise PermissionDenied
    drafts = StatementDraft.objects.of_delegations(access.room, own).for_display()
    context = {"room": access.room, "waiting": drafts.waiting(), "answered": drafts.answered()}
    return render(request, "messaging/statement_drafts.html", context)


@login_required
@require_GET
def statement_draft(request: HttpRequest, pk: int, draft: int) -> HttpResponse:
    access, found = access_draft(person(request), pk, draft)
    return _draft_page(request, access, found, ReturnForm())


def _draft_page(
    request: HttpRequest,
    access: RoomAccess,
    draft: StatementDraft,
    form: ReturnForm,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    context = {
        "room": access.room,
        "draft": draft,
        "form": form,
        "is_own": draft.keeper == user,
        "may_release": seat_to_release(access, user, draft) is not None,
        "shut": WHY_SHUT[access.shut] if access.shut else "",
        "may_issue_anew": any(
            draft.corrects is None or can_be_corrected(draft.corrects, seat.mandate)
            for seat in issuing_seats(access)
        ),
    }
    return render(request, "messaging/statement_draft.html", context, status=status)


@login_required
@require_POST
def release_statement(request: HttpRequest, pk: int, draft: int) -> HttpResponse:
    _access, found = access_draft(person(request), pk, draft)
    try:
        issued = actions.release_statement(draft=found, actor=person(request))
    except REFUSED as error:
        return _too_late(request, found, error)
    messages.success(request, _("The statement is released and issued."))
    return redirect(place_of(issued))


@login_required
@require_POST
def return_statement(request: HttpRequest, pk: int, draft: int) -> HttpResponse:
    access, found = access_draft(person(request), pk, draft)
    if seat_to_release(access, person(request), found) is None:
        raise PermissionDenied
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _draft_page(request, access, found, form, status=422)
    try:
        actions.return_statement(
            draft=found, reason=form.cleaned_data["reason"], actor=person(request)
        )
    except REFUSED as error:
        return _too_late(request, found, error)
    messages.success(request, _("The statement is returned to its author."))
    return redirect("messaging:statement_draft", pk, draft)


@login_required
@require_POST
def withdraw_statement(request: HttpRequest, pk: int, draft: int) -> HttpResponse:
    _access, found = access_draft(person(request), pk, draft)
    try:
        actions.withdraw_statement(draft=found, actor=person(request))
    except REFUSED as error:
        return _too_late(request, found, error)
    messages.success(request, _("The statement is withdrawn."))
    return redirect("messaging:statement_draft", pk, draft)


def _too_late(request: HttpRequest, draft: StatementDraft, error: Exception) -> HttpResponse:
    messages.error(request, refusal(error))
    return redirect("messaging:statement_draft", draft.room_id, draft.pk)
