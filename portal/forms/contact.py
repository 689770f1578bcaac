"""The form of the contact page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.people import PersonNameField
from records.text import neutral


class ContactForm(forms.Form):
    """A message to the secretariat, from anybody."""

    name = PersonNameField()
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
        help_text=_("The secretariat answers to this address."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=150)
    body = forms.CharField(
        label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    # People do not see this field; what fills in every field of a page does.
    leave_empty = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_subject(self) -> str:
        return " ".join(neutral(self.cleaned_data["subject"]).split())

    def clean_body(self) -> str:
        return neutral(self.cleaned_data["body"])

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "leave_empty"]

    @property
    def is_by_a_machine(self) -> bool:
        return bool(self.cleaned_data["leave_empty"])

    def message(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("name", "email", "subject", "body")}
