"""What an institution says of itself, in one language after another."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.application_parts import official_name_label
from members.enums import SOCIAL_HOSTS, SocialNetwork
from members.forms.applications import NAME_MAX, NeutralLineField
from members.languages import OFFERED, language_choices, language_word
from members.models import Field, Institution, ProfileProposal
from members.models.institutions import PROFILE
from records.folding import fold
from records.forms import PictureField, VersionedForm, VersionField

TEXTS = {  # field -> column
    "name": "names",
    "short_name": "short_names",
    "address": "addresses",
    "description": "descriptions",
}
_TELEPHONE = re.compile(r"\+\d[\d ().-]{4,}\d")


class TelephoneField(NeutralLineField):
    """A number as it is dialled from abroad, in European digits."""

    def clean(self, value: Any) -> str:
        number = fold(super().clean(value))
        if number and not _TELEPHONE.fullmatch(number):
            raise ValidationError(
                _("Write it with the code of the country, as %(example)s."),
                code="telephone",
                params={"example": "\u2066+974 4408 0000\u2069"},
            )
        return number


class SocialField(forms.URLField):
    """The address of an account, which must be at its network."""

    def __init__(self, network: SocialNetwork) -> None:
        super().__init__(label=network.label, required=False, max_length=200, assume_scheme="https")
        self.hosts = SOCIAL_HOSTS[network]

    def clean(self, value: Any) -> str:
        address = str(super().clean(value) or "")
        if not address:
            return ""
        parts = urlsplit(address)
        host = parts.netloc.lower()  # with a port or a name in it, it is none of these
        at_home = any(host == own or host.endswith(f".{own}") for own in self.hosts)
        if parts.scheme != "https" or not at_home or not parts.path.strip("/"):
            raise ValidationError(
                _("The address of the account begins with https://%(host)s/"),
                code="elsewhere",
                params={"host": self.hosts[0]},
            )
        return address


class ProfileForm(VersionedForm):
    """Names, addresses, and a description with a state in each language; and the plain facts."""

    stated = "description"
    proposal = VersionField(required=False)  # the id of what waits or was returned, 0 for nothing

    def __init__(
        self,
        *args: Any,
        institution: Institution,
        fields: list[Field],
        proposal: ProfileProposal | None = None,
        **kwargs: Any,
    ) -> None:
        """`fields`: all of the network's; a retired one is offered to who has it. `proposal`: what
        is written on, instead of what stands.
        """
        self.held = {field.pk for field in institution.fields_of_work.all()}
        kwargs["initial"] = {
            **self.initial_of(proposal.profile if proposal else institution.profile()),
            "version": institution.profile_version,
            "proposal": proposal.pk if proposal else 0,
        }
        super().__init__(*args, **kwargs)
        self.add_texts("name", _("Official name"), max_length=NAME_MAX)
        self.add_texts("short_name", _("Short name"), max_length=100)
        self.add_texts("address", _("Postal address"), long=True, max_length=500)
        self.add_texts("description", _("Description"), long=True, max_length=5000)
        self.with_states()
        for name, field in self.fields.items():
            prefix, _separator, code = name.rpartition("_")
            if prefix == "name":
                field.label = official_name_label(code)
            elif prefix == "address":
                field.widget.attrs["rows"] = 3
            elif prefix == "state":
                field.help_text = _(
                    "A draft is seen by those who write it; everyone reads the final."
                )
        self.add_facts(fields)

    def add_facts(self, fields: list[Field]) -> None:
        retired = pgettext_lazy("field of work", "retired")
        offered = [
            (f.pk, lazystr(f"{f.name.text} ({retired})") if f.is_retired else f.name.text)
            for f in fields
            if not f.is_retired or f.pk in self.held
        ]
        if offered:
            self.fields["work"] = forms.TypedMultipleChoiceField(
                label=_("Fields of work"),
                choices=offered,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        held = self.initial["tongues"]
        self.fields["tongues"] = forms.MultipleChoiceField(
            label=_("Languages of work"),
            choices=[
                *language_choices(),
                *((code, language_word(code)) for code in held if code not in OFFERED),
            ],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["website"] = forms.URLField(
            label=_("Website"), required=False, max_length=200, assume_scheme="https"
        )
        self.fields["telephone"] = TelephoneField(
            label=_("Telephone"),
            required=False,
            max_length=40,
            help_text=_("Everyone reads it. Leave it empty if it is not public."),
            widget=forms.TextInput(attrs={"dir": "ltr", "type": "tel", "autocomplete": "off"}),
        )
        for network in SocialNetwork:
            self.fields[f"social_{network.value}"] = SocialField(network)

    def initial_of(self, said: dict[str, Any]) -> dict[str, Any]:
        """`said`: a profile, as `Institution.profile()` has it."""
        texts = {field: said[column] for field, column in TEXTS.items()}
        texts["state"] = said["description_states"]
        return {
            **{f"{field}_{code}": t for field, said in texts.items() for code, t in said.items()},
            **{f"social_{k}": address for k, address in said["social_accounts"].items()},
            "work": said["fields"],
            "tongues": said["languages"],
            "website": said["website"],
            "telephone": said["telephone"],
        }

    def take_proposal(self, proposal: ProfileProposal | None) -> None:
        """As `take_version`."""
        data: Any = self.data
        typed = data.copy()
        typed["proposal"] = str(proposal.pk if proposal else 0)
        self.data = typed

    def clean(self) -> None:
        super().clean()
        self.require_one("name")

    @property
    def contacts(self) -> list[forms.BoundField]:
        return [self["website"], self["telephone"]]

    @property
    def socials(self) -> list[forms.BoundField]:
        return [self[f"social_{network.value}"] for network in SocialNetwork]

    def said(self) -> dict[str, Any]:
        """What `actions.profiles.change_profile` keeps."""
        data = self.cleaned_data
        accounts = {network.value: data[f"social_{network.value}"] for network in SocialNetwork}
        said = {
            **{column: self.texts(field) for field, column in TEXTS.items()},
            "description_states": self.states("description"),
            "languages": sorted(data["tongues"]),
            "telephone": data["telephone"],
            "website": data["website"],
            "social_accounts": {network: a for network, a in accounts.items() if a},
        }
        # What is kept is what can be written; pictures have a page of their own.
        assert {*said, "pictures"} == set(PROFILE)  # noqa: S101
        return {**said, "fields": sorted(data.get("work", self.held))}


class LogoForm(forms.Form):
    logo = PictureField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, up to 10 MB. It is shown small, on white."),
    )


class VersionForm(forms.Form):
    """The profile that the person has seen."""

    version = VersionField()
