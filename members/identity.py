"""Signing in through an institution's own provider: allauth's OpenID Connect, made the network's.

The provider says who somebody is, and nothing else: no account is made, none is tied to it, and its
tokens are kept nowhere. Whom it lets in is asked anew each time (`permissions.identity.let_in`).
"""

import logging
import time
from typing import Any, NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.http import urlencode

from members.actions.invitations import InvitationClosedError, accept_invitation_as_new
from members.closed_invitations import closed_invitation
from members.discovery import discovered
from members.http import note_proof, stopped_at
from members.models import IdentityProvider, Invitation, User
from members.outside import session
from members.permissions.identity import accepts_through, is_address_of, let_in
from members.permissions.invitations import why_closed
from members.sealing import SealBrokenError

logger = logging.getLogger(__name__)
CLOCKS = 60  # seconds by which the provider's clock may be behind ours
STATUS = {"cancelled": 200, "failed": 502}  # of all other refusals: 403
NOT_WHAT_WAS_ASKED = (AttributeError, ImproperlyConfigured, KeyError, TypeError, ValueError)


class Proved(HttpResponseRedirect):
    """Who is signed in has been proved again; to where they were going."""


class InstitutionOAuth2Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # no types
    """The talk with one provider. Strangers' answers may be anything: what is not as the standard
    says is an OAuth2Error, which allauth answers by `on_authentication_error`.
    """

    def get_provider(self) -> "InstitutionProvider":
        if not hasattr(self, "_provider"):
            self._provider = super().get_provider()
        provider: InstitutionProvider = self._provider
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = discovered(self.get_provider().identity.issuer)
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(callback_path(int(self.provider_id)))

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        except NOT_WHAT_WAS_ASKED as error:
            raise OAuth2Error("no token") from error
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """For the moment of the sign-in alone."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """The `extra_data` of the result are the claims of the ID token. Where the userinfo names
        an address, that and whether it is proved are of the userinfo.
        """
        try:
            claims = self._decode_id_token(app, kwargs["response"]["id_token"])
            if "userinfo_endpoint" in self.openid_config:
                more = self._fetch_user_info(token.token)
                if more["sub"] != claims["sub"]:
                    raise OAuth2Error("the userinfo of somebody else")
                if "email" in more:
                    claims |= {key: more.get(key) for key in ("email", "email_verified")}
            return self.get_provider().sociallogin_from_response(request, claims)
        except NOT_WHAT_WAS_ASKED as error:
            raise OAuth2Error("no claims") from error


class InstitutionProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """The provider of one institution; its `sub_id` is the institution's number."""

    oauth2_adapter_class = InstitutionOAuth2Adapter
    pkce_enabled_default = True

    def __init__(self, request: HttpRequest, identity: IdentityProvider) -> None:
        self.identity = identity
        super().__init__(request, app=_as_app(identity))

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def serialize(self) -> dict[str, Any]:
        """For the web session, while a second factor is asked for."""
        return {**super().serialize(), "id": self.sub_id}


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Its providers are our `IdentityProvider`s; allauth's own tables stay empty."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> InstitutionProvider:
        """`provider`: the number of an institution. With `client_id` a sign-in goes on that waits
        for the second factor, even where the provider was turned off since.

        Raises SocialApp.DoesNotExist.
        """
        known = IdentityProvider.objects
        find = known.of_institution if client_id else known.open_to
        identity = find(int(provider)) if provider.isdecimal() else None
        if identity is None:
            raise SocialApp.DoesNotExist
        return InstitutionProvider(request, identity)

    def list_apps(self, *args: Any, **kwargs: Any) -> list[SocialApp]:
        return []

    def get_requests_session(self) -> requests.Session:
        return session()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """What the provider says of a person's name is not taken over."""
        user: User = sociallogin.user
        return user

    def serialize_instance(self, instance: Any) -> Any:
        """Of a person no more than who it is: the web session is no place for the rest."""
        if isinstance(instance, User):
            return {"pk": instance.pk}
        return super().serialize_instance(instance)

    def deserialize_instance(self, model: Any, data: Any) -> Any:
        if model is User:
            return User.objects.get(pk=data["pk"])
        return super().deserialize_instance(model, data)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Never by itself: `pre_social_login` has more to ask."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Put in whom the provider has vouched for, or refuse. Of who is signed in already it is
        only noted that they are there: their web session goes on, with what waits in it.
        """
        claims, identity = sociallogin.account.extra_data, sociallogin.provider.identity
        state, again = sociallogin.state, to_prove_again(request, sociallogin.state.get("next"))
        email = claims.get("email")
        nonce = state.get("nonce")
        if not nonce or not constant_time_compare(str(claims.get("nonce")), nonce):
            _refuse(request, identity, "expired", again)
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            _refuse(request, identity, "unverified", again)
        if not is_address_of(identity, email):
            _refuse(request, identity, "another_domain", again)
        digest = state.get("invitation")
        user = _accepted(request, identity, email, digest) if digest else let_in(identity, email)
        if user is None:
            _refuse(request, identity, "unknown", again)
        if "confirms" in state:
            if not user.pk == state["confirms"] == request.user.pk:
                _refuse(request, identity, "another_person", again)
            if not _is_anew(claims, since=state["asked_at"]):
                _refuse(request, identity, "remembered", again)
            note_proof(request)
            raise ImmediateHttpResponse(Proved(state.get("next") or "/"))
        sociallogin.user = user
        sociallogin.token, sociallogin.account.extra_data = None, {}  # nor are these needed more

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: InstitutionProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason, state = "failed", (extra_context or {}).get("state") or {}
        if error == AuthError.CANCELLED:
            reason = "cancelled"
        elif exception is None and not state:
            reason = "expired"  # or it never began here
        if reason == "failed":
            logger.warning(
                "Sign-in through the provider of institution %s: %s",
                provider.sub_id,
                type(exception).__name__,
            )
        _refuse(request, provider.identity, reason, to_prove_again(request, state.get("next")))


def begin(
    request: HttpRequest,
    identity: IdentityProvider,
    next_url: str | None,
    *,
    invitation: Invitation | None = None,
    confirms: User | None = None,
) -> str:
    """Where to send whoever is to sign in, with what the way back is known by kept in the web
    session. `invitation`: what the sign-in accepts, and makes the account for. `confirms`: who is
    signed in, and proves it again. Raises OAuth2Error, and RequestException.
    """
    nonce = get_random_string(32)
    asked, kept = {"nonce": nonce}, dict[str, Any](nonce=nonce)
    if invitation:
        kept["invitation"] = invitation.token_digest  # the link itself is kept nowhere
    if confirms:
        kept |= {"confirms": confirms.pk, "asked_at": time.time()}
        # Not by what the provider remembers of them. The first it may overlook, or the person take
        # out of the address; by the second it says when it was (OpenID Connect Core, 3.1.2.1).
        asked |= {"prompt": "login", "max_age": "0"}
    answer = InstitutionProvider(request, identity).redirect(
        request, AuthProcess.LOGIN, next_url, auth_params=asked, **kept
    )
    if not isinstance(answer, HttpResponseRedirect):
        raise OAuth2Error("no way to the provider")
    return answer.url


def callback_path(pk: int) -> str:
    """Where the provider sends people back to: outside the languages, so that it is one address."""
    return reverse("institution_callback", args=[pk])


def to_prove_again(request: HttpRequest, next_url: str | None = None) -> str:
    """Where whoever is signed in begins again; nothing for others. `next_url`: where they were
    going, if that is known, else to what waits for the proof.
    """
    if not request.user.is_authenticated:
        return ""
    target = next_url or stopped_at(request)
    query = "?" + urlencode({"next": target}) if target else ""
    return reverse("confirm_through") + query


def refusal(
    request: HttpRequest, identity: IdentityProvider, reason: str, again: str = ""
) -> HttpResponse:
    """`reason`: see the template. Whether an address is known here shows in none. `again`: where
    to begin again, else at the institution's own link.
    """
    request.META["QUERY_STRING"] = ""  # so that the provider's code stands in no link of the page
    context = {
        "institution": identity.institution,
        "reason": reason,
        "again": again,
        "is_kept": bool(stopped_at(request)),
    }
    status = STATUS.get(reason, 403)
    return render(request, "members/identity_refused.html", context, status=status)


def _refuse(
    request: HttpRequest, identity: IdentityProvider, reason: str, again: str = ""
) -> NoReturn:
    raise ImmediateHttpResponse(refusal(request, identity, reason, again))


def _is_anew(claims: dict[str, Any], since: float) -> bool:
    """Whether the person has signed in there since then. Not every provider says when they did,
    though it was asked (OpenID Connect Core, 3.1.3.7): of these it is believed.
    """
    if claims.get("auth_time") is None:
        return True
    try:
        return float(claims["auth_time"]) >= since - CLOCKS
    except (TypeError, ValueError, OverflowError):
        return False


def _accepted(request: HttpRequest, identity: IdentityProvider, email: str, digest: str) -> User:
    """The account that the invitation makes for this address, which has been proved."""
    invited = Invitation.objects.by_digest(digest)
    if invited is None or why_closed(invited):
        _closed(request, invited)
    again = reverse("members:invitation", args=[invited.token])
    if accepts_through(invited) != identity or invited.email != email.strip().lower():
        _refuse(request, identity, "another_person", again=again)
    try:
        return accept_invitation_as_new(
            invitation=invited,
            token=invited.token,
            name=invited.name,
            password=None,
            language=invited.language,
        )
    except InvitationClosedError:
        invited = Invitation.objects.by_digest(digest)
    if invited and not why_closed(invited) and User.objects.of_email(invited.email):
        raise ImmediateHttpResponse(HttpResponseRedirect(again))  # it signs in and accepts
    _closed(request, invited)


def _closed(request: HttpRequest, invited: Invitation | None) -> NoReturn:
    request.META["QUERY_STRING"] = ""
    raise ImmediateHttpResponse(closed_invitation(request, invited))


def _as_app(identity: IdentityProvider) -> SocialApp:
    """What allauth asks of a provider, never saved."""
    try:
        secret = identity.client_secret
    except SealBrokenError:
        logger.error(
            "The client secret of institution %s cannot be read: SECRET_KEY has changed. The "
            "secretariat has to enter it again.",
            identity.institution_id,
        )
        secret = ""
    return SocialApp(
        provider=InstitutionProvider.id,
        provider_id=str(identity.institution_id),
        name=str(identity.institution_id),
        client_id=identity.client_id,
        secret=secret,
    )
