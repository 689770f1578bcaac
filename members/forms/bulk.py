"""Which rows an act is done to, and what it needs to know."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.bulk import MOST_ROWS
from members.enums_lists import BulkAct
from members.forms.applications import NeutralTextField
from members.forms.mandates import ComingDayField
from members.models import end_of

_ROW = re.compile(r"(\d{1,18})(?::([0-9a-z_:.+T-]{1,40}))?")


class ChosenForm(forms.Form):
    """The act, and the rows: each as its number, or, once looked at, "number:how it stood"."""

    act = forms.ChoiceField()
    step = forms.ChoiceField(choices=[("look", ""), ("do", "")], required=False)
    back = forms.CharField(max_length=1000, required=False)

    def __init__(self, data: QueryDict, *, acts: list[BulkAct]) -> None:
        super().__init__(data)
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)  # noqa: S101  for the type checker
        act.choices = [(each.value, each.label) for each in acts]
        found = [_ROW.fullmatch(value) for value in data.getlist("row")]
        self.rows = {int(m[1]): m[2] or "" for m in found if m}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.rows:
            raise forms.ValidationError(_("Choose at least one row."), code="none")
        if len(self.rows) > MOST_ROWS:
            raise forms.ValidationError(_("These are too many rows at once."), code="many")
        return data

    @property
    def does(self) -> bool:
        return bool(self.cleaned_data["step"] == "do")

    @property
    def refusal(self) -> str:
        return str(next(iter(self.non_field_errors()), _("Choose what is to be done.")))


class EndSeveralForm(forms.Form):
    """When the mandates end, and why."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("When do they end?"),
        choices=[(NOW, _("now")), (LATER, _("at the end of a day"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    ends_on = ComingDayField(label=_("Last day of the mandates"), required=False)
    reason = NeutralTextField(
        label=_("Reason"),
        max_length=500,
        rows=2,
        help_text=_("It stands in the audit log with each mandate."),
    )
    looked = forms.CharField(required=False, widget=forms.HiddenInput)  # at which day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") != self.LATER:
            self.errors.pop("ends_on", None)  # whatever stands there, it is not asked for
        elif "ends_on" in data and not data["ends_on"]:
            self.add_error("ends_on", _("Say on which day."))
        return data

    @property
    def at(self) -> datetime | None:
        """When they end; None for now, or where no day can be read."""
        data = getattr(self, "cleaned_data", {})
        day = data.get("ends_on") if data.get("when") == self.LATER else None
        return end_of(day, timezone.get_current_timezone()) if day else None

    @property
    def looks_at(self) -> str:
        """The day whose fates are shown: what was looked at before is another's."""
        return self.at.isoformat() if self.at else self.NOW

    @property
    def was_looked_at(self) -> bool:
        return bool(self.cleaned_data.get("looked") == self.looks_at)
