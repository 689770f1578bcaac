"""allauth's flows, made the network's: by invitation only, in the person's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils import translation

from members.http import remember_language
from members.models import User


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
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whoever has the address; the page's for strangers."""
        language = _language_of(context.get("user") or User.objects.of_email(email))
        context = {
            key: translate_url(value, language) if _is_link(value) else value
            for key, value in context.items()
        }
        with translation.override(language):
            super().send_mail(template_prefix, email, context)


def _language_of(user: Any) -> str:
    return getattr(user, "language", "") or translation.get_language() or ""


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
