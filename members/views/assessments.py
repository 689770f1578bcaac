"""The review of an application: its checklist, reviewers, notes and recommendations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import checklists, reviewers
from members.actions.applications import WrongStateError
from members.forms.reviews import (
    AdviceForm,
    AssignForm,
    ConflictForm,
    GuideForm,
    NoteForm,
    ReviewDayForm,
    TickForm,
)
from members.http import acting, acting_as_office, person, prove_again, secretariat_only
from members.models import DossierFile, Recommendation, Reviewer, ReviewGuide, ReviewNote, User
from members.network import languages_with
from members.permissions.reviews import (
    Assessment,
    access_assessment,
    access_assessment_of_office,
    access_own_review,
    out_of_reach,
    reviewers_to_choose,
)
from members.review_guide_changes import guide_changes
from members.review_summary import checked_points, summary_of
from records.forms import take_version
from records.text import neutral

CONFLICT = 409


@require_GET
@login_required
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_assessment(request.user, pk))


def _page(
    request: HttpRequest, shown: Assessment, *, status: int = 200, refused: str = "", **bound: Any
) -> HttpResponse:
    """What the person may see of the review, as it stands now. `bound`: a form that was refused."""
    if bound or refused:
        shown = access_assessment(request.user, shown.application.pk)
    user, application = person(request), shown.application
    context: dict[str, Any] = {
        "assessment": shown,
        "application": application,
        "reviewer": shown.reviewer,
        "refused": refused,
    }
    if shown.may_read:
        guide = ReviewGuide.objects.current()
        points = checked_points(application.pk, guide)
        given = Recommendation.objects.of_application(application.pk).readable_by(
            user.pk, of_secretariat=shown.of_office
        )
        summary = summary_of(given)
        own = next((o for o in summary.opinions if o.reviewer.user_id == user.pk), None)
        asked = list(Reviewer.objects.for_display(application.pk))
        context |= {
            "guide": guide,
            "points": points,
            "met": sum(point.is_met for point in points),
            "reviewers": asked,
            "notes": ReviewNote.objects.for_page(application.pk).readable_by(user.pk),
            "summary": summary,
            "is_hidden": shown.reviewer is not None and own is None,
            "own": own,
            "dossiers": DossierFile.objects.of(application.pk, user.pk),
            "languages": languages_with({user.language}),
        }
        if shown.of_office:
            context["out_of_reach"] = out_of_reach(asked)
        if shown.may_tick:
            context["assign_form"] = AssignForm(mandates=reviewers_to_choose(application))
        if shown.may_declare:
            context["conflict_form"] = ConflictForm()
        if shown.may_write:
            context |= {
                "note_form": NoteForm(),
                "advice_form": AdviceForm(guide=guide, last=own.given if own else None),
            }
    return render(request, "members/assessment.html", context | bound, status=status)


def _refused(
    request: HttpRequest, shown: Assessment, error: ValidationError, **bound: Any
) -> HttpResponse:
    return _page(request, shown, status=CONFLICT, refused=error.messages[0], **bound)


@require_POST
@login_required
def tick(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    shown = access_assessment_of_office(request.user, pk)
    form = TickForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        typed = neutral(request.POST.get("remark", ""))
        return _page(request, shown, status=422, refused=str(first), unsent=typed)
    try:
        checklists.tick_point(
            application=shown.application,
            key=key,
            is_met=form.cleaned_data["met"] == "yes",
            remark=form.cleaned_data["remark"],
            seen=form.cleaned_data["seen"],
            **acting_as_office(request),
        )
    except ValidationError as error:
        if error.code == "no_point":
            raise Http404 from error
        return _refused(request, shown, error, unsent=form.cleaned_data["remark"])
    return redirect(f"{_address(pk)}#point-{key}")


def _address(pk: int) -> str:
    return reverse("members:assessment", args=[pk])


@require_POST
@login_required
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_assessment_of_office(request.user, pk)
    form = AssignForm(request.POST, mandates=reviewers_to_choose(shown.application))
    if not form.is_valid():
        return _page(request, shown, status=422, assign_form=form)
    user = User.objects.numbered(form.cleaned_data["person"])
    if user is None:
        raise Http404
    try:
        reviewers.assign_reviewer(
            application=shown.application,
            user=user,
            due_on=form.cleaned_data["due_on"],
            **acting_as_office(request),
        )
    except ValidationError as error:
        return _refused(request, shown, error)
    messages.success(request, _("The person is asked to review, and told by e-mail."))
    return redirect("members:assessment", pk)


@require_POST
@login_required
def change_day(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """`due_on`: until when a reviewer is asked; empty for no day."""
    shown = access_assessment_of_office(request.user, pk)
    user = User.objects.numbered(user_id)
    if user is None or not Reviewer.objects.find(pk, user.pk):
        raise Http404
    form = ReviewDayForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, refused=str(form.errors["due_on"][0]))
    try:
        reviewers.change_review_day(
            application=shown.application,
            user=user,
            due_on=form.cleaned_data["due_on"],
            **acting_as_office(request),
        )
    except ValidationError as error:
        return _refused(request, shown, error)
    messages.success(request, _("The day is kept."))
    return redirect(f"{_address(pk)}#reviewers")


@require_POST
@login_required
def release(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    shown = access_assessment_of_office(request.user, pk)
    user = User.objects.numbered(user_id)
    if user is None or not Reviewer.objects.find(pk, user.pk):
        raise Http404
    try:
        reviewers.release_reviewer(
            application=shown.application, user=user, **acting_as_office(request)
        )
    except ValidationError as error:
        return _refused(request, shown, error)
    messages.success(request, _("The person is a reviewer of this application no longer."))
    return redirect("members:assessment", pk)


@require_POST
@login_required
def declare_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_own_review(request.user, pk)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, conflict_form=form)
    try:
        reviewers.declare_conflict(
            application=shown.application, reason=form.cleaned_data["reason"], **acting(request)
        )
    except WrongStateError as error:
        return _refused(request, shown, error, unsent=form.cleaned_data["reason"])
    messages.success(request, _("The conflict of interest is declared. The secretariat is told."))
    return redirect("members:assessment", pk)


@require_POST
@login_required
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_own_review(request.user, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, note_form=form)
    try:
        reviewers.write_note(
            application=shown.application,
            body=form.cleaned_data["body"],
            client_id=form.cleaned_data["client_id"],
            **acting(request),
        )
    except ValidationError as error:
        return _refused(request, shown, error, unsent=form.cleaned_data["body"])
    return redirect(f"{_address(pk)}#notes")


@require_POST
@login_required
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_own_review(request.user, pk)
    form = AdviceForm(request.POST, guide=ReviewGuide.objects.current(), last=None)
    if not form.is_valid():
        return _page(request, shown, status=422, advice_form=form)
    try:
        reviewers.give_recommendation(
            application=shown.application,
            advice=form.cleaned_data["advice"],
            membership_class=form.cleaned_data["membership_class"],
            reasons=form.cleaned_data["reasons"],
            scores=form.scores(),
            guide_version=form.cleaned_data["guide_version"],
            seen=form.cleaned_data["seen"],
            **acting(request),
        )
    except ValidationError as error:
        return _refused(request, shown, error, unsent=form.cleaned_data["reasons"])
    messages.success(
        request, _("Your recommendation is given. You can change it while the review goes on.")
    )
    return redirect("members:assessment", pk)


@require_http_methods(["GET", "POST"])
@secretariat_only
def review_guide(request: HttpRequest) -> HttpResponse:
    """The points and criteria by which all applications are reviewed."""
    guide = ReviewGuide.objects.current()
    form = GuideForm(request.POST if request.method == "POST" else None, guide=guide)
    context = {"form": form, "guide": guide}
    if not form.is_bound:
        return render(request, "members/review_guide.html", context)
    if not form.is_valid():
        return render(request, "members/review_guide.html", context, status=422)
    prove_again(request)
    try:
        checklists.save_guide(
            version=form.cleaned_data["version"],
            points=form.kept(form.points),
            criteria=form.kept(form.criteria),
            **acting(request),
        )
    except checklists.StaleError:
        guide = ReviewGuide.objects.current()
        take_version(form, guide.version)
        context |= {
            "guide": guide,
            "stale": True,
            "changes": guide_changes(
                (guide.points, guide.criteria),
                (form.kept(form.points), form.kept(form.criteria)),
            ),
        }
        return render(request, "members/review_guide.html", context, status=CONFLICT)
    messages.success(request, _("Kept. What was ticked and scored before is read as it was asked."))
    return redirect("members:review_guide")
