"""Profiles that wait for the secretariat's release, and the rule that lets them wait."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions.releases import release_profile, return_profile, settle_release_rule
from members.forms.profiles import VersionForm
from members.forms.standing import ReasonsForm
from members.http import acting_as_office, secretariat_only
from members.models import Field, ProfileProposal, ReleaseRule
from members.permissions.releases import access_proposal, can_release_profiles
from members.profile_changes import changed_labels, profile_changes


@require_GET
@secretariat_only
def profile_releases(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first, and the rule."""
    waiting = ProfileProposal.objects.waiting().for_display().longest_first()
    lines = [
        {"proposal": each, "changed": changed_labels(stands_of(each), each.contents)}
        for each in waiting.prefetch_related("institution__fields_of_work")
    ]
    context = {"lines": lines, "is_on": ReleaseRule.holds()}
    return render(request, "members/profile_releases.html", context)


@require_POST
@secretariat_only
def settle_rule(request: HttpRequest) -> HttpResponse:
    """`waits`: "yes", or anything else for a network that releases nothing."""
    rule = settle_release_rule(
        is_on=request.POST.get("waits") == "yes", **acting_as_office(request)
    )
    if rule.is_on:
        messages.success(request, _("From now on, changes to profiles wait for the release."))
    else:
        messages.success(request, _("From now on, changes to profiles are published at once."))
    return redirect("members:profile_releases")


@require_GET
@login_required
def proposal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _page(request, access_proposal(request.user, pk, number))


@require_POST
@login_required
def release(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _to_decide(request, pk, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return redirect("members:profile_proposal", pk, number)
    try:
        release_profile(
            proposal=found, version=form.cleaned_data["version"], **acting_as_office(request)
        )
    except ValidationError as error:
        found = access_proposal(request.user, pk, number)
        return _page(request, found, status=409, conflict=error.messages[0])
    messages.success(request, _("The profile is published. Who proposed it is told by e-mail."))
    return redirect("members:profile_releases")


@require_POST
@login_required
def give_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _to_decide(request, pk, number)
    form = ReasonsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    try:
        return_profile(
            proposal=found, reasons=form.cleaned_data["reasons"], **acting_as_office(request)
        )
    except ValidationError as error:
        found = access_proposal(request.user, pk, number)
        return _page(request, found, status=409, conflict=error.messages[0], form=form)
    messages.success(request, _("The changes are returned. Who proposed them is told by e-mail."))
    return redirect("members:profile_releases")


def _to_decide(request: HttpRequest, pk: int, number: int) -> ProfileProposal:
    """For the secretariat; who proposed it may not decide on it."""
    found = access_proposal(request.user, pk, number)
    if not can_release_profiles(request.user):
        raise PermissionDenied
    return found


def _page(
    request: HttpRequest, found: ProfileProposal, *, status: int = 200, **more: Any
) -> HttpResponse:
    """What it would change; once it is settled, what it had changed cannot be told any more."""
    decides = found.is_waiting and can_release_profiles(request.user)
    names = Field.objects.names_by_number()
    stands = stands_of(found)
    context = {
        "institution": found.institution,
        "proposal": found,
        "changes": profile_changes(stands, found.contents, names, drafts=True),
        "is_overtaken": found.is_waiting
        and found.seen_version != found.institution.profile_version,
        "decides": decides,
        "releases": can_release_profiles(request.user),
        "others": found.institution.profile_proposals.in_order(),
        "form": ReasonsForm() if decides else None,
        **more,
    }
    return render(request, "members/profile_proposal.html", context, status=status)


def stands_of(found: ProfileProposal) -> dict[str, Any]:
    """The profile that is published, beside which the proposal is read."""
    return found.institution.contents
