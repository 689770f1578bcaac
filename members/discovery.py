"""What an OpenID Connect provider says of itself (OpenID Connect Discovery 1.0)."""

from typing import Any

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from members.outside import NotOutsideError, check_address, session

NEEDED = ("authorization_endpoint", "token_endpoint")
IF_SAID = ("userinfo_endpoint", "jwks_uri")


class DiscoveryError(OAuth2Error):  # type: ignore[misc]  # allauth has no types
    """The provider cannot be used. `reason` is a word for `members/_discovery_reason.html`;
    `said`, where there is one, the issuer that it names instead.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.said = said


def discovered(issuer: str) -> dict[str, Any]:
    """The document at the issuer's address, checked: it is this issuer's, and all that we are going
    to ask or send people to is out in the world.

    Raises DiscoveryError.
    """
    try:
        check_address(issuer)
        with session() as asking:
            answer = asking.get(issuer.rstrip("/") + "/.well-known/openid-configuration")
            answer.raise_for_status()
            document = answer.json()
    except NotOutsideError as error:
        raise DiscoveryError("not_outside") from error
    except requests.exceptions.JSONDecodeError as error:
        raise DiscoveryError("no_document") from error
    except requests.RequestException as error:
        raise DiscoveryError("no_answer") from error
    if not isinstance(document, dict):
        raise DiscoveryError("no_document")
    if document.get("issuer") != issuer:
        raise DiscoveryError("another_issuer", str(document.get("issuer", ""))[:300])
    for name in (*NEEDED, *(name for name in IF_SAID if name in document)):
        try:
            check_address(str(document.get(name, "")))
        except NotOutsideError as error:
            raise DiscoveryError("bad_endpoint") from error
    if not isinstance(document.get("token_endpoint_auth_methods_supported", []), list):
        raise DiscoveryError("no_document")
    return document
