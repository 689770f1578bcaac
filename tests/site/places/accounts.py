"""Signing in, second factors, and what belongs to the account."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str

from members.models import User
from tests.portal.rights.front import TABLES
from tests.site.places.place import PROVED, Place
from tests.site.things.institutions import korea, nigeria
from tests.site.things.people import invitation


def reset() -> tuple[str, str]:
    user = User.objects.get(email="delegate.ng@demo.example")
    return user_pk_to_url_str(user), default_token_generator.make_token(user)


def unproved() -> tuple[str]:
    return (EmailConfirmationHMAC(EmailAddress.objects.order_by("pk")[0]).key,)


PLACES: dict[str, list[Place]] = {
    "sign_in_through": [Place(korea, answers="orr")],
    "institution_callback": [Place(korea, answers="f--")],  # as if from a provider, unasked
    "admin:app_list": [Place(lambda: ("members",))],
    **{f"admin:{table}_change": [Place(lambda: (1,))] for table in TABLES},
    "members:identity_provider": [
        Place(korea, **PROVED),
        Place(nigeria, state="none", **PROVED),
    ],
    "members:check_identity_provider": [Place(korea)],
    "account_login": [
        Place(),
        Place(state="next", query="?next=/en/rooms/", answers="orr"),
    ],
    "account_confirm_email": [
        Place(unproved, answers="o--"),  # it signs out who is somebody else
        Place(lambda: ("abc:def",), state="unknown"),
    ],
    "account_reset_password_from_key": [
        Place(reset, answers="r--"),
        Place(lambda: ("zz", "abc-def"), state="unknown", answers="ooo"),
    ],
    "mfa_index": [Place(also=("guarded",))],
    "mfa_authenticate": [Place(also=("half",))],
    "mfa_activate_totp": [Place(asks_password=True, answers="loo")],
    "mfa_deactivate_totp": [Place(asks_password=True, also=("guarded",))],
    "mfa_view_recovery_codes": [Place(asks_password=True, also=("guarded",))],
    "mfa_generate_recovery_codes": [Place(asks_password=True, also=("guarded",), answers="loo")],
    "mfa_download_recovery_codes": [Place(asks_password=True, also=("guarded",))],
    "members:calendar_feed": [
        Place(asks_password=True, answers="loo"),
    ],
    "members:calendar_feed_file": [Place(lambda: ("no-such-token",))],
    "members:accept_through": [Place(invitation("new.person@kr.demo.example"))],
    "members:end_session": [Place(lambda: (987_654,))],
    "mfa_add_webauthn": [Place(asks_password=True, answers="loo")],
    "mfa_edit_webauthn": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
    "mfa_remove_webauthn": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
}
