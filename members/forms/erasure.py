from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """That the person knows what they do."""

    understood = forms.BooleanField(
        label=_("I have read what goes and what stays, and that there is no way back."),
        error_messages={"required": _("Say that you have read it: there is no way back.")},
    )
