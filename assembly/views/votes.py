from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assembly import actions
from assembly.enums import Choice
from assembly.forms import CertificationForm, RollCallForm
from assembly.models import AgendaItem, Poll
from assembly.owed_terms import owed_terms
from assembly.papers import advice_on
from assembly.permissions import access_agenda_item, can_handle, can_read_papers
from assembly.rules import fingerprint, quorum_of
from members.http import person, prove_again
from members.permissions import secretariat_mandate
from members.permissions.applications import can_release

CONFLICT = 409


def _item_page(
    request: HttpRequest, item: AgendaItem, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "item": item,
        "meeting": item.meeting,
        "poll": item.vote,
        "may_handle": can_handle(request.user, item.application),
        "shows_result": _shows_result(request, item),
        "advice": advice_on(item) if can_read_papers(request.user, item) else None,
        "refusal": refusal,
    }
    return render(request, "assembly/agenda_item.html", context, status=status)


def _shows_result(request: HttpRequest, item: AgendaItem) -> bool:
    """A result that is held back is shown to those who prepare and release it."""
    if item.vote is None or not item.vote.is_certified:
        return False
    return (
        not item.is_secret
        or can_handle(request.user, item.application)
        or can_release(request.user)
    )


def _refused(
    request: HttpRequest, meeting_id: int, position: int, refusal: ValidationError
) -> HttpResponse:
    """The question as it stands now, with the reason why what was sent changed nothing."""
    item = access_agenda_item(request.user, meeting_id, position)
    return _item_page(request, item, " ".join(refusal.messages), status=CONFLICT)


@require_GET
@login_required
def agenda_item(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    """For every delegate: the question, the roll, the result and why."""
    return _item_page(request, access_agenda_item(request.user, meeting_id, position))


def _handled_item(request: HttpRequest, meeting_id: int, position: int) -> AgendaItem:
    item = access_agenda_item(request.user, meeting_id, position)
    if not can_handle(request.user, item.application):
        raise PermissionDenied
    return item


@require_POST
@login_required
def open_vote(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    item = _handled_item(request, meeting_id, position)
    user = person(request)
    try:
        actions.open_roll_call(agenda_item=item, actor=user, mandate=secretariat_mandate(user))
    except ValidationError as refusal:
        return _refused(request, meeting_id, position, refusal)
    messages.success(request, _("The roll is frozen. Call the members in this order."))
    return redirect("assembly:roll_call", meeting_id, position)


@require_http_methods(["GET", "POST"])
@login_required
def roll_call(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    """The entry form, for the secretariat: save as often as one likes, then review."""
    item = _handled_item(request, meeting_id, position)
    user = person(request)
    poll = item.vote
    if poll is None or (poll.is_certified and request.method == "GET"):
        return redirect("assembly:agenda_item", meeting_id, position)
    form = RollCallForm(request.POST if request.method == "POST" else None, poll=poll)
    if not form.is_bound:
        return _roll_call_page(request, item, poll, form)
    if not form.is_valid():
        return _roll_call_page(request, item, poll, form, status=422)
    try:
        actions.save_roll_call(
            poll=poll,
            choices=form.changed_choices(),
            actor=user,
            mandate=secretariat_mandate(user),
        )
    except ValidationError as refusal:
        return _refused(request, meeting_id, position, refusal)
    if request.POST.get("then") == "review":
        return redirect("assembly:review", meeting_id, position)
    messages.success(request, _("The draft is saved."))
    return redirect("assembly:roll_call", meeting_id, position)


def _roll_call_page(
    request: HttpRequest, item: AgendaItem, poll: Poll, form: RollCallForm, status: int = 200
) -> HttpResponse:
    rows = list(form.rows())
    count = poll.count()
    context = {
        "item": item,
        "meeting": item.meeting,
        "poll": poll,
        "form": form,
        "rows": rows,
        "quorum": quorum_of(len(rows), poll.rules),
        "count": count,
        "not_called": count[""],
        "present": len(rows) - count[""] - count[Choice.ABSENT],
    }
    return render(request, "assembly/roll_call.html", context, status=status)


@require_GET
@login_required
def review(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    """What the answers amount to, before anything is decided."""
    item = _handled_item(request, meeting_id, position)
    if item.vote is None or item.vote.is_certified:
        return redirect("assembly:agenda_item", meeting_id, position)
    form = CertificationForm(initial={"reviewed": fingerprint(item.vote.choices)})
    return _review_page(request, item, item.vote, form)


def _review_page(
    request: HttpRequest, item: AgendaItem, poll: Poll, form: CertificationForm, status: int = 200
) -> HttpResponse:
    context = {
        "item": item,
        "meeting": item.meeting,
        "poll": poll,
        "form": form,
        "missing": [entry for entry in poll.roll.all() if not entry.choice],
    }
    return render(request, "assembly/review.html", context, status=status)


@require_POST
@login_required
def certify(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    item = _handled_item(request, meeting_id, position)
    user = person(request)
    if item.vote is None:
        return redirect("assembly:agenda_item", meeting_id, position)
    prove_again(request)
    form = CertificationForm(request.POST)
    if not form.is_valid() and not item.vote.is_certified:
        return _review_page(request, item, item.vote, form, status=422)
    try:
        actions.certify_roll_call(
            poll=item.vote,
            actor=user,
            mandate=secretariat_mandate(user),
            reviewed=form.cleaned_data.get("reviewed", ""),
        )
    except ValidationError as refusal:
        return _refused(request, meeting_id, position, refusal)
    if item.meeting.holds_results:
        messages.success(request, _("The vote is certified. The president releases its result."))
    elif owed_terms([access_agenda_item(request.user, meeting_id, position)]):
        messages.warning(
            request,
            _("The vote is certified. Say what the applicant is told with it: it is told then."),
        )
        return redirect("assembly:decision_terms", meeting_id, position)
    else:
        messages.success(request, _("The vote is certified, and the application is decided by it."))
    return redirect("assembly:agenda_item", meeting_id, position)
