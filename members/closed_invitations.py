"""The answer to whoever comes by an invitation that does not open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import Invitation


def closed_invitation(
    request: HttpRequest, invited: Invitation | None, reason: str = ""
) -> HttpResponse:
    """One page that says what is the matter and whom to ask. `reason`: where the invitation has not
    one of its own; none: nobody knows of it.
    """
    reason = (invited.closed_because if invited else "unknown") or reason
    return render(
        request,
        "members/invitation_closed.html",
        {"reason": reason, "invitation": invited},
        status=404 if invited is None else 410,
    )
