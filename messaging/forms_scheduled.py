"""Checking of when a message is to be sent."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms import MAX_BODY, clean_body
from messaging.zones import LocalTimeField

SOONEST, LATEST = timedelta(minutes=1), timedelta(days=366)


def due_field() -> LocalTimeField:
    return LocalTimeField(
        label=_("When"),
        soonest=SOONEST,
        latest=LATEST,
        error_messages={"required": _("Say when.")},
    )


class LaterForm(forms.Form):
    """When what stands in the composer is to be sent."""

    due_at = due_field()


class ScheduledForm(forms.Form):
    """Another text or time for a message that waits; with files it may have no text."""

    body = forms.CharField(
        label=_("Message"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": MAX_BODY}),
        error_messages={"required": _("Write something first.")},
    )
    due_at = due_field()

    def __init__(self, *args: Any, has_files: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_files = has_files
        self.fields["body"].required = not has_files

    def clean_body(self) -> str:
        return clean_body(self.cleaned_data["body"], may_be_empty=self.has_files)
