"""Checking of what the secretariat enters about members from before the portal."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.enums import InstitutionKind, MembershipClass
from members.forms.applications import (
    InstitutionNamesForm,
    NeutralLineField,
    NeutralTextField,
    country_field,
)
from members.models import network_today
from records.forms import DayField

EARLIEST = date(1800, 1, 1)
MOST_SEEN = 20_000  # characters of marks


class SinceForm(forms.Form):
    """Since when, and what that rests on."""

    since = DayField(label=_("Member since"), help_text=_("Today or a day before."))
    decision = NeutralLineField(
        label=_("Decision that it rests on"),
        required=False,
        max_length=300,
        help_text=_("For example: decision 7/3 of the seventh assembly."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reason = NeutralTextField(
        label=_("Reason"),
        help_text=_("For example: founding member. The institution reads it."),
        max_length=5000,
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].widget.attrs["max"] = network_today().isoformat()

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > network_today():
            raise forms.ValidationError(_("This day lies in the future."))
        if since < EARLIEST:
            raise forms.ValidationError(_("This day lies too far back."))
        return since


class MemberForm(InstitutionNamesForm, SinceForm):
    """An institution that joined before the portal."""

    acronym = NeutralLineField(
        label=_("Acronym"), required=False, max_length=40, widget=forms.TextInput({"dir": "auto"})
    )
    country = country_field(
        required=False, help_text=_("Leave it open for an international organisation.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of institution"),
        required=False,
        choices=[("", "—"), *InstitutionKind.choices],
    )
    membership_class = forms.ChoiceField(
        label=_("Class of membership"), choices=MembershipClass.choices, widget=forms.RadioSelect
    )
    # Marks of what may be the same, as the page has shown it.
    seen = forms.CharField(required=False, max_length=MOST_SEEN, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name.startswith("name_")]
        last = ["membership_class", "since", "decision", "reason"]
        self.order_fields([*names, "acronym", "country", "kind", *last])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = [name for name in self.fields if name.startswith("name_")]
        if not cleaned["institution_names"] and not any(name in self.errors for name in names):
            self.add_error(
                names[0], _("Give the name of the institution in one language at least.")
            )
        return cleaned

    def institution(self) -> dict[str, Any]:
        """As the action asks."""
        said = {name: self.cleaned_data[name] for name in ("acronym", "country", "kind")}
        return {**said, "names": self.cleaned_data["institution_names"]}

    def joining(self) -> dict[str, Any]:
        """What `actions.earlier_members.Joining` takes."""
        named = ("membership_class", "since", "decision", "reason")
        return {name: self.cleaned_data[name] for name in named}

    def marks(self) -> list[str]:
        return str(self.cleaned_data["seen"]).split()
