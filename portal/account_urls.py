"""allauth's pages, without the open sign-up: people come by invitation or by applying."""

from django.urls import include, path

from members.views.identity import institution_sign_in, sign_in_through
from members.views.identity_proofs import confirm_through, set_first_password
from members.views.people import by_invitation
from members.views.proofs import (
    confirm_with_code,
    confirm_with_passkey,
    confirm_with_password,
)

urlpatterns = [
    path("signup/", by_invitation, name="account_signup"),  # instead of allauth's
    # Instead of allauth's, too:
    path("reauthenticate/", confirm_with_password, name="account_reauthenticate"),
    path("2fa/reauthenticate/", confirm_with_code, name="mfa_reauthenticate"),
    path("2fa/webauthn/reauthenticate/", confirm_with_passkey, name="mfa_reauthenticate_webauthn"),
    path("institution/", institution_sign_in, name="institution_sign_in"),
    path("institution/confirmation/", confirm_through, name="confirm_through"),
    path("password/set/", set_first_password, name="account_set_password"),  # instead of allauth's
    path("institution/<int:pk>/", sign_in_through, name="sign_in_through"),
    # `allauth.urls` without `allauth.socialaccount`'s: of that, only what is above is open.
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
