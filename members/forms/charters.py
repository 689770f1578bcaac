"""What the secretariat writes to an institution that was admitted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.applications import NeutralTextField
from records.forms import StoredFileField, VersionField

PDF = {"application/pdf": ("pdf",)}


class SendCharterForm(forms.Form):
    file = StoredFileField(
        kinds=PDF,
        label=_("The charter, as a PDF"),
        required=False,
        help_text=_("Without a file, the charter that was sent last is sent again."),
    )


class RefuseCharterForm(forms.Form):
    reason = NeutralTextField(
        label=_("What is not in order"),
        help_text=_("The applicant gets this text by e-mail, as you write it."),
        max_length=2000,
        rows=3,
    )


class WelcomeForm(forms.Form):
    words = NeutralTextField(
        label=_("Words of welcome"),
        help_text=_("The contact gets this text by e-mail, as you write it."),
        max_length=5000,
        rows=4,
    )


class StepForm(forms.Form):
    met = forms.ChoiceField(choices=[("yes", _("met")), ("no", _("not met"))])
    seen = VersionField(max_value=2**63 - 1)
