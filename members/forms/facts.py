"""What the secretariat says an institution is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.enums import InstitutionKind
from members.forms.applications import NeutralLineField, country_field
from members.models import Institution
from records.forms import VersionField


class FactsForm(forms.Form):
    version = VersionField()
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

    @staticmethod
    def initial_of(institution: Institution) -> dict[str, Any]:
        return {**institution.facts(), "version": institution.facts_version}
