"""Who may issue statements of a delegation: set on the delegation's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.actions import statements
from members.http import acting_for
from members.permissions import access_delegation, access_mandate


@require_POST
@login_required
def allow_statements(request: HttpRequest, pk: int) -> HttpResponse:
    """`allowed`: "yes", or anything else to take the right back."""
    held = access_mandate(request.user, pk)
    allowed = request.POST.get("allowed") == "yes"
    statements.allow_statements(
        to=held, allowed=allowed, **acting_for(request, held.institution_id)
    )
    messages.success(request, _("The right to issue statements is settled."))
    return redirect("members:delegation", held.institution_id)


@require_POST
@login_required
def require_release(request: HttpRequest, pk: int) -> HttpResponse:
    """`required`: "yes", or anything else for no release."""
    institution = access_delegation(request.user, pk)
    statements.require_release(
        institution=institution,
        required=request.POST.get("required") == "yes",
        **acting_for(request, pk),
    )
    messages.success(request, _("How statements are issued is settled."))
    return redirect("members:delegation", pk)
