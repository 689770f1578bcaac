"""allauth's forms of passkeys in our words. The ceremony itself is in `portal/js/passkeys.js`."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as theirs
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.text import neutral

NAME_LENGTH = 60
NOT_ACCEPTED = _("This passkey was not accepted. Try again, or use another way.")
# What is posted is a stranger's, and the libraries say no to it in as many ways.
_NO = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


def _credential_field() -> forms.JSONField:
    return forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": NOT_ACCEPTED, "invalid": NOT_ACCEPTED},
    )


@contextmanager
def _said_in_our_words() -> Iterator[None]:
    """Of a refused passkey allauth says “incorrect code”, or nothing: it breaks."""
    try:
        yield
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "incorrect_code":
            raise
        raise ValidationError(NOT_ACCEPTED, code="incorrect_code") from refusal
    except _NO as refusal:
        raise ValidationError(NOT_ACCEPTED, code="incorrect_code") from refusal


def _name_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("By which you recognise the device later: office computer, phone, key ring."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "auto", "maxlength": NAME_LENGTH}
        ),
        **kwargs,
    )


class AddPasskeyForm(theirs.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """When it is posted the device has made the passkey: nothing about its name is refused."""

    name = _name_field(required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        help_text=_("The device then asks for your fingerprint, your face or its own PIN."),
        required=False,
        initial=True,
    )
    credential = _credential_field()
    field_order = ("name", "passwordless")

    def clean_name(self) -> str:
        self.cleaned_data["name"] = _one_line(self.cleaned_data["name"])[:NAME_LENGTH]
        return str(super().clean_name())

    def clean(self) -> dict[str, Any]:
        with _said_in_our_words():
            return super().clean()  # type: ignore[no-any-return]


class EditPasskeyForm(theirs.EditWebAuthnForm):  # type: ignore[misc]
    name = _name_field(required=True, max_length=NAME_LENGTH)

    def clean_name(self) -> str:
        name = _one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give it a name."), code="required")
        return name


class _Proof:
    def clean_credential(self) -> Authenticator:
        with _said_in_our_words():
            return super().clean_credential()  # type: ignore[misc]


class SignInWithPasskeyForm(_Proof, theirs.LoginWebAuthnForm):  # type: ignore[misc]
    credential = _credential_field()


class ProvePasskeyForm(_Proof, theirs.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = _credential_field()


class ConfirmWithPasskeyForm(_Proof, theirs.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = _credential_field()


def _one_line(text: str) -> str:
    return " ".join(neutral(text).split())
