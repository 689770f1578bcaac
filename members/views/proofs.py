"""allauth's pages that ask for a proof once more, and what they do otherwise here."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateWithCodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from members.http import forget_stopped, person, stopped_at, waits_too_long


def given_up(request: HttpRequest, url: str | None) -> bool:
    """Whether what was posted at `url` has waited too long for the proof that came now: then it is
    forgotten, and the person told.
    """
    if not url or stopped_at(request) != url or not waits_too_long(request):
        return False
    forget_stopped(request)
    messages.warning(
        request,
        _("What you asked for waited too long and was not done. Please do it again."),
    )
    return True


class _InTime:
    """The proof counts in any case; allauth would do whatever waits, however late."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        is_late = given_up(self.request, get_next_redirect_url(self.request))
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        home = get_adapter().get_login_redirect_url(self.request)
        return redirect(home) if is_late else response


class ConfirmWithPasswordView(_InTime, ReauthenticateView):  # type: ignore[misc]  # no types
    """A password that was hashed by older rules is hashed anew when it is given. The web session is
    bound to the hash and would end with the old one.
    """

    def form_valid(self, form: Any) -> HttpResponse:
        user = person(self.request)
        user.refresh_from_db(fields=["password"])
        self.request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return super().form_valid(form)


class ConfirmWithCodeView(_InTime, ReauthenticateWithCodeView):  # type: ignore[misc]
    pass


class ConfirmWithPasskeyView(_InTime, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey that is refused is asked for again; allauth leads to the home page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        context = {**self.get_context_data(), "form": form}
        response: HttpResponse = self.render_to_response(context, status=422)
        return response


confirm_with_password = ConfirmWithPasswordView.as_view()
confirm_with_code = ConfirmWithCodeView.as_view()
confirm_with_passkey = ConfirmWithPasskeyView.as_view()
