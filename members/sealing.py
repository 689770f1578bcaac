"""Secrets that must be given away again as they were, and therefore cannot be kept as digests.

Sealed with what SECRET_KEY makes: a copy of the database alone opens none. Who changes SECRET_KEY
without naming the old one in SECRET_KEY_FALLBACKS has to enter them again.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"majlis sealed secret"


class SealBrokenError(Exception):
    """It was sealed with another SECRET_KEY."""


def seal(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def unsealed(sealed: str) -> str:
    """Raises SealBrokenError."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, PURPOSE).derive(key.encode())
