"""Checking of what is kept while it is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Mandate
from messaging.forms import MAX_BODY
from messaging.permissions import RoomAccess
from records.text import has_surrogates, neutral


class DraftForm(forms.Form):
    """What stands in the composer. It may be anything that could be typed there, or nothing."""

    body = forms.CharField(max_length=MAX_BODY, required=False, strip=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    mandate = forms.IntegerField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, access: RoomAccess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandates = {seat.mandate.pk: seat.mandate for seat in access.writing}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if has_surrogates(body):
            raise forms.ValidationError(_("The text has a character that is not valid."))
        return neutral(body) if body.strip() else ""

    def clean_mandate(self) -> Mandate | None:
        return self.mandates.get(self.cleaned_data["mandate"] or 0)


class SentDraftForm(forms.Form):
    """Which draft a message that was sent by the form itself was made of."""

    body = forms.CharField(required=False, strip=False)
    draft_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def sent(self) -> dict[str, Any]:
        """What `forget_draft` wants to know, out of whatever was posted."""
        self.is_valid()
        data = self.cleaned_data
        return {"body": data.get("body", ""), "version": data.get("draft_version")}
