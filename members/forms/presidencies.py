"""Checking of a term of the presidency from before the portal."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Institution, Presidency, network_today
from records.forms import DayField

EARLIEST = date(1900, 1, 1)


class TermForm(forms.Form):
    """Who presided, and from which day to which; `seen` where a term is corrected."""

    institution = forms.ChoiceField(label=_("Institution"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The next term begins on the day after."))
    interim = forms.BooleanField(label=_("ad interim"), required=False)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, term: Presidency | None = None, **kwargs: Any) -> None:
        if term:
            kwargs["initial"] = self.initial_of(term)
        super().__init__(*args, **kwargs)
        self.found = {str(each.pk): each for each in Institution.objects.public_in_order()}
        chosen = self.fields["institution"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  for the type checker
        chosen.choices = [("", _("Choose…")), *((pk, i.name.text) for pk, i in self.found.items())]

    @staticmethod
    def initial_of(term: Presidency) -> dict[str, Any]:
        return {
            "institution": str(term.institution_id),
            "starts_on": term.starts_on,
            "ends_on": term.ends_on,
            "interim": term.interim,
            "seen": term.mark,
        }

    def clean_institution(self) -> Institution:
        return self.found[self.cleaned_data["institution"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and first < EARLIEST:
            self.add_error("starts_on", _("This day lies too far back."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if last and last >= network_today():
            self.add_error("ends_on", _("Enter a term once it is over."))
        return cleaned

    def term(self) -> dict[str, Any]:
        """As the actions ask."""
        return {k: v for k, v in self.cleaned_data.items() if k != "seen"}


class SeenForm(forms.Form):
    """The term as it was shown to who takes it out."""

    seen = forms.CharField(max_length=200, widget=forms.HiddenInput)
