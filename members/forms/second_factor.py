"""allauth's forms of passkeys in our words. The ceremony itself is in `portal/js/passkeys.js`."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as theirs
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.text import neutral

NAME_LENGTH = 60


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
    field_order = ("name", "passwordless")

    def clean_name(self) -> str:
        self.cleaned_data["name"] = _one_line(self.cleaned_data["name"])[:NAME_LENGTH]
        return str(super().clean_name())

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()  # type: ignore[no-any-return]
        except ValidationError as refusal:
            raise _of_passkeys(refusal) from refusal


class EditPasskeyForm(theirs.EditWebAuthnForm):  # type: ignore[misc]
    name = _name_field(required=True, max_length=NAME_LENGTH)

    def clean_name(self) -> str:
        name = _one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give it a name."), code="required")
        return name


class _ProofForm:
    """Says of a refused passkey what it was; allauth says “code”."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as refusal:
            raise _of_passkeys(refusal) from refusal


class SignInWithPasskeyForm(_ProofForm, theirs.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ProvePasskeyForm(_ProofForm, theirs.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ConfirmWithPasskeyForm(_ProofForm, theirs.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


def _one_line(text: str) -> str:
    return " ".join(neutral(text).split())


def _of_passkeys(refusal: ValidationError) -> ValidationError:
    if getattr(refusal, "code", "") != "incorrect_code":
        return refusal
    return ValidationError(
        _("This passkey was not accepted. Try again, or use another way."), code="incorrect_code"
    )
