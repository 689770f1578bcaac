"""All checking of what is to be issued on behalf of a delegation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms import MAX_BODY, MessageForm, clean_body
from messaging.forms_rooms import reason_field


class StatementForm(MessageForm):
    """A statement: a message, with `corrects`, the number of the statement that it puts right."""

    corrects = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"], self.fields["files"]  # of messages alone
        body = self.fields["body"]
        body.label = _("Text of the statement")
        body.widget = forms.Textarea(attrs={"rows": 10, "dir": "auto", "maxlength": MAX_BODY})

    def clean_body(self) -> str:
        return clean_body(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("corrects"):
            cleaned["reply_to"] = None  # a corrigendum answers nothing
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet: that is no fault of who comes from the room."""
        return not str(self["body"].value() or "").strip()


class AboutForm(forms.Form):
    """What a statement is about: the message that it answers, the statement that it puts right."""

    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    corrects = forms.IntegerField(required=False, min_value=1, max_value=2**53)


class ReturnForm(forms.Form):
    reason = reason_field(_("Reason"), _("The author reads it."))
