"""allauth's flows, made the network's: by invitation only, in the person's language."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from members.guessing import count_password
from members.http import remember_browser, remember_language
from members.letters import as_html, tongue, written_for
from members.models import User
from members.permissions.identity import vouches_for
from members.tasks_sign_ins import tell_of_refusal
from members.throttle import give_back, within_limit

DAY = 24 * 60 * 60
LETTERS_A_DAY = 5  # to one account, or one address without any
ASKED_BY_ANYBODY = frozenset({"account/email/password_reset_key", "account/email/unknown_account"})
PASSKEY = "mfa_reauthenticate:webauthn"
REAUTHENTICATION = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With the authenticator app or a recovery code"),
    PASSKEY: _("With a passkey"),
    "confirm_through": _("Through your institution"),
    "account_reset_password": _("With a new password, set by a letter to your address"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody registers unasked."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        with translation.override(_language_of(request.user)):
            return reverse("portal:home")

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """To the page that was asked for, in the person's language from now on."""
        language = _language_of(user)
        with translation.override(language):  # of the greeting too
            response: HttpResponse = super().post_login(request, user, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            response["Location"] = translate_url(response.url, language)
        remember_language(response, language)
        if isinstance(user, User):
            remember_browser(request, response, user)
        return response

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Of sign-in and of the proof before a grave act. A right password takes back its own
        count alone, as allauth does: what was guessed before stays counted.
        """
        counted = count_password(self.get_client_ip(request))
        if counted is None:
            raise self.validation_error("too_many_login_attempts")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            give_back(counted)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if not request.user.is_authenticated:  # else it is a proof, and no sign-in
            tell_of_refusal(str(credentials.get("email", "")))

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """In our words, the passkey first: whoever has one may have forgotten the password."""
        methods: list[dict[str, Any]] = [
            {**method, "description": REAUTHENTICATION.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]
        if not methods and isinstance(user, User):  # then allauth asks for nothing
            way = "confirm_through" if vouches_for(user) else "account_reset_password"
            methods = [{"id": way, "description": REAUTHENTICATION[way], "url": reverse(way)}]
        return sorted(methods, key=lambda method: method["id"] != PASSKEY)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """allauth's letters are texts; the HTML beside says their language and direction."""
        said = {"Content-Language": tongue()["language"], **(headers or {})}
        message: EmailMessage = super().render_mail(template_prefix, email, context, said)
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            message.attach_alternative(
                as_html(str(message.subject), str(message.body)), "text/html"
            )
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has the address; the page's for strangers.

        Links are of PUBLIC_ORIGIN, whatever host and port the request said it came to. What anybody
        can have sent to an address is not sent without end. That is not said: the answer is the
        same, and says what holds.
        """
        reader = context.get("user") or User.objects.of_email(email)
        whose = f"account {reader.pk}" if reader else email.strip().lower()
        if template_prefix in ASKED_BY_ANYBODY and not within_limit(
            "asked-letter", whose, limit=LETTERS_A_DAY, seconds=DAY
        ):
            return
        language = _language_of(reader)
        context = {
            key: _public(translate_url(value, language)) if key.endswith("_url") else value
            for key, value in context.items()
        }
        # Said outright, else the letter would greet whoever happens to be signed in.
        context["user"] = reader
        with written_for(reader, language):
            super().send_mail(template_prefix, email, context)


def _language_of(user: Any) -> str:
    return getattr(user, "language", "") or translation.get_language() or ""


def _public(url: str) -> str:
    parts = urlsplit(url)
    return str(settings.PUBLIC_ORIGIN) + urlunsplit(("", "", *parts[2:]))
