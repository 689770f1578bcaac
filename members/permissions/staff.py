"""Who keeps the portal running. That gives no right in the network: rights come from mandates."""

from allauth.mfa.models import Authenticator

from members.models import User
from members.models.register import SECOND_FACTORS
from members.permissions.people import Someone


def is_technical_staff(user: Someone) -> bool:
    """Whether the person is one of them and has a second factor: without it, they are nobody."""
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())
