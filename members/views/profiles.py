"""What an institution says of itself: written by those who manage it, with its history."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions.profiles import (
    change_logo,
    change_profile,
    take_back_profile,
)
from members.actions.proposals import StaleProfileError
from members.forms.profiles import LogoForm, ProfileForm, VersionForm
from members.http import acting_for
from members.models import Field, Institution, ProfileProposal, ProfileVersion
from members.permissions import (
    access_delegation,
    access_logo,
    access_profile_version,
    can_change_profile,
)
from members.permissions.releases import can_release_profiles, must_wait
from members.profile_changes import changed_labels, profile_changes
from records.http import picture_response


def _to_change(request: HttpRequest, pk: int) -> Institution:
    """The institution, for those who manage it; its delegates may not write."""
    institution = access_delegation(request.user, pk)
    if not can_change_profile(request.user, institution):
        raise PermissionDenied
    return institution


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands, or what its own people have proposed and go on from."""
    institution = _to_change(request, pk)
    proposal = None
    if not can_release_profiles(request.user):
        proposal = institution.profile_proposals.open().for_display().first()
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        institution=institution,
        fields=list(Field.objects.in_order()),
        proposal=proposal,
    )
    if not form.is_valid():
        return _page(request, institution, form, proposal, status=422 if form.is_bound else 200)
    seen = form.cleaned_data["version"]
    try:
        kept = change_profile(
            institution=institution,
            said=form.said(),
            version=seen,
            proposal=form.cleaned_data["proposal"] or 0,
            **acting_for(request, pk),
        )
    except StaleProfileError as error:
        form.take_version(error.version)
        form.take_proposal(error.proposal or proposal)
        stands, changes = _meanwhile(institution, error, seen)
        return _page(
            request,
            institution,
            form,
            proposal,
            status=409,
            stale=True,
            stands=stands,
            changes=changes,
        )
    return _saved(request, kept)


def _saved(request: HttpRequest, kept: Institution | ProfileProposal) -> HttpResponse:
    """Say whether it is published, or waits."""
    if isinstance(kept, ProfileProposal):
        messages.success(request, _("It is kept, and waits for the release by the secretariat."))
        return redirect("members:profile_proposal", kept.institution_id, kept.number)
    messages.success(request, _("The profile is saved."))
    return redirect("members:institution", kept.pk)


def _meanwhile(
    institution: Institution, error: StaleProfileError, seen: int
) -> tuple[ProfileVersion | ProfileProposal | None, list[Any]]:
    """What somebody else has saved, and what of it is another than what stood."""
    if error.proposal:
        names = Field.objects.names_by_number()
        new = error.proposal.contents
        return error.proposal, profile_changes(institution.contents, new, names, drafts=True)
    stands = institution.profile_versions.in_order().with_logos().find(error.version)
    opened = institution.profile_versions.with_logos().find(seen)
    return stands, _changes(opened, stands, drafts=True) if opened and stands else []


def _page(
    request: HttpRequest,
    institution: Institution,
    form: ProfileForm,
    proposal: ProfileProposal | None,
    *,
    status: int,
    **more: Any,
) -> HttpResponse:
    context = {
        "institution": institution,
        "form": form,
        "proposal": proposal,
        "waits": must_wait(request.user),
        "waiting": None if proposal else institution.profile_proposals.waiting().first(),
        **more,
    }
    return render(request, "members/profile.html", context, status=status)


def _changes(old: ProfileVersion, new: ProfileVersion, *, drafts: bool) -> list[Any]:
    names = Field.objects.names_by_number()
    return profile_changes(old.contents, new.contents, names, drafts=drafts)


@require_http_methods(["GET", "POST"])
@login_required
def profile_logo(request: HttpRequest, pk: int) -> HttpResponse:
    institution = _to_change(request, pk)
    form = LogoForm(request.POST, request.FILES) if request.method == "POST" else LogoForm()
    if not form.is_valid():
        context = {
            "institution": institution,
            "form": form,
            "waits": must_wait(request.user),
            "proposal": institution.profile_proposals.open().for_display().first(),
        }
        status = 422 if form.is_bound else 200
        return render(request, "members/profile_logo.html", context, status=status)
    upload = form.cleaned_data["logo"]
    kept = change_logo(institution=institution, upload=upload, **acting_for(request, pk))
    return _logo_saved(request, kept, _("The logo is shown from now on."))


@require_POST
@login_required
def remove_logo(request: HttpRequest, pk: int) -> HttpResponse:
    kept = change_logo(institution=_to_change(request, pk), upload=None, **acting_for(request, pk))
    return _logo_saved(request, kept, _("The institution is shown without a logo."))


def _logo_saved(
    request: HttpRequest, kept: Institution | ProfileProposal, said: str
) -> HttpResponse:
    if isinstance(kept, ProfileProposal):
        return _saved(request, kept)
    messages.success(request, said)
    return redirect("members:profile_logo", kept.pk)


@require_GET
def logo(request: HttpRequest, pk: str, sha256: str) -> StreamingHttpResponse:
    stored, public = access_logo(request.user, int(pk), sha256)
    return picture_response(stored, public=public)


@require_GET
@login_required
def profile_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, and when: for the delegation and the secretariat."""
    institution = access_delegation(request.user, pk)
    versions = list(institution.profile_versions.in_order().with_logos())
    befores = [*versions[1:], None] if versions else []
    context = {
        "institution": institution,
        "manages": can_change_profile(request.user, institution),
        "lines": [
            {
                "version": version,
                "changed": changed_labels(before.contents, version.contents) if before else [],
            }
            for version, before in zip(versions, befores, strict=True)
        ],
    }
    return render(request, "members/profile_versions.html", context)


@require_GET
@login_required
def profile_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What one version changed, and the way back to it."""
    version = access_profile_version(request.user, pk, number)
    institution = version.institution
    before = institution.profile_versions.with_logos().find(number - 1)
    manages = can_change_profile(request.user, institution)
    context = {
        "institution": institution,
        "version": version,
        "before": before,
        "changes": _changes(before, version, drafts=manages) if before else [],
        "manages": manages,
        "may_take_back": manages and number != institution.profile_version,
        "waits": must_wait(request.user),
    }
    return render(request, "members/profile_version.html", context)


@require_POST
@login_required
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    _to_change(request, pk)
    to = access_profile_version(request.user, pk, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return redirect("members:profile_version", pk, number)
    try:
        kept = take_back_profile(
            to=to, version=form.cleaned_data["version"], **acting_for(request, pk)
        )
    except StaleProfileError as error:
        messages.error(request, error.messages[0])
        return redirect("members:profile_versions", pk)
    if isinstance(kept, ProfileProposal):
        return _saved(request, kept)
    messages.success(request, _("The profile stands as it did then. This is a new version."))
    return redirect("members:profile_versions", pk)
