from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.actions.profiles import change_profile
from members.forms.profiles import ProfileForm
from members.http import mandate_of, person
from members.permissions import access_delegation, can_change_profile


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What an institution says of itself, for those who manage it; its delegates may not write."""
    institution = access_delegation(request.user, pk)
    if not can_change_profile(request.user, institution):
        raise PermissionDenied
    form = ProfileForm(request.POST if request.method == "POST" else None, institution=institution)
    if not form.is_valid():
        return render(
            request,
            "members/profile.html",
            {"institution": institution, "form": form},
            status=422 if form.is_bound else 200,
        )
    change_profile(
        institution=institution,
        **form.values(),
        actor=person(request),
        mandate=mandate_of(request),
    )
    messages.success(request, _("The profile is saved."))
    return redirect("members:institution", pk)
