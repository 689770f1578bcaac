"""All checking of what a person says about how they want to be told."""

from collections.abc import Iterable
from datetime import time
from typing import Any, cast

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from messaging.enums import Absence, Level, Rhythm
from messaging.models import NotificationSettings, Room
from messaging.push import PushRefused, check_endpoint, is_key_pair
from records.reading import number


def _clock(hour: int) -> Any:
    return lazy(lambda: number(f"{hour:02}:00"), str)()


HOURS = [(hour, _clock(hour)) for hour in range(24)]
_QUIET_HOURS = [("", _("none")), *[(f"{hour:02}:00", written) for hour, written in HOURS]]


class NotificationForm(forms.Form):
    """When a person is told."""

    rhythm = forms.ChoiceField(label=_("E-mails"), choices=Rhythm, widget=forms.RadioSelect)
    absence = forms.TypedChoiceField(
        label=_("Away for a while means"),
        choices=Absence,
        coerce=int,
        help_text=_("Nothing read and no page opened for so long."),
    )
    daily_hour = forms.TypedChoiceField(label=_("Once a day at"), choices=HOURS, coerce=int)
    quiet_from = forms.ChoiceField(label=_("They begin at"), choices=_QUIET_HOURS, required=False)
    quiet_until = forms.ChoiceField(label=_("They end at"), choices=_QUIET_HOURS, required=False)
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Days without notifications"),
        choices=[(day + 1, name) for day, name in WEEKDAYS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def initial_of(cls, settings: NotificationSettings) -> dict[str, Any]:
        hours = {
            name: value.strftime("%H:%M") if (value := getattr(settings, name)) else ""
            for name in ("quiet_from", "quiet_until")
        }
        return {name: getattr(settings, name) for name in cls.base_fields} | hours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begin, end = data.get("quiet_from"), data.get("quiet_until")
        if bool(begin) != bool(end):
            self.add_error("quiet_until", _("Quiet hours need a beginning and an end."))
        elif begin and begin == end:
            self.add_error("quiet_until", _("Quiet hours cannot end when they begin."))
        if len(data.get("quiet_days", ())) == len(WEEKDAYS):
            self.add_error("quiet_days", _("Leave at least one day on which you are told."))
        return data

    def values(self) -> dict[str, Any]:
        """Arguments of `change_notifications`."""
        data = self.cleaned_data
        hours = {
            name: time.fromisoformat(data[name]) if data[name] else None
            for name in ("quiet_from", "quiet_until")
        }
        return {**data, **hours}


class LevelForm(forms.Form):
    """What a person is told about in one room."""

    level = forms.ChoiceField(label=_("Notify me of"), choices=Level)


class LevelsForm(forms.Form):
    """The same for all their rooms: a field `room_3` each."""

    def __init__(self, *args: Any, rooms: Iterable[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for room in rooms:
            self.fields[f"room_{room.pk}"] = forms.ChoiceField(
                label=room.title.text, choices=Level, required=False
            )

    def levels(self) -> dict[int, str]:
        """Arguments of `set_levels`: of the rooms that the form had when it was sent."""
        said = cast(dict[str, str], self.cleaned_data)
        return {int(name.removeprefix("room_")): level for name, level in said.items() if level}


class DeviceForm(forms.Form):
    """What a browser says of itself when it is to be told (Push API)."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=90)
    auth = forms.CharField(max_length=30)

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        try:
            check_endpoint(endpoint)
        except PushRefused as error:
            raise forms.ValidationError(
                _("The push service of this browser is not among those that the portal uses.")
            ) from error
        return endpoint

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not is_key_pair(data["p256dh"], data["auth"]):
            raise forms.ValidationError(_("These are not the keys of a browser."))
        return data


class RemovedDeviceForm(forms.Form):
    """One of the two: the browser names its address, the list of devices their number."""

    endpoint = forms.CharField(max_length=1000, required=False)
    device = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class RestrictionForm(forms.Form):
    is_restricted = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1"
    )
