"""What is typed to go somewhere in a room."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day, as browsers send it."""

    default_error_messages = {
        "invalid": _("This is not a day. Write it as year-month-day, for example 2026-03-01."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class DayForm(forms.Form):
    """A day of a room, in the reader's time zone."""

    day = DayField(label=_("Go to a day"), error_messages={"required": _("Choose a day.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
