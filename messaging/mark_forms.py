"""Checking of marks on messages, over HTTP and over the socket alike."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.enums import ReactionKind

_LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # of a browser's field, in the reader's zone


class ReactionForm(forms.Form):
    """Which reaction, whether it is to be there, and perhaps by which mandate."""

    kind = forms.ChoiceField(
        choices=ReactionKind,
        error_messages={
            "required": _("There is no such reaction."),
            "invalid_choice": _("There is no such reaction."),  # Django's repeats what was sent
        },
    )
    on = forms.BooleanField(required=False)
    mandate = forms.IntegerField(required=False, min_value=1, max_value=2**53)


class PinForm(forms.Form):
    on = forms.BooleanField(required=False)


class MomentField(forms.DateTimeField):
    """Over the socket anything may come, and Django's field takes texts alone."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value if value is None else str(value))


class AskForm(forms.Form):
    """By when a message is to be acknowledged, if that matters."""

    until = MomentField(
        label=_("Deadline (optional)"),
        required=False,
        input_formats=_LOCAL,
        widget=forms.DateTimeInput(format=_LOCAL[0], attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if zone:
            self.fields["until"].help_text = _("In your time zone, %(zone)s.") % {"zone": zone}

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until and not timezone.now() < until:
            raise forms.ValidationError(_("Say a time that is still to come."))
        if until and until.year > 2999:
            raise forms.ValidationError(_("Say a year before 3000."))
        return until


class AcknowledgeForm(forms.Form):
    """By which mandate, of those that may answer: it says for which delegation."""

    mandate = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, mandates: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mandate"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(mandate, "") for mandate in mandates]
