"""Whom to let into an application, and who is to be its contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.people import PersonNameField
from members.models import ApplicationEditor
from members.network import offered_languages
from records.text import neutral

SOMEBODY_ELSE = "other"


class EditorForm(forms.Form):
    """Whom to invite to write an application too."""

    prefix = "editor"

    name = PersonNameField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=offered_languages, widget=forms.RadioSelect
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ContactForm(forms.Form):
    """Who is to be the contact: an editor, or somebody who is invited to be it.

    `needs_reason`: of the secretariat, which does it for a contact who is gone.
    """

    prefix = "contact"

    to = forms.ChoiceField(label=_("New contact person"), widget=forms.RadioSelect)
    name = PersonNameField(
        label=_("Name, of somebody else"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address, of somebody else"),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        required=False,
        choices=offered_languages,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For the audit log; the applicant does not see it."),
    )

    def __init__(
        self,
        *args: Any,
        editors: list[ApplicationEditor],
        needs_reason: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.editors = {str(editor.pk): editor for editor in editors}
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101  for the type checker
        to.choices = [
            *((key, editor.user.name) for key, editor in self.editors.items()),
            (SOMEBODY_ELSE, _("Somebody else, who is invited by e-mail")),
        ]
        if not editors:
            to.initial = SOMEBODY_ELSE
        if not needs_reason:
            del self.fields["reason"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_reason(self) -> str:
        return " ".join(neutral(self.cleaned_data["reason"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("to") == SOMEBODY_ELSE:
            for name in ("name", "email", "language"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, forms.Field.default_error_messages["required"])
        return cleaned

    def chosen(self) -> ApplicationEditor | None:
        """The editor; None for somebody else."""
        return self.editors.get(self.cleaned_data["to"])
