"""What allauth's pages of passkeys do otherwise here."""

from typing import Any

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpResponse


class ConfirmWithPasskeyView(ReauthenticateWebAuthnView):  # type: ignore[misc]  # no types
    """A passkey that is refused is asked for again; allauth leads to the home page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        context = {**self.get_context_data(), "form": form}
        response: HttpResponse = self.render_to_response(context, status=422)
        return response


confirm_with_passkey = ConfirmWithPasskeyView.as_view()
