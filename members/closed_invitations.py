"""The answer to whoever comes by an invitation that does not open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import Invitation
from members.permissions.invitations import why_closed


def closed_invitation(request: HttpRequest, invited: Invitation | None) -> HttpResponse:
    """One page that says what is the matter and whom to ask. None: nobody knows of it."""
    reason = (why_closed(invited) or "refused") if invited else "unknown"
    return render(
        request,
        "members/invitation_closed.html",
        {"reason": reason, "invitation": invited},
        status=404 if invited is None else 410,
    )
