"""Signing in and the account itself, and what stands beside every page."""

from tests.factories import PASSWORD
from tests.portal.rights.row import ALL_M, ALL_N, ALL_O, ALL_R, OWN_M, OWN_N, OWN_O, OWN_R, Row
from tests.portal.rights_things import TWICE, always, always_one, kr

ROWS: dict[str, Row] = {
    "root": Row(ALL_R, ALL_M),
    "set_language": Row(ALL_M, ALL_R, data=always(language="fr", next="/en/members/")),
    "health": Row(ALL_O, ALL_M),
    "service_worker": Row(ALL_O, ALL_M),
    "favicon": Row(ALL_R, ALL_M),
    "sitemap": Row(ALL_O, ALL_M),
    "robots": Row(ALL_O, ALL_M),
    "security_txt": Row(ALL_N, ALL_M),  # nobody is named in the tests' settings
    "signing_keys": Row(ALL_O, ALL_M),
    "signed_heads": Row(ALL_O, ALL_M),
    # With a provider that is there: tests/members/test_identity_sign_in.py.
    "institution_sign_in": Row("orrrrrrrrr", "urrrrrrrrr", data=always(email="a@kr.example")),
    "sign_in_through": Row(ALL_N, ALL_N, kr),
    "institution_callback": Row(ALL_N, ALL_M, kr),
    # With one: tests/members/test_identity_acceptance.py.
    "members:accept_through": Row(ALL_R, ALL_R, lambda w: (w.invitation.token,)),
    "confirm_through": Row(OWN_R, OWN_R),
    "account_signup": Row(ALL_O, ALL_M),
    "account_login": Row(
        "orrrrrrrrr", ALL_R, data=always(login="bilal@example.org", password=PASSWORD)
    ),
    "account_logout": Row("rooooooooo", ALL_R),
    "account_inactive": Row(ALL_O, ALL_M),
    "account_reauthenticate": Row(OWN_O, OWN_R, data=always(password=PASSWORD)),
    "account_email": Row(OWN_O, OWN_R, data=always(email="other@example.org", action_add="")),
    "account_email_verification_sent": Row(ALL_O, ALL_M),
    "account_change_password": Row(OWN_O, OWN_R, data=always(oldpassword=PASSWORD, **TWICE)),
    "account_set_password": Row(OWN_R, OWN_R, data=always(**TWICE)),
    "account_reset_password": Row(ALL_O, ALL_R, data=always(email="bilal@example.org")),
    "account_confirm_login_code": Row(OWN_R, OWN_R, data=always(code="123456")),
    "account_confirm_email": Row(ALL_O, "nnnnnnnnnn", args=lambda w: ("abc:def",)),
    "account_reset_password_from_key_done": Row(ALL_O, ALL_M),
    "account_reset_password_from_key": Row(
        ALL_R, ALL_R, args=lambda w: w.reset, data=always(**TWICE)
    ),
    "account_reset_password_done": Row(ALL_O, ALL_M),
    "mfa_index": Row(OWN_O, OWN_M),
    "mfa_authenticate": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_reauthenticate": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_activate_totp": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_deactivate_totp": Row(OWN_N, OWN_N),
    "mfa_view_recovery_codes": Row(OWN_N, OWN_M),
    "mfa_generate_recovery_codes": Row(OWN_R, OWN_R),
    "mfa_download_recovery_codes": Row(OWN_N, OWN_N),
    "mfa_list_webauthn": Row(OWN_O, OWN_M),
    "mfa_add_webauthn": Row(OWN_R, OWN_R, data=always(name="Key", credential="{}")),
    "mfa_reauthenticate_webauthn": Row(OWN_R, OWN_R, data=always(credential="{}")),
    "mfa_remove_webauthn": Row(OWN_R, OWN_R, always_one),
    "mfa_edit_webauthn": Row(OWN_R, OWN_R, always_one, always(name="Key")),
    "mfa_login_webauthn": Row(OWN_R, OWN_R, data=always(credential="{}")),
    "usersessions_list": Row(OWN_O, OWN_R),
}
