"""Applications as their contacts see them: ask to apply, fill, submit, follow, answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import applicants
from members.actions.application_requests import request_application
from members.actions.applications import WrongStateError
from members.application_changes import corrected_since
from members.audit import act_name
from members.enums import (
    APPLICATION_STAGES,
    APPLICATION_STEPS,
    ApplicationStage,
    ApplicationState,
)
from members.forms.applications import CharterForm, StartForm, WithdrawalForm
from members.forms.information_requests import AnswerForm
from members.http import mandate_of, person, prove_again
from members.models import Application
from members.network import offered_or_first
from members.permissions.applications import (
    access_application,
    access_application_document,
    access_contact_application,
    access_own_application,
    is_applicant,
    is_contact,
)
from members.permissions.presidencies import past_term
from members.throttle import origin_of, within_limit
from members.views.past_office import past_dossier_page, past_queue_page
from members.views.review import dossier_page, queue_page
from records.http import file_response
from records.models import AuditEntry

HOUR = 60 * 60


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Anybody asks for a link to apply. The answer never says whether the address is known."""
    form = StartForm(
        request.POST if request.method == "POST" else None,
        initial={"language": offered_or_first(get_language())},
    )
    if not form.is_valid():
        return render(
            request,
            "members/application_apply.html",
            {"form": form},
            status=422 if form.is_bound else 200,
        )
    if not within_limit("apply", origin_of(request), limit=20, seconds=HOUR):
        return render(
            request, "members/application_apply.html", {"form": form, "limited": True}, status=429
        )
    asked = form.cleaned_data
    # One mailbox gets few letters, however many addresses ask; who asks is not told.
    if within_limit("apply-letter", asked["email"].lower(), limit=5, seconds=24 * HOUR):
        request_application(
            email=asked["email"],
            name=asked["name"],
            language=asked["language"],
            institution_names=asked["institution_names"],
            country=asked["country"],
        )
    return redirect("members:apply_sent")


@require_GET
def apply_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "members/application_apply_sent.html")


@require_GET
@login_required
def application_list(request: HttpRequest) -> HttpResponse:
    """The secretariat's queue; for everybody else, their own applications."""
    own = Application.objects.of_applicant(person(request).pk)
    return (
        queue_page(request, own)
        or past_queue_page(request, own)
        or render(request, "members/application_list.html", {"applications": own})
    )


@require_POST
@login_required
def start_application(request: HttpRequest) -> HttpResponse:
    started = applicants.start_application(actor=person(request), mandate=mandate_of(request))
    return redirect("members:application_form", started.pk)


@require_GET
@login_required
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Its applicants fill or follow it; the secretariat opens the dossier, the office before what
    it was in its time.
    """
    own = Application.objects.of_applicant(person(request).pk)
    if past_term(request.user) and not own.find(pk):
        return past_dossier_page(request, pk)
    shown = access_application(request.user, pk)
    if not is_applicant(request.user, shown):
        return dossier_page(request, shown)
    if shown.state == ApplicationState.DRAFT:
        return redirect("members:application_form", pk)
    return _own_page(request, shown)


def _own_page(
    request: HttpRequest, shown: Application, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """What applicants see after submission. `bound`: a form that was refused, and why."""
    if bound:  # somebody else may have changed it meanwhile
        shown = access_own_application(request.user, shown.pk)
    stage = APPLICATION_STAGES.get(shown.state)
    context = {
        "application": shown,
        "steps": [{"label": s.label, "current": s == stage} for s in ApplicationStage if stage],
        "timeline": [
            {"label": act_name(entry.act), "at": entry.at, "current": place == 0}
            for place, entry in enumerate(
                e for e in AuditEntry.objects.about(shown) if e.act in APPLICATION_STEPS
            )
        ],
        "answer_form": _answer_form(shown),
        "charter_form": CharterForm(),
        "is_contact": is_contact(request.user, shown),
        "conflict": "",
        **bound,
    }
    return render(request, "members/application.html", context, status=status)


def _answer_form(shown: Application, *sent: Any) -> AnswerForm:
    asked = shown.open_request
    corrected = corrected_since(shown, asked) if asked else frozenset[str]()
    return AnswerForm(*sent, application=shown, request=asked, corrected=corrected)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_own_application(request.user, pk)
    form = _answer_form(shown, request.POST, request.FILES)
    if not form.is_valid():
        return _own_page(request, shown, status=422, answer_form=form)
    try:
        applicants.answer_information_request(
            application=shown,
            answer=form.cleaned_data["answer"],
            upload=form.cleaned_data["file"],
            answers=form.answers(),
            request=shown.open_request,
            actor=person(request),
            mandate=mandate_of(request),
        )
    except WrongStateError as error:
        return _own_page(request, shown, status=409, answer_form=form, conflict=error.messages[0])
    except ValidationError as error:
        form.add_error("file", error)
        return _own_page(request, shown, status=422, answer_form=form)
    messages.success(request, _("Your answer was sent. The review goes on."))
    return redirect("members:application", pk)


@require_POST
@login_required
def hand_in_charter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_own_application(request.user, pk)
    form = CharterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _own_page(request, shown, status=422, charter_form=form)
    try:
        applicants.hand_in_charter(
            application=shown,
            upload=form.cleaned_data["charter"],
            actor=person(request),
            mandate=mandate_of(request),
        )
    except WrongStateError as error:
        return _own_page(request, shown, status=409, refused=error.messages[0])
    messages.success(request, _("The signed charter was received. The secretariat checks it."))
    return redirect("members:application", pk)


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more before it is done: a withdrawn application cannot be taken up again. Once it
    was admitted, it gives up a seat.
    """
    shown = access_contact_application(request.user, pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if shown.can_be_withdrawn and not form.is_valid():
        context = {"application": shown, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "members/application_withdraw.html", context, status=status)
    if request.method == "POST" and shown.can_be_withdrawn:
        prove_again(request)
    try:
        if request.method == "POST":
            applicants.withdraw_application(
                application=shown,
                reason=form.cleaned_data.get("reason", "") if form.is_valid() else "",
                actor=person(request),
                mandate=mandate_of(request),
            )
            messages.success(request, _("The application was withdrawn."))
    except WrongStateError as error:
        messages.error(request, error.messages[0])
    return redirect("members:application", pk)


@require_GET
@login_required
def application_document(request: HttpRequest, pk: int, document_id: int) -> StreamingHttpResponse:
    document = access_application_document(request.user, pk, document_id)
    return file_response(document.file, document.name)
