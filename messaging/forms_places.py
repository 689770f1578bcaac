"""What is typed to go somewhere in a room."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.forms import DayField


class DayForm(forms.Form):
    """A day of a room, in the reader's time zone."""

    day = DayField(label=_("Go to a day"), error_messages={"required": _("Choose a day.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
