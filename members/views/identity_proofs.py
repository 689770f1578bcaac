"""What an institution's provider proves besides a sign-in: an invited address, who is there."""

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import password_set
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.http import person, prove_again, stopped_at, waits_too_long
from members.models import Invitation, User
from members.permissions.identity import accepts_through, vouches_for
from members.permissions.invitations import why_closed
from members.views.identity import may_go_on, sent_on


@require_http_methods(["GET", "POST"])
@never_cache
def accept_through(request: HttpRequest, token: str) -> HttpResponse:
    """To the provider of the institution that invites; the way back makes the account. Whatever is
    the matter, the page of the invitation says.
    """
    invited = Invitation.objects.by_token(token)
    identity = None
    if invited and not why_closed(invited) and User.objects.of_email(invited.email) is None:
        identity = accepts_through(invited)
    if request.method == "GET" or request.user.is_authenticated or identity is None:
        return redirect("members:invitation", token)
    if not may_go_on(request):
        return render(request, "429.html", status=429)
    response = sent_on(request, identity, invitation=invited)
    response["Referrer-Policy"] = "strict-origin"  # as the page of the invitation
    return response


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def confirm_through(request: HttpRequest) -> HttpResponse:
    """Before a grave act of who has neither password nor second factor: they sign in once more."""
    identity = vouches_for(person(request))
    if identity is None:
        return redirect("account_reset_password")
    if request.method == "GET":
        next_url = get_next_redirect_url(request)
        waits = bool(next_url) and stopped_at(request) == next_url and not waits_too_long(request)
        context = {"institution": identity.institution, "next": next_url, "waits": waits}
        return render(request, "members/identity_confirm.html", context)
    if not may_go_on(request):
        return render(request, "429.html", status=429)
    return sent_on(request, identity, confirms=person(request))


@login_required
def set_first_password(request: HttpRequest) -> HttpResponse:
    """allauth's page, which asks for no proof. No password waits for it: it is typed again."""
    if not person(request).has_usable_password():
        prove_again(request, keeps=False)
    response: HttpResponse = password_set(request)
    return response
