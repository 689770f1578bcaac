"""Applications as the secretariat sees them: the queue, the dossier, and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import applications as actions
from members.actions.applications import WrongStateError
from members.actions.completeness import IncompleteReviewError
from members.actions.people import AccountClosedError
from members.audit import described
from members.enums import APPLICATION_TRANSITIONS, ApplicationState, QueueTab
from members.enums_lists import BulkAct, FileKind, Listing
from members.forms.applications import LapseForm, RecommendationForm
from members.forms.information_requests import QuestionForm
from members.forms.lists import QueueListForm
from members.http import acting_as_office, person, prove_again
from members.models import Application, SavedFilter
from members.models.applications import ApplicationQuerySet
from members.paging import BoundedPaginator
from members.permissions import is_secretariat
from members.permissions.applications import access_application, access_dossier, can_review
from records.models import AuditEntry

PAGE = 25


def queue_page(request: HttpRequest, own: ApplicationQuerySet) -> HttpResponse | None:
    """The queue, the longest waiting first; None for whoever is not of the secretariat."""
    if not is_secretariat(request.user):
        return None
    return list_page(request, QueueListForm(request.GET), own=own)


def list_page(
    request: HttpRequest,
    form: QueueListForm,
    *,
    own: ApplicationQuerySet | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The queue as `form` narrows it. Asks no right."""
    counts = form.narrowed().counts_by_tab()
    tabs = [
        {
            "url": f"?{form.query_with(tab=tab.value)}",
            "label": tab.label,
            "count": counts[tab],
            "current": tab == form.part,
        }
        for tab in QueueTab
    ]
    found = form.found()
    context = {
        "form": form,
        "tabs": tabs,
        "page": BoundedPaginator(found, found, PAGE).get_page(form.data.get("page")),
        "own": own,
        "refusal": refusal,
        "acts": [BulkAct.REVIEW] if form.part == QueueTab.TO_DO else [],
        "kinds": FileKind,
        "saved": SavedFilter.objects.of_list(Listing.APPLICATIONS).seen_by(person(request).pk),
        "listing": Listing.APPLICATIONS,
    }
    return render(request, "members/application_queue.html", context, status=status)


def dossier_page(
    request: HttpRequest, shown: Application, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """Everything about an application, and the steps that its state allows to this person."""
    if bound:  # a colleague may have changed it meanwhile
        shown = access_application(request.user, shown.pk)
    may = APPLICATION_TRANSITIONS[shown.state] if can_review(request.user, shown) else frozenset()
    context = {
        "application": shown,
        "may_start": ApplicationState.UNDER_REVIEW in may,
        "may_ask": ApplicationState.INFORMATION_REQUESTED in may,
        "may_recommend": ApplicationState.RECOMMENDED in may,
        "may_activate": ApplicationState.ACTIVE in may,
        "may_lapse": ApplicationState.LAPSED in may,
        "question_form": QuestionForm(application=shown),
        "recommendation_form": RecommendationForm(),
        "timeline": described(list(AuditEntry.objects.about(shown))),
        "conflict": "",
        **bound,
    }
    return render(request, "members/application_dossier.html", context, status=status)


def _step(
    request: HttpRequest, pk: int, act: Callable[..., Application], done: str
) -> HttpResponse:
    """A step without a form. Repeated, it says so and does nothing."""
    shown = access_dossier(request.user, pk)
    try:
        act(application=shown, **acting_as_office(request))
    except (WrongStateError, AccountClosedError) as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect("members:application", pk)


@require_POST
@login_required
def start_review(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, actions.start_review, _("The application is under review."))


@require_POST
@login_required
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    can_be = ApplicationState.ACTIVE in APPLICATION_TRANSITIONS[shown.state]
    if can_be and can_review(request.user, shown):
        prove_again(request)
    return _step(
        request,
        pk,
        actions.activate_application,
        _("The membership is active. The contact is now the national focal point."),
    )


@require_POST
@login_required
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = RecommendationForm(request.POST, sought=shown.membership_class)
    if not form.is_valid():
        return dossier_page(request, shown, status=422, recommendation_form=form)
    try:
        actions.recommend_application(
            application=shown,
            favourable=form.cleaned_data["favourable"],
            reasons=form.cleaned_data["reasons"],
            incomplete_because=form.cleaned_data["incomplete_because"],
            proposed_class=form.cleaned_data["proposed_class"],
            class_reason=form.cleaned_data["class_reason"],
            **acting_as_office(request),
        )
    except IncompleteReviewError as error:
        form.add_error("incomplete_because", error)
        return dossier_page(request, shown, status=422, recommendation_form=form)
    except WrongStateError as error:
        return dossier_page(
            request, shown, status=409, recommendation_form=form, conflict=error.messages[0]
        )
    messages.success(request, _("The review is closed with this recommendation."))
    return redirect("members:application", pk)


@require_http_methods(["GET", "POST"])
@login_required
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an admission lapse that the institution makes nothing of."""
    shown = access_dossier(request.user, pk)
    form = LapseForm(
        request.POST if request.method == "POST" else None, initial={"seen": shown.state}
    )
    refused, status = "", 200
    if form.is_bound and form.is_valid():
        prove_again(request)
        try:
            actions.let_admission_lapse(
                application=shown, **form.cleaned_data, **acting_as_office(request)
            )
        except WrongStateError as error:
            refused, status = error.messages[0], 409
            shown = access_dossier(request.user, pk)
        else:
            messages.success(request, _("The admission has lapsed. The applicant is told why."))
            return redirect("members:application", pk)
    elif form.is_bound:
        status = 422
    may = ApplicationState.LAPSED in APPLICATION_TRANSITIONS[shown.state]
    if not form.is_bound and not may:
        status = 409
    context = {
        "application": shown,
        "form": form,
        "may_lapse": may and not refused,
        "refused": refused,
        "unsent": form.data.get("reason", "") if refused else "",
    }
    return render(request, "members/application_lapse.html", context, status=status)
