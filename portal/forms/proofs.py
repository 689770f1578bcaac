"""The form of the page that verifies."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("Transcript"),
        help_text=_("PDF, HTML or JSON, as it was downloaded."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.html,.json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_FILE_SIZE:
            limit = filesizeformat(settings.MAX_FILE_SIZE)
            raise forms.ValidationError(
                _("The file is too large: a transcript has at most %(limit)s.") % {"limit": limit}
            )
        return file
