"""Days from which and until which people hold mandates, in the zone of who settles them."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import Capacity
from members.forms.people import InviteForm
from members.models import Mandate, end_of
from records.forms import DayField

LAST_DAY = date(2199, 12, 31)


class ComingDayField(DayField):
    """A day that is not over yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[MaxValueValidator(LAST_DAY)], **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < timezone.localdate():
            raise ValidationError(_("This day is over."), code="over")


class DatedInviteForm(InviteForm):
    """Whom to invite, and for which time."""

    starts_on = ComingDayField(
        label=_("First day of the mandate"),
        required=False,
        help_text=_("Without one, it begins when they accept."),
    )
    ends_on = ComingDayField(label=_("Last day of the mandate"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if last and data.get("capacity") == Capacity.SECRETARIAT:
            self.add_error(
                "ends_on",
                _("A mandate of the secretariat has no last day set before: it is ended by hand."),
            )
        elif first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data


class EndMandateForm(forms.Form):
    """When a mandate ends: now, or when a day to come is over."""

    NOW, LATER, NEVER = "now", "later", "never"

    CHOICES: ClassVar = [(NOW, _("now")), (LATER, _("at the end of a day"))]

    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        initial=NOW,
    )
    ends_on = ComingDayField(label=_("Last day of the mandate"), required=False)

    def __init__(self, *args: Any, ending: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ending = ending
        if ending.capacity == Capacity.SECRETARIAT:  # no date that passes may close the office
            del self.fields["when"], self.fields["ends_on"]
        elif last := ending.last_moment:
            self.initial["ends_on"] = timezone.localdate(last)
            when = self.fields["when"]
            assert isinstance(when, forms.ChoiceField)  # noqa: S101  for the type checker
            when.choices = [*self.CHOICES, (self.NEVER, _("not by itself: take the last day off"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") != self.LATER:
            self.errors.pop("ends_on", None)  # whatever stands there, it is not asked for
        elif "ends_on" in data and not data["ends_on"]:
            self.add_error("ends_on", _("Say on which day."))
        elif data.get("ends_on") and self._end(data["ends_on"]) <= self.ending.starts_at:
            self.add_error("ends_on", _("The mandate has not begun by then."))
        return data

    def at(self) -> datetime | None:
        """When it ends; None for now."""
        later = self.cleaned_data.get("when") == self.LATER
        return self._end(self.cleaned_data["ends_on"]) if later else None

    @property
    def takes_end_off(self) -> bool:
        return bool(self.cleaned_data.get("when") == self.NEVER)

    @staticmethod
    def _end(day: date) -> datetime:
        return end_of(day, timezone.get_current_timezone())


class LastDayForm(EndMandateForm):
    """Until when a mandate goes on: a day to come, or no last day. Not one of the secretariat."""

    CHOICES: ClassVar = [(EndMandateForm.LATER, _("until the end of a day"))]

    def __init__(self, *args: Any, ending: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, ending=ending, **kwargs)
        when = self.fields["when"]
        assert isinstance(when, forms.ChoiceField)  # noqa: S101  for the type checker
        when.label = _("Until when does it run?")
        when.choices = [*self.CHOICES, (self.NEVER, _("without a last day"))]
        self.initial["when"] = self.LATER
