"""allauth's forms of codes of the second factor, with our count of wrong ones."""

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as theirs

from members.guessing import count_code
from members.http import BROWSER_COOKIE
from members.throttle import give_back


class _Counted:
    def clean_code(self) -> str:
        counted = count_code(
            self.user,  # type: ignore[attr-defined]
            self.cleaned_data["code"],  # type: ignore[attr-defined]
            origin=get_adapter().get_client_ip(context.request),
            token=context.request.COOKIES.get(BROWSER_COOKIE, ""),
        )
        code = str(super().clean_code())  # type: ignore[misc]
        give_back(counted)
        return code


class SignInWithCodeForm(_Counted, theirs.AuthenticateForm):  # type: ignore[misc]  # no types
    pass


class ConfirmWithCodeForm(_Counted, theirs.ReauthenticateForm):  # type: ignore[misc]
    pass
