"""What is prepared for a decision."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.application_changes import Change
from members.forms.applications import NeutralTextField
from members.models import DecisionTerms, network_today
from records.forms import DayField, VersionField
from records.reading import written_date


class TermsForm(forms.Form):
    """What the applicant is told, whichever way it is decided. `defers`: the second button."""

    conditions = NeutralTextField(
        label=_("If it is deferred: on which conditions"),
        required=False,
        max_length=5000,
        rows=3,
    )
    reasons = NeutralTextField(
        label=_("If it is declined: for which reasons"), required=False, max_length=5000, rows=3
    )
    not_before = DayField(
        label=_("If it is declined: the earliest day to try again"), required=False
    )
    seen = VersionField()

    def __init__(self, *args: Any, terms: DecisionTerms | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"seen": terms.version if terms else 0}
        if terms:
            initial |= {
                name: getattr(terms, name) for name in ("conditions", "reasons", "not_before")
            }
        super().__init__(*args, **{"initial": initial, **kwargs})

    def changes_to(self, terms: DecisionTerms | None) -> list[Change]:
        """Where what was typed differs from what is kept."""
        found = []
        for name in ("conditions", "reasons", "not_before"):
            kept = getattr(terms, name) if terms else None
            before, after = (
                written_date(value) if isinstance(value, date) else value or ""
                for value in (kept, self.cleaned_data[name])
            )
            found.append(Change(str(self.fields[name].label), before, after))
        return [change for change in found if change.before != change.after]

    @property
    def defers(self) -> bool:
        return self.data.get("then") == "defer"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.defers and not cleaned.get("conditions") and "conditions" not in self.errors:
            self.add_error("conditions", _("Say on which conditions it is deferred."))
        if cleaned.get("not_before") and cleaned["not_before"] <= network_today():
            self.add_error("not_before", _("This day is past already."))
        return cleaned
