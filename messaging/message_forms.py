"""Checking of what changes a message, over HTTP and over the socket alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms import MAX_BODY, clean_body
from records.text import has_surrogates, neutral

MAX_REASON = 500  # characters


class EditForm(forms.Form):
    """A message's new text, of which version it is an edit, and the id of this edit."""

    body = forms.CharField(
        label=_("Message"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": MAX_BODY}),
        error_messages={"required": _("Write something first.")},
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean_body(self) -> str:
        return clean_body(self.cleaned_data["body"])


class DeletionForm(forms.Form):
    """Why a message is deleted: whoever deletes another's must say so."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": MAX_REASON}),
        help_text=_("Everybody in the room reads it in the place of the message."),
        error_messages={"required": _("Say why you delete what somebody else wrote.")},
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not is_own

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if has_surrogates(reason):
            raise forms.ValidationError(_("The text has a character that is not valid."))
        reason = neutral(reason).strip()
        if not reason and self.fields["reason"].required:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason
