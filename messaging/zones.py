"""Times as a person says them: a day and an hour in their own zone, which is always named.

Twice a year a zone's clocks make a jump. An hour that is left out is refused; one that comes twice
means the first of the two.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.zones import NoSuchTime, moment_of, offset_of, zone_of

__all__ = [
    "LocalTimeField",
    "NoSuchTime",
    "comes_twice",
    "in_words",
    "moment_of",
    "offset_of",
    "zone_of",
]
FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def comes_twice(moment: datetime) -> bool:
    """Whether the clocks of the reader's zone show this hour twice on that day."""
    zone = timezone.get_current_timezone()
    local = moment.astimezone(zone).replace(tzinfo=None)
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) > 1


def in_words(moment: datetime) -> str:
    """Day, hour and zone, for a sentence."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y')} · {date_format(local, 'H:i')} ({zone_of(moment)})"


def _zone() -> str:
    return _("In your time zone: %(zone)s.") % {"zone": zone_of(timezone.now())}


_zone_said = lazy(_zone, str)  # when the field is shown: by then the offset may be another


class LocalTimeField(forms.DateTimeField):
    """A moment, said in the reader's zone; between `soonest` and `latest` from now."""

    widget = forms.DateTimeInput(format=FORMATS[0], attrs={"type": "datetime-local"})
    default_error_messages = {"invalid": gettext_lazy("Give a day and an hour.")}

    def __init__(self, *, soonest: timedelta, latest: timedelta, **kwargs: Any) -> None:
        self.soonest, self.latest = soonest, latest
        super().__init__(**{"input_formats": FORMATS, "help_text": _zone_said(), **kwargs})

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        now = timezone.localtime()
        for name, moment in (("min", now + self.soonest), ("max", now + self.latest)):
            self.widget.attrs[name] = moment.strftime(FORMATS[0])
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        for form in FORMATS:
            try:
                local = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007  made aware below
            except ValueError:
                continue
            return self._moment(local)
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def _moment(self, local: datetime) -> datetime:
        zone = timezone.get_current_timezone()
        try:
            moment = moment_of(local, zone)
        except NoSuchTime as error:
            said = _("On that day the clocks of %(zone)s go forward and leave this hour out.")
            raise ValidationError(said % {"zone": timezone.get_current_timezone_name()}) from error
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        now = timezone.now()
        if moment < now + self.soonest - timedelta(seconds=30):  # typed in this very minute
            raise ValidationError(_("This hour has passed, or is less than a minute away."))
        if moment > now + self.latest:
            raise ValidationError(_("That is more than a year away."))
        return moment
