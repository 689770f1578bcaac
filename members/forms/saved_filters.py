from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.enums_lists import Listing
from members.forms.applications import NeutralLineField
from members.forms.audit import AuditFilterForm
from members.forms.lists import ListForm, PeopleListForm, QueueListForm

LIST_FORMS: dict[str, type[ListForm | AuditFilterForm]] = {
    Listing.PEOPLE: PeopleListForm,
    Listing.APPLICATIONS: QueueListForm,
    Listing.AUDIT: AuditFilterForm,
}


def tidied(listing: str, query: str) -> str:
    """Of the end of an address, what the list understands."""
    return LIST_FORMS[listing](QueryDict(query)).query


class FilterNameForm(forms.Form):
    """What a filter is called, and whose it is."""

    name = NeutralLineField(
        label=_("Name of the filter"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    is_shared = forms.BooleanField(
        label=_("shared with the colleagues of the secretariat"),
        help_text=_("Words that are looked for may be a name: they are not shared."),
        required=False,
    )


class SaveFilterForm(FilterNameForm):
    """Keep what narrows a list now."""

    listing = forms.ChoiceField(choices=Listing.choices, widget=forms.HiddenInput)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "listing" in data and "query" in data:
            data["query"] = tidied(data["listing"], data["query"])
        return data
