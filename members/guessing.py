"""How often passwords and codes may be guessed.

allauth counts both as `login_failed`, and at a right code of one's own, or a new password, deletes
the count of the address of origin with it: whoever has any account could go on guessing for
everybody else's. So that count is off (`ACCOUNT_RATE_LIMITS`), and this one takes back what was
right and nothing else. Passkeys are not guessed, and are not counted.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import KnownBrowser, User
from members.throttle import Bound, network_of, take

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
CODES_AN_HOUR, CODES_A_DAY = 10, 30
TOTP_DIGITS = 6


def count_password(origin: str) -> list[str] | None:
    """By address of origin and never by account: else anybody could lock a delegate out from
    afar. None: one too many.
    """
    return take(*_from(origin, "password"))


def count_code(user: User, code: str, *, origin: str, token: str) -> list[str]:
    """Whoever gets here has said the password; with a million codes, addresses enough would do.

    So codes are counted by account too, yet never so that who knows the password shuts its person
    out: each browser in which they have signed in (`token`) has a count of its own, recovery codes
    have another, and a new password begins anew. Returns what is given back for a right one.

    Raises ValidationError.
    """
    counted = take(*_from(origin, "code"), *_of(user, code, token))
    if counted is None:
        raise ValidationError(
            _(
                "Too many wrong codes. Try again later, with a passkey, or in a browser in which "
                "you have signed in before; or set a new password."
            ),
            code="too_many_codes",
        )
    return counted


def _from(origin: str, what: str) -> list[Bound]:
    network = network_of(origin)
    return [
        Bound(f"guessed-{what}", network, settings.GUESSES_A_MINUTE, MINUTE),
        Bound(f"guessed-{what}", network, settings.GUESSES_AN_HOUR, HOUR),
    ]


def _of(user: User, code: str, token: str) -> list[Bound]:
    digits = sum(sign.isdigit() for sign in code)
    kind = "code" if digits <= TOTP_DIGITS else "recovery"
    known = bool(token) and KnownBrowser.objects.of(user, token).exists()
    by = f"{user.pk}:{user.get_session_auth_hash()}:{token if known else ''}"
    return [
        Bound(f"account-{kind}", by, CODES_AN_HOUR, HOUR),
        Bound(f"account-{kind}", by, CODES_A_DAY, DAY),
    ]
