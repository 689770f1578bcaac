"""allauth's second factor, made the network's: whose passkeys they are, how they are called."""

from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext

from members.network import name_of_network


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A passkey is bound to the host's name for good: it is one of ORIGINS, whatever was asked."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        asked = context.request.get_host().partition(":")[0]
        hosts = [urlsplit(origin).hostname or "" for origin in settings.ORIGINS]
        return {
            "id": asked if asked in hosts else hosts[0],
            "name": f"Majlis – {name_of_network().text}",
        }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name for who gives none: it must tell this one from the others."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
