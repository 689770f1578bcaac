"""Forms about persons, their delegations and what the log shows of them."""

from collections import defaultdict
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.enums import Capacity, Digits, Theme
from members.models import Institution, Invitation, Mandate, User
from members.network import languages_for, offered_languages, offered_or_first
from members.permissions.invitations import standing_among
from records.folding import fold
from records.text import neutral


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """All IANA zones with a place, by region: choices of a select."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in sorted(available_timezones()):
        region, separator, place = zone.partition("/")
        if separator and region not in ("Etc", "SystemV", "posix", "right"):
            regions[region].append((zone, place.replace("_", " ").replace("/", " – ")))
    return [("UTC", [("UTC", "UTC")]), *regions.items()]


class PersonNameField(forms.CharField):
    """A name as the person writes it: one line, no stray control characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Name"), "max_length": 150, **kwargs})
        self.widget.attrs.setdefault("autocomplete", "name")
        self.widget.attrs["dir"] = "auto"

    def to_python(self, value: Any) -> str:
        return " ".join(neutral(super().to_python(value) or "").split())


class InviteForm(forms.Form):
    """Whom to invite to a delegation, in one of `capacities`."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    name = PersonNameField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    capacity = forms.ChoiceField(label=_("Capacity"))
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=offered_languages, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, institution: Institution, capacities: list[Capacity], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        capacity = self.fields["capacity"]
        assert isinstance(capacity, forms.ChoiceField)  # noqa: S101  for the type checker
        capacity.choices = [("", "—"), *((c.value, c.label) for c in capacities)]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Refuses what would be a second mandate or a second letter for the same seat."""
        data = super().clean() or {}
        email, capacity = data.get("email"), data.get("capacity")
        if not email or not capacity:
            return data
        if standing_among(Invitation.objects.open().inviting(email, self.institution, capacity)):
            raise ValidationError(
                _("This address is invited already. To send the letter again, use “Send again”.")
            )
        user = User.objects.of_email(email)
        if user and Mandate.objects.unended().held(user, self.institution, capacity).exists():
            raise ValidationError(_("This person holds this capacity already."))
        return data


class AcceptInvitationForm(forms.Form):
    """The account that an invitation makes: name, language, password twice."""

    name = PersonNameField()
    language = forms.ChoiceField(
        label=_("Your language"), choices=offered_languages, widget=forms.RadioSelect
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if not first or not second:
            return data
        if first != second:
            self.add_error("password2", _("The two passwords are not the same."))
            return data
        try:
            validate_password(first, User(email=self.invitation.email))
        except ValidationError as error:
            self.add_error("password1", error)
        return data


class PersonForm(forms.Form):
    """How a person reads."""

    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Dates and times are shown in this zone."),
    )
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("", _("as the device has them")), *Theme.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    digits = forms.ChoiceField(
        label=_("Digits in Arabic"),
        choices=[("", _("as usual in the language (European)")), *Digits.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("What people have written keeps the digits they wrote."),
    )
    shows_hijri = forms.BooleanField(
        label=_("In Arabic, show the Hijri date beside the Gregorian"),
        required=False,
        help_text=_("By the calendar of Umm al-Qura."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101  for the type checker
        language.choices = languages_for(self.initial.get("language", ""))

    @classmethod
    def initial_of(cls, user: User, language: str) -> dict[str, Any]:
        """What the form shows of a person; `language` where they never chose one."""
        kept = {name: getattr(user, name) for name in cls.base_fields}
        return {**kept, "language": user.language or offered_or_first(language)}


class DirectoryFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Find an institution"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto"}),
    )

    def folded(self) -> str:
        """What is sought, comparable to `Institution.search_text`; "" for everything."""
        return fold(self.cleaned_data["q"]) if self.is_valid() else ""
