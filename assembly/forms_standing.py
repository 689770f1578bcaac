"""What narrows and orders the standing monitor, and what asks for a notice."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.monitor import Standing
from members.countries import alphabetical, country_name
from members.enums_standing import MonitorOrder, NoticeSubject
from members.forms.lists import ListForm
from records.folding import fold, holds

ANYTHING = "any"
_KEYS: dict[str, Callable[[Standing], Any]] = {
    MonitorOrder.NAME: lambda each: alphabetical(each.institution.name.text),
    MonitorOrder.COUNTRY: lambda each: alphabetical(country_name(each.institution.country).text),
    MonitorOrder.ABSENCES: lambda each: (-each.in_a_row, each.attended),
    MonitorOrder.DUES: lambda each: (-len(each.overdue), -len(each.dues)),
    MonitorOrder.MANDATES: lambda each: (
        not each.mandates,
        [mandate.ends_at for mandate in each.mandates[:1]],
    ),
    MonitorOrder.PROFILE: lambda each: each.profile_since,
}


class MonitorForm(ListForm):
    q = forms.CharField(
        label=_("Name, acronym or country"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"}),
    )
    wants = forms.ChoiceField(
        label=_("Wants attention"),
        required=False,
        choices=[("", _("all members")), (ANYTHING, _("for anything")), *NoticeSubject.choices],
    )
    order = forms.ChoiceField(label=_("Order"), required=False, choices=MonitorOrder.choices)
    always = ("order",)

    def found(self, lines: list[Standing]) -> list[Standing]:
        """Those of `lines` that fit, in the order that was chosen."""
        words, wants = fold(self.chosen("q")), self.chosen("wants")
        shown = [
            each
            for each in lines
            if holds(each.institution.search_text, words)
            and (not wants or (wants in each.wants if wants != ANYTHING else each.wants))
        ]
        key = _KEYS.get(self.chosen("order"))
        return sorted(shown, key=key) if key else shown


class SubjectForm(forms.Form):
    subject = forms.ChoiceField(choices=NoticeSubject.choices)
