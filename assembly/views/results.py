"""How results are told: prepared with the decision, held, released together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assembly import actions
from assembly.forms_results import TermsForm
from assembly.owed_terms import in_words, owed_terms
from assembly.permissions import access_agenda_item, access_meeting, can_handle, can_run_meetings
from assembly.releasing import release_of
from members.actions.checklists import StaleError
from members.http import acting_as_office, acting_by, person, prove_again
from members.models import DecisionTerms
from members.permissions.standing import PRESIDING
from records.forms import take_version
from records.reading import number


@require_http_methods(["GET", "POST"])
@login_required
def terms(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    """What the applicant is told with the decision; and to defer the question without a vote."""
    item = access_agenda_item(request.user, meeting_id, position)
    if not can_handle(request.user, item.application):
        raise PermissionDenied
    if item.application is None:
        raise Http404
    kept = DecisionTerms.objects.of(item.application.pk)
    form = TermsForm(request.POST if request.method == "POST" else None, terms=kept)
    status, stale = 200, {}
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        tells = item.is_held and not item.meeting.holds_results
        if form.defers or tells:  # it is decided by it
            prove_again(request)
        try:
            if form.defers:
                actions.defer_question(
                    agenda_item=item,
                    conditions=typed["conditions"],
                    reasons=typed["reasons"],
                    seen=typed["seen"],
                    **acting_as_office(request),
                )
                messages.success(request, _("The question is put off."))
            else:
                kept_for = actions.prepare_terms(
                    agenda_item=item,
                    conditions=typed["conditions"],
                    reasons=typed["reasons"],
                    not_before=typed["not_before"],
                    seen=typed["seen"],
                    **acting_as_office(request),
                )
                told = _("The applicant will be told this with the decision.")
                now = _("The applicant is told of the decision, with this.")
                messages.success(request, now if kept_for.released_at else told)
        except StaleError:
            kept = DecisionTerms.objects.of(item.application.pk)
            take_version(form, kept.version if kept else 0, "seen")
            stale, status = {"stale": True, "changes": form.changes_to(kept)}, 409
        except ValidationError as refusal:
            form.add_error(None, refusal)
            status = 409
        else:
            return redirect("assembly:agenda_item", meeting_id, position)
    elif form.is_bound:
        status = 422
    owed = [in_words(missing) for _item, missing in owed_terms([item])]
    context = {"item": item, "meeting": item.meeting, "form": form, "owed": owed, **stale}
    return render(request, "assembly/terms.html", context, status=status)


@require_POST
@login_required
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """`holds`: "yes", or anything else to have results told at once."""
    meeting = access_meeting(request.user, pk)
    if not can_run_meetings(request.user):
        raise PermissionDenied
    holds = request.POST.get("holds") == "yes"
    try:
        actions.hold_results(meeting=meeting, holds=holds, **acting_as_office(request))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        told = _("The president releases the results together.")
        messages.success(request, told if holds else _("Each result is told at once."))
    return redirect("assembly:meeting", pk)


@require_POST
@login_required
def release(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = access_meeting(request.user, pk)
    waiting, user = release_of(meeting), person(request)
    if not (waiting.is_for(user) or waiting.hinders(user)):
        raise PermissionDenied
    prove_again(request)
    try:
        decided = actions.release_results(
            meeting=meeting,
            **acting_by(
                request,
                lambda m: (
                    m.is_of_secretariat
                    if waiting.by_office
                    else m.holds_presidency and m.capacity in PRESIDING
                ),
            ),
        )
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        told = ngettext(
            "The results are released: %(number)s application is decided.",
            "The results are released: %(number)s applications are decided.",
            len(decided),
        )
        messages.success(request, told % {"number": number(len(decided))})
    return redirect("assembly:meeting", pk)
