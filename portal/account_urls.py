"""allauth's pages, without the open sign-up: people come by invitation or by applying."""

from django.urls import include, path

from members.views.passkeys import confirm_with_passkey
from members.views.people import by_invitation

urlpatterns = [
    path("signup/", by_invitation, name="account_signup"),  # instead of allauth's
    path(
        "2fa/webauthn/reauthenticate/", confirm_with_passkey, name="mfa_reauthenticate_webauthn"
    ),  # instead of allauth's
    path("", include("allauth.urls")),
]
