"""What is typed about an institution's own sign-in, and to get in by it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import IdentityDomain, IdentityProvider, Institution
from members.outside import NotOutsideError, check_address
from records.forms import VersionField

MOST_DOMAINS = 20
_DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
)


def _ltr(**more: str) -> dict[str, str]:
    return {"dir": "ltr", "spellcheck": "false", "autocapitalize": "none", **more}


class IdentityProviderForm(forms.Form):
    issuer = forms.CharField(
        label=_("Address of the provider (issuer)"),
        max_length=300,
        widget=forms.URLInput(attrs=_ltr()),
        help_text=_(
            "As the provider itself writes it, to the letter. What it says of itself is read at "
            "this address, under /.well-known/openid-configuration."
        ),
    )
    client_id = forms.CharField(
        label=_("Client ID"), max_length=190, widget=forms.TextInput(attrs=_ltr(autocomplete="off"))
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs=_ltr(autocomplete="new-password")),
    )
    domains = forms.CharField(
        label=_("E-mail domains of the institution"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs=_ltr(rows="3")),
        help_text=_(
            "One a line, as they stand behind the @. The provider signs in nobody whose address is "
            "of another domain, and a domain is of one institution alone."
        ),
    )
    is_on = forms.BooleanField(
        label=_("People of the institution sign in through it"), required=False
    )
    version = VersionField()

    def __init__(
        self, *args: Any, institution: Institution, kept: IdentityProvider | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"version": 0}
        if kept:
            initial = {
                "issuer": kept.issuer,
                "client_id": kept.client_id,
                "domains": "\n".join(kept.domain_names),
                "is_on": kept.is_on,
                "version": kept.version,
            }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.institution = institution
        secret = self.fields["client_secret"]
        secret.required = kept is None
        secret.help_text = (
            _("One is kept. It is never shown again; leave this empty to keep it.")
            if kept
            else _("From the provider. It is kept sealed, and never shown again.")
        )

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        try:
            check_address(issuer)
        except NotOutsideError as error:
            raise forms.ValidationError(
                _("Give an https address out in the world."), code="not_outside"
            ) from error
        if "?" in issuer or "#" in issuer or "/.well-known/" in issuer:
            raise forms.ValidationError(
                _("Give the address without what is asked of it."), code="no_issuer"
            )
        return issuer

    def clean_domains(self) -> list[str]:
        typed = [
            each.lstrip("@").lower() for each in re.split(r"[\s,;]+", self.cleaned_data["domains"])
        ]
        domains = sorted({each for each in typed if each})
        if len(domains) > MOST_DOMAINS:
            raise forms.ValidationError(_("These are too many."), code="too_many")
        for domain in domains:
            if not _DOMAIN.match(domain):
                raise forms.ValidationError(
                    _("This is no domain: %(domain)s"), params={"domain": domain}, code="no_domain"
                )
        if taken := IdentityDomain.objects.taken(domains, by_others_than=self.institution):
            raise forms.ValidationError(
                _("Bound to another institution already: %(domains)s"),
                params={"domains": ", ".join(taken)},
                code="taken",
            )
        return domains

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_on") and "domains" in cleaned and not cleaned["domains"]:
            self.add_error("domains", _("Bind a domain at least, or leave it off."))
        return cleaned


class AddressForm(forms.Form):
    """Whose provider it is, is read from the address; whether it is known here, nobody is told."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        help_text=_("The one that your institution has given you."),
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
